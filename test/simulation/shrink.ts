import { ALL_FAULTS, type Fault } from './faults/kinds.ts';
import type { Errand } from './lane.ts';
import type { Run } from './run-seed.ts';

/** Leaves out one kind of fault after the other, as long as the same property is still violated. */
export async function shrunk(
  failed: Run,
  without: readonly Fault[],
  live: (errand: Errand) => Promise<Run>,
): Promise<{ readonly run: Run; readonly without: readonly Fault[] }> {
  const property = failed.violations[0]?.property;
  let smallest = failed;
  let left: readonly Fault[] = without;
  for (const fault of ALL_FAULTS) {
    if (failed.counts[`fault ${fault}`] === undefined) continue;
    const tried = [...left, fault];
    const run = await live({ seed: failed.seed, without: tried });
    if (run.violations[0]?.property !== property) continue;
    smallest = run;
    left = tried;
  }
  return { run: smallest, without: left };
}
