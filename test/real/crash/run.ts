/** Kills the daemon at random instants: `node test/real/crash/run.ts --kills 500 --seed 1`. */
import { parseArgs } from 'node:util';
import { emptyTally, Lane, type Tally } from './lane.ts';

const MOST_SENTENCES = 20;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    lanes: { type: 'string', default: '2' },
    /** Datacenter seconds per real second: a boot takes about 2 s, a migration 0.2 s. */
    speed: { type: 'string', default: '100' },
  },
});

const [kills, seed, lanes, speed] = [values.kills, values.seed, values.lanes, values.speed].map(Number) as [
  number,
  number,
  number,
  number,
];
const startedAtMs = performance.now();
const tally = emptyTally();
const shares = Array.from({ length: lanes }, (_, lane) => Math.floor((kills + lane) / lanes));
await Promise.all(shares.map((share, lane) => new Lane(seed * 1_000 + lane, speed, lane % 2 === 0, tally).run(share)));
report(tally);
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;

function report({ passed, failed, sentences, ...during }: Tally): void {
  for (const sentence of sentences.slice(0, MOST_SENTENCES)) process.stderr.write(`${sentence}\n`);
  if (sentences.length > MOST_SENTENCES) process.stderr.write(`and ${sentences.length - MOST_SENTENCES} more\n`);
  const seconds = (performance.now() - startedAtMs) / 1_000;
  process.stdout.write(
    `${kills} kills in ${seconds.toFixed(0)} s (seed ${seed}): ${during.duringMigrations} during migrations, ` +
      `${during.duringSwitches} while hosts were switched, ${during.duringDrains} with drains half done; ` +
      `${during.acknowledged} orders of persons acknowledged, ${during.orders} orders at the datacenters\n` +
      `${passed} passed, ${failed} failed\n`,
  );
}
