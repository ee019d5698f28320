/**
 * Our engine on the public benchmark of the ROADEF/EURO challenge 2012, machine reassignment.
 * `npm run -s bench:roadef -- --model FILE[.gz] --assignment FILE --seconds 60 --seed 1 --workers 2 --out FILE --json`
 */
import { parseArgs } from 'node:util';
import { type Run, solve } from './solve.ts';

const USAGE =
  'usage: bench:roadef --model FILE[.gz] --assignment FILE [--seconds N] [--seed N] [--workers N] [--out FILE] [--json]';
const MOST_WORKERS = 64;

const wish = readWish();
if (typeof wish === 'string') end(2, wish);
else await run(wish).catch((trouble: Error) => end(1, trouble.message));

async function run({ json, ...wanted }: Run & { readonly json: boolean }): Promise<void> {
  const { firstViolation, ...figures } = await solve(wanted);
  process.stdout.write(json ? `${JSON.stringify(figures)}\n` : `${JSON.stringify(figures, null, 2)}\n`);
  if (firstViolation !== undefined) end(1, `not written: ${firstViolation}`);
}

function readWish(): (Run & { readonly json: boolean }) | string {
  try {
    const { values } = parseArgs({
      options: {
        model: { type: 'string' },
        assignment: { type: 'string' },
        seconds: { type: 'string', default: '60' },
        seed: { type: 'string', default: '1' },
        workers: { type: 'string', default: '2' },
        out: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const { model, assignment, out, json } = values;
    const [seconds, seed, workers] = [Number(values.seconds), Number(values.seed), Number(values.workers)];
    if (model === undefined || assignment === undefined) return USAGE;
    if (!(seconds > 0)) return `--seconds is ${values.seconds}, should be above 0`;
    if (!Number.isInteger(seed) || seed < 0) return `--seed is ${values.seed}, should be a whole number from 0 on`;
    if (!Number.isInteger(workers) || workers < 1 || workers > MOST_WORKERS)
      return `--workers is ${values.workers}, should be a whole number from 1 to ${MOST_WORKERS}`;
    return { model, assignment, seconds, seed, workers, out, json };
  } catch (trouble) {
    return `${(trouble as Error).message}\n${USAGE}`;
  }
}

function end(exitCode: number, sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = exitCode;
}
