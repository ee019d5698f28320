/**
 * Deterministic simulation testing: `npm run -s simtest -- --seeds 1..1000 [--without FAULT,FAULT] [--threads N] [--json]`.
 * Each seed is a datacenter, a daemon with its journal, and faults; a seed that fails is told with the command that
 * repeats it.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { ALL_FAULTS, type Fault, isFault } from './faults/kinds.ts';
import type { Errand } from './lane.ts';
import { livedThrough } from './pool.ts';
import type { Run } from './run-seed.ts';
import { shrunk } from './shrink.ts';
import { Summary } from './summary.ts';

const FAILED = 1;
const WRONG_USAGE = 2;
/** So many failing seeds are told at length. */
const MOST_TOLD = 3;
const TAIL_LINES = 40;
/** How far it has come is told after so many seeds: long runs may be broken off. */
const TOLD_EVERY = 50;

interface Wanted {
  readonly seeds: readonly number[];
  readonly without: readonly Fault[];
  readonly threads: number;
  readonly json: boolean;
  readonly whole: boolean;
}

const wanted = read();
if (typeof wanted === 'string') {
  process.stderr.write(`simtest: ${wanted}\n`);
  process.exitCode = WRONG_USAGE;
} else process.exitCode = await test(wanted);

function read(): Wanted | string {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1..100' },
      without: { type: 'string', default: '' },
      threads: { type: 'string', default: String(availableParallelism()) },
      json: { type: 'boolean', default: false },
      /** Prints all that happened and not only its end. */
      whole: { type: 'boolean', default: false },
    },
  });
  const [, from, to = from] = /^(\d+)(?:\.\.(\d+))?$/.exec(values.seeds) ?? [];
  const first = Number(from);
  const count = Number(to) - first + 1;
  if (from === undefined || count < 1) return `--seeds is ${values.seeds}, should be a number or a range like 1..1000`;
  const without = values.without.split(',').filter((word) => word !== '');
  const unknown = without.find((word) => !isFault(word));
  if (unknown !== undefined) return `--without names ${unknown}, which is no fault; there are ${ALL_FAULTS.join(', ')}`;
  const threads = Number(values.threads);
  if (!Number.isInteger(threads) || threads < 1) return `--threads is ${values.threads}, should be at least 1`;
  const seeds = Array.from({ length: count }, (_, i) => first + i);
  return { seeds, without: without.filter(isFault), threads, json: values.json, whole: values.whole };
}

async function test({ seeds, without, threads, json, whole }: Wanted): Promise<number> {
  const summary = new Summary();
  const startedAtMs = performance.now();
  const errands = seeds.map((seed) => ({ seed, without }));
  let last: Run | undefined;
  for await (const run of livedThrough(errands, threads)) {
    summary.add(run);
    last = run;
    if (run.violations.length > 0) process.stderr.write(`seed ${run.seed} failed: ${run.violations[0]?.words}\n`);
    if (summary.seeds % TOLD_EVERY === 0) process.stderr.write(`${summary.seeds} of ${seeds.length} seeds\n`);
  }
  const notMet = summary.notMet(without);
  const seconds = Math.round((performance.now() - startedAtMs) / 1_000);
  const failed = summary.failed.sort((a, b) => a.seed - b.seed);
  if (json) tellJson({ seeds: seeds.length, failed, notMet, counts: summary.counts, seconds });
  else {
    process.stdout.write(`${summary.table}\n`);
    for (const run of failed.slice(0, MOST_TOLD)) await tell(run, without, whole);
    const rest = failed.slice(MOST_TOLD).map(({ seed, violations }) => `${seed} (${violations[0]?.property})`);
    if (rest.length > 0) process.stdout.write(`also failed: ${rest.join(', ')}\n`);
    for (const fault of notMet) process.stdout.write(`${fault} was never met\n`);
    if (seeds.length === 1) process.stdout.write(`hash ${last?.hash}\n`);
    process.stdout.write(`${seeds.length - failed.length} of ${seeds.length} seeds passed in ${seconds} s\n`);
  }
  return failed.length + notMet.length > 0 ? FAILED : 0;
}

function tellJson(told: { readonly failed: readonly Run[] } & Readonly<Record<string, unknown>>): void {
  const failed = told.failed.map(({ seed, violations, hash }) => ({ seed, hash, violations }));
  process.stdout.write(`${JSON.stringify({ ...told, failed })}\n`);
}

/** What went wrong, with as few faults as it takes, and how to see it again. */
async function tell(failed: Run, without: readonly Fault[], whole: boolean): Promise<void> {
  const { run, without: left } = await shrunk(failed, without, live);
  const sentences = run.violations.map(({ property, words }) => `  ${property}: ${words}`);
  const options = left.length === 0 ? '' : ` --without ${left.join(',')}`;
  const tail = run.tail.slice(whole ? 0 : -TAIL_LINES);
  process.stdout.write(
    `seed ${run.seed} failed:\n${sentences.join('\n')}\n${tail.map((line) => `    ${line}`).join('\n')}\n` +
      `  again: npm run -s simtest -- --seeds ${run.seed}${options}\n`,
  );
}

async function live(errand: Errand): Promise<Run> {
  for await (const run of livedThrough([errand], 1)) return run;
  throw new Error(`seed ${errand.seed} was not lived through`);
}
