import type { DriverSettings } from '../config/settings.ts';
import type { Refusal } from '../domain/rule.ts';
import { createEmbeddedDatacenter } from '../drivers/simulated/embedded-datacenter.ts';
import { SimulatedDriver } from '../drivers/simulated/simulated-driver.ts';
import type { Clock } from '../ports/clock.ts';
import type { Driver } from '../ports/driver.ts';
import { AcceleratedClock } from './clocks.ts';

export interface OpenDatacenter {
  readonly driver: Driver;
  readonly clock: Clock;
}

/** A datacenter comes with the clock that it lives by: the embedded one runs ahead of real time. */
export function openDatacenter(settings: DriverSettings): OpenDatacenter | Refusal {
  const clock = new AcceleratedClock(settings.speed, Date.now());
  const datacenter = createEmbeddedDatacenter(settings, clock.nowMs());
  return 'because' in datacenter ? datacenter : { driver: new SimulatedDriver({ datacenter, clock }), clock };
}
