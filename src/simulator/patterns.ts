import { DAY } from '../domain/units.ts';
import type { Vm } from '../domain/vm.ts';
import { type Day, generateLoads, LOAD_PATTERNS, type LoadPattern, loadsOf, MIXED_LOADS, steadyLoads } from './load.ts';
import type { LoadSource } from './load-source.ts';

/** How the load of a whole datacenter goes. */
export const DATACENTER_PATTERNS = ['mixed', 'diurnal', 'weekly', 'bursty', 'batch', 'storms', 'steady'] as const;
export type DatacenterPattern = (typeof DATACENTER_PATTERNS)[number];

const WEEKEND_SHARE = 0.35;
const STORMS_PER_DAY = 0.25;
/** A Monday. */
const FIRST_MIDNIGHT_MS = 4 * DAY;

const only = (pattern: LoadPattern) => ({ shares: LOAD_PATTERNS.map((each) => Number(each === pattern)) });

/** The load of these VMs over real days, Mondays being Mondays. What each wants is a factor to what its row says. */
export function patternedLoads(vms: readonly Vm[], pattern: DatacenterPattern, seed: number): LoadSource {
  if (pattern === 'steady') return steadyLoads(vms);
  const day: Day = { lengthMs: DAY, midnightMs: FIRST_MIDNIGHT_MS };
  const week: Day = { ...day, weekendShare: WEEKEND_SHARE };
  const made = {
    mixed: () => generateLoads(vms, seed, day),
    diurnal: () => generateLoads(vms, seed, day, only('diurnal')),
    weekly: () => generateLoads(vms, seed, week),
    bursty: () => generateLoads(vms, seed, day, only('bursty')),
    batch: () => generateLoads(vms, seed, day, only('batch')),
    storms: () => generateLoads(vms, seed, day, { ...MIXED_LOADS, stormsPerDay: STORMS_PER_DAY }),
  }[pattern]();
  return loadsOf(vms, made);
}
