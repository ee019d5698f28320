/**
 * A policy that spreads and one that packs, in one profile on steady load: after how many cycles do they rest?
 * `node test/bench/opposed.ts --cases 400 --seed 1 --minutes 1 --json`; `--minutes 60` lets all rests end between cycles.
 */
import type { Change } from '../../src/domain/change.ts';
import { cyclesOnSteadyLoad } from '../kit/cycles.ts';
import { decideInput, STOCK_POLICIES } from '../kit/deciding.ts';
import { many } from '../kit/fleet.ts';
import { randomSnapshot } from '../kit/random-snapshot.ts';
import { benchArguments } from './arguments.ts';

const { json, ...given } = benchArguments({ cases: 400, seed: 1, minutes: 1, most: 10 });

const OPPOSED = ['load-balance', 'green-consolidation'];
const policies = STOCK_POLICIES.filter(({ policy }) => OPPOSED.includes(policy.id));

const rows = many(given.cases, (n) => given.seed + n - 1).map((seed) => {
  const cycles = cyclesOnSteadyLoad(decideInput(randomSnapshot(seed), { policies }), given.most, given.minutes);
  const isAtRest = cycles.at(-1)!.length === 0;
  return { seed, busy: cycles.filter((changes) => changes.length > 0).length, isAtRest, back: movedTwice(cycles) };
});
const busy = rows.map((row) => row.busy);
const line = {
  bench: 'opposed',
  ...given,
  casesByBusyCycles: Object.fromEntries([...new Set(busy)].sort().map((n) => [n, busy.filter((b) => b === n).length])),
  restlessAfterThree: rows.filter((row) => row.busy > 3 || !row.isAtRest).map(({ seed }) => seed),
  movedTwice: rows.reduce((sum, { back }) => sum + back, 0),
};
process.stdout.write(json ? `${JSON.stringify(line)}\n` : `${JSON.stringify(line, null, 2)}\n`);

/** VMs that were moved in more than one cycle. */
function movedTwice(cycles: readonly (readonly Change[])[]): number {
  const vms = cycles.flatMap((changes) => changes.flatMap((change) => (change.kind === 'move' ? [change.vm] : [])));
  return vms.length - new Set(vms).size;
}
