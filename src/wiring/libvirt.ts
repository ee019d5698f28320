import type { LibvirtSettings } from '../config/libvirt.ts';
import type { Finding } from '../domain/finding.ts';
import type { Refusal } from '../domain/rule.ts';
import { LibvirtDriver } from '../drivers/libvirt/libvirt-driver.ts';
import { preflight } from '../drivers/libvirt/preflight.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Notes } from '../ports/notes.ts';
import { SystemClock } from './clocks.ts';
import { remotePowerOf } from './remote-power.ts';

/** Nothing is switched, so nothing is to be remembered of it. */
const NO_NOTES: Notes = { write: () => {}, strike: () => {}, all: () => new Map() };

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

/** What would keep Drover from doing its work on these hosts, or why that cannot even be tried. */
export async function examineLibvirt(settings: LibvirtSettings): Promise<Finding[] | string> {
  const clock = new SystemClock();
  try {
    const power = remotePowerOf(settings.hosts, clock, NO_NOTES, 'when asked for');
    const switched = new Set(settings.hosts.filter(({ bmc }) => bmc !== undefined).map(({ id }) => id));
    const findings = await preflight({ settings, clock, switched, ...(power && { power }) });
    await power?.close();
    return findings;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
