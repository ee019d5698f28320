import { seededRandom, wholeBelow } from '../../../src/simulator/random.ts';
import { SAMPLES_PER_DAY } from './model.ts';

/** As few and as many VMs as days of this record are known to have. */
const FEWEST_VMS = 898;
const MOST_VMS = 1516;

/**
 * A day that never was: VMs of the given days drawn with replacement in any order, so that each is of another size among
 * other neighbours, and all of them turned by the same span of time.
 */
export function madeUpDay(days: readonly (readonly Uint8Array[])[], seed: number): Uint8Array[] {
  const random = seededRandom(seed);
  const all = days.flat();
  const turn = wholeBelow(random, SAMPLES_PER_DAY);
  const vms = FEWEST_VMS + wholeBelow(random, MOST_VMS - FEWEST_VMS + 1);
  return Array.from({ length: vms }, () => {
    const drawn = all[wholeBelow(random, all.length)]!;
    return Uint8Array.from(drawn, (_, k) => drawn[(k + turn) % SAMPLES_PER_DAY]!);
  });
}
