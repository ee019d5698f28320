import type { LibvirtSettings } from '../config/libvirt.ts';
import type { DriverSettings } from '../config/settings.ts';
import type { Refusal } from '../domain/rule.ts';
import { createEmbeddedDatacenter } from '../drivers/simulated/embedded-datacenter.ts';
import { openRemoteDatacenter } from '../drivers/simulated/remote-driver.ts';
import { SimulatedDriver } from '../drivers/simulated/simulated-driver.ts';
import type { Clock } from '../ports/clock.ts';
import type { Driver } from '../ports/driver.ts';
import type { Log } from '../ports/log.ts';
import type { Notes } from '../ports/notes.ts';
import { AcceleratedClock, SystemClock } from './clocks.ts';
import { openLibvirt } from './libvirt.ts';

export interface OpenDatacenter {
  readonly driver: Driver;
  readonly clock: Clock;
}

/** A datacenter comes with the clock that it lives by: the embedded one runs ahead of real time. */
export async function openDatacenter(
  settings: DriverSettings,
  log: Log,
  notes: Notes,
): Promise<OpenDatacenter | Pick<Refusal, 'because'>> {
  if (settings.kind === 'libvirt') return openReal(settings, log, notes);
  if (settings.at !== undefined) return openRemoteDatacenter(settings.at);
  const clock = new AcceleratedClock(settings.speed, Date.now());
  const datacenter = createEmbeddedDatacenter(settings, clock.nowMs());
  return 'because' in datacenter ? datacenter : { driver: new SimulatedDriver({ datacenter, clock }), clock };
}

function openReal(settings: LibvirtSettings, log: Log, notes: Notes): OpenDatacenter | Pick<Refusal, 'because'> {
  const clock = new SystemClock();
  const driver = openLibvirt(settings, clock, log, notes);
  return 'because' in driver ? driver : { driver, clock };
}
