/**
 * All instances of a folder, one after the other, and how far each ends from the best that is known.
 * `npm run -s bench:roadef:table -- --folder FOLDER --seconds 60 --seed 1 --workers 2 [--only a1_1,b_01] [--json]`
 * The folder holds model_*.txt[.gz], assignment_*.txt[.gz] and best_known.csv.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { solve } from './solve.ts';

interface Known {
  readonly instance: string;
  readonly initial: number;
  readonly best: number;
  readonly winner: number;
}

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '../shared/data/roadef2012' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const { folder, only, json } = values;
const [seconds, seed, workers] = [Number(values.seconds), Number(values.seed), Number(values.workers)];

const rows: Awaited<ReturnType<typeof row>>[] = [];
for (const known of readKnown()) {
  if (only !== undefined && !only.split(',').includes(known.instance)) continue;
  const done = await row(known);
  rows.push(done);
  process.stdout.write(json ? `${JSON.stringify(done)}\n` : `${line(done)}\n`);
}
const sum = (key: 'gapPercent' | 'winnerGapPercent') => rows.reduce((total, each) => total + each[key], 0);
const better = rows.filter(({ cost, winner }) => cost < winner).length;
const total = {
  gapPercent: round(sum('gapPercent')),
  winnerGapPercent: round(sum('winnerGapPercent')),
  instances: rows.length,
  better,
  violations: rows.reduce((count, { violations }) => count + violations, 0),
};
process.stdout.write(
  json
    ? `${JSON.stringify(total)}\n`
    : `sum of gaps ${total.gapPercent} % (winner ${total.winnerGapPercent} %), better on ${better} of ${rows.length}, ${total.violations} violations\n`,
);

async function row({ instance, initial, best, winner }: Known) {
  const { cost, violations, proposalsPerS } = await solve({
    model: file('model', instance),
    assignment: file('assignment', instance),
    ...{ seconds, seed, workers },
  });
  const gap = (of: number) => round(((of - best) / initial) * 100);
  return { instance, cost, winner, gapPercent: gap(cost), winnerGapPercent: gap(winner), violations, proposalsPerS };
}

function line({
  instance,
  cost,
  winner,
  gapPercent,
  winnerGapPercent,
  violations,
  proposalsPerS,
}: (typeof rows)[number]) {
  const parts = [
    instance.padEnd(6),
    String(cost).padStart(12),
    `gap ${gapPercent.toFixed(4).padStart(8)} %`,
    `winner ${winnerGapPercent.toFixed(4).padStart(8)} %`,
    (cost < winner ? 'better' : cost === winner ? 'equal' : 'worse').padEnd(6),
    `${(proposalsPerS / 1e6).toFixed(1)} M/s`,
    `${violations} violations`,
  ];
  return parts.join('  ');
}

function round(percent: number): number {
  return Number(percent.toFixed(5));
}

function file(kind: string, instance: string): string {
  const plain = join(folder, `${kind}_${instance}.txt`);
  return existsSync(plain) ? plain : `${plain}.gz`;
}

function readKnown(): Known[] {
  const [, ...lines] = readFileSync(join(folder, 'best_known.csv'), 'utf8').trim().split('\n');
  return lines.map((text) => {
    const [instance = '', initial, , best, winner] = text.split(',');
    return { instance, initial: Number(initial), best: Number(best), winner: Number(winner) };
  });
}
