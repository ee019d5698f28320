/**
 * Whether every profile comes to rest: after one cycle is carried out, the next one on unchanged load has nothing to do.
 * `node test/bench/settling.ts --cases 1000 --seed 1 --json`
 */
import { decide } from '../../src/decide/decide.ts';
import { afterwards } from '../kit/afterwards.ts';
import { acceptedWords, decideInput, STOCK_POLICIES } from '../kit/deciding.ts';
import { many } from '../kit/fleet.ts';
import { randomSnapshot } from '../kit/random-snapshot.ts';
import { benchArguments } from './arguments.ts';

const { json, ...given } = benchArguments({ cases: 1_000, seed: 1 });

const IDS = STOCK_POLICIES.map(({ policy }) => policy.id);
/** Every policy by itself, every two together, and all. */
const PROFILES = [
  ...IDS.map((id) => [id]),
  ...IDS.flatMap((one, i) => IDS.slice(i + 1).map((other) => [one, other])),
  IDS,
];

const rows = PROFILES.map((ids) => {
  const policies = STOCK_POLICIES.filter(({ policy }) => ids.includes(policy.id));
  const restless: { readonly seed: number; readonly changes: readonly string[] }[] = [];
  for (const seed of many(given.cases, (n) => given.seed + n - 1)) {
    const before = randomSnapshot(seed);
    const after = afterwards(before, decide(decideInput(before, { policies })));
    const changes = acceptedWords(decide(decideInput(after, { policies })));
    if (changes.length > 0) restless.push({ seed, changes });
  }
  return { profile: ids.join(' + '), restless: restless.length, examples: restless.slice(0, 20) };
});
const line = { ...given, restless: rows.reduce((sum, row) => sum + row.restless, 0), rows };
process.stdout.write(json ? `${JSON.stringify(line)}\n` : `${JSON.stringify(line, null, 2)}\n`);
