/**
 * Our engine on the public benchmark of the ROADEF/EURO challenge 2012, machine reassignment.
 * `npm run -s bench:roadef -- --model FILE[.gz] --assignment FILE --seconds 60 --seed 1 --workers 2 --out FILE --json`
 */
import { parseArgs } from 'node:util';
import { compile } from '../../../src/decide/deep/compile.ts';
import { searchInThreads } from '../../../src/parallel/search-in-threads.ts';
import { evaluate } from './evaluate.ts';
import { readInstance, writeAssignment } from './instance.ts';
import { stateOf } from './state.ts';

const USAGE =
  'usage: bench:roadef --model FILE[.gz] --assignment FILE [--seconds N] [--seed N] [--workers N] [--out FILE] [--json]';

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

const { model: modelFile, assignment: assignmentFile, out, json } = values;
const [seconds, seed, workers] = [values.seconds, values.seed, values.workers].map(Number) as [number, number, number];
if (modelFile === undefined || assignmentFile === undefined || !(seconds > 0) || !(workers >= 1) || !(seed >= 0)) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
} else await solve(modelFile, assignmentFile);

async function solve(modelName: string, assignmentName: string): Promise<void> {
  const startedAtMs = Date.now();
  const instance = readInstance(modelName, assignmentName);
  const { model } = compile(stateOf(instance));
  const budgetMs = seconds * 1000 - (Date.now() - startedAtMs);
  const searchedFromMs = Date.now();
  const { hostOf, proposals } = await searchInThreads({ model, start: model.home, seed, budgetMs, workers });
  const tookS = (Date.now() - searchedFromMs) / 1000;
  const { cost, moved, violations } = evaluate(instance, hostOf);
  const line = {
    cost,
    initial: evaluate(instance, instance.initial).cost,
    moved,
    proposalsPerS: Math.round(proposals / tookS),
    violations: violations.length,
    seconds: (Date.now() - startedAtMs) / 1000,
  };
  if (violations.length > 0) {
    process.stderr.write(`not written: ${violations[0]}\n`);
    process.exitCode = 1;
  } else if (out !== undefined) writeAssignment(out, hostOf);
  process.stdout.write(json ? `${JSON.stringify(line)}\n` : `${JSON.stringify(line, null, 2)}\n`);
}
