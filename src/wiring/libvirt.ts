import type { LibvirtSettings } from '../config/libvirt.ts';
import type { Refusal } from '../domain/rule.ts';
import { LibvirtDriver } from '../drivers/libvirt/libvirt-driver.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Notes } from '../ports/notes.ts';
import { remotePowerOf } from './remote-power.ts';

/** Real hosts, and what switches those of them that have a power switch. */
export function openLibvirt(
  settings: LibvirtSettings,
  clock: Clock,
  log: Log,
  notes: Notes,
): LibvirtDriver | Pick<Refusal, 'because'> {
  try {
    const power = remotePowerOf(settings.hosts, clock, notes);
    return LibvirtDriver.open({ settings, clock, log, ...(power && { power }) });
  } catch (error) {
    return { because: error instanceof Error ? error.message : String(error) };
  }
}
