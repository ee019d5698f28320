/**
 * Runs benchmarks one after the other and prints one line of JSON for each: all of them, or those that are named.
 * `npm run -s bench`, `npm run -s bench -- decide observe`. For arguments of its own, run a benchmark's file.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const folder = import.meta.dirname;
const NO_BENCHMARKS = ['run.ts', 'arguments.ts', 'direct-bound.ts', 'exact.ts', 'objective.ts', 'small-cases.ts'];
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !NO_BENCHMARKS.includes(file))
  .map((file) => basename(file, '.ts'));
const named = process.argv.slice(2);
const unknown = named.find((name) => !known.includes(name));

if (unknown !== undefined) {
  process.stderr.write(`there is no benchmark "${unknown}"; known: ${known.join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const name of named.length > 0 ? named : known) {
    process.stdout.write(`${name}: `);
    const { status } = spawnSync(process.execPath, [join(folder, `${name}.ts`), '--json'], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}
