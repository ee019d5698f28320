import { SECOND } from '../domain/units.ts';
import type { Vm } from '../domain/vm.ts';
import { scale } from './load.ts';
import type { LoadSource } from './load-source.ts';
import { seededRandom, wholeBelow } from './random.ts';

/** What VMs wanted of their own processors, in whole percent, once per interval: a row for each. */
export interface RecordedShares {
  readonly intervalSeconds: number;
  readonly percents: readonly Uint8Array[];
}

/** What a processor of a recorded VM was worth. */
const CORE_MHZ = 2500;
const PER_CENT = 100;

export const recordedHours = ({ intervalSeconds, percents }: RecordedShares): number =>
  ((percents[0]?.length ?? 0) * intervalSeconds) / 3600;

/**
 * Each VM wants what one of the rows says; which, goes by the seed, so that other seeds are other datacenters under the same
 * load. What is not recorded follows the processor. After its end the record begins again.
 */
export function tracedLoads(vms: readonly Vm[], recorded: RecordedShares, startMs: number, seed: number): LoadSource {
  const { intervalSeconds, percents } = recorded;
  const rows = shuffled(percents, seed);
  const most = Float64Array.from(vms, ({ vcpus, demand }) => (vcpus * CORE_MHZ) / demand.cpuMhz);
  return {
    read(atMs, into) {
      const interval = Math.floor((atMs - startMs) / (intervalSeconds * SECOND));
      for (let vm = 0; vm < vms.length; vm++) {
        const row = rows[vm % rows.length]!;
        scale(vms[vm]!, (row[interval % row.length]! / PER_CENT) * most[vm]!, vm, into);
      }
    },
  };
}

/** Each VM wants what was recorded of itself: a share of what its inventory row says. After its end the record begins again. */
export function recordedLoads(vms: readonly Vm[], recorded: RecordedShares, startMs: number): LoadSource {
  const { intervalSeconds, percents } = recorded;
  const stepMs = intervalSeconds * SECOND;
  return {
    read(atMs, into) {
      const interval = Math.floor((atMs - startMs) / stepMs);
      for (let vm = 0; vm < vms.length; vm++) {
        const row = percents[vm]!;
        scale(vms[vm]!, row.length === 0 ? 0 : row[interval % row.length]! / PER_CENT, vm, into);
      }
    },
  };
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  const mixed = [...list];
  for (let left = mixed.length; left > 1; left--) {
    const taken = wholeBelow(random, left);
    [mixed[left - 1], mixed[taken]] = [mixed[taken]!, mixed[left - 1]!];
  }
  return mixed;
}
