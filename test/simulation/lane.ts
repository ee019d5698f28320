/** One of the threads that live through seeds, one after the other. */
import { parentPort } from 'node:worker_threads';
import type { Fault } from './faults/kinds.ts';
import { type Run, runSeed } from './run-seed.ts';

export interface Errand {
  readonly seed: number;
  readonly without: readonly Fault[];
}

const strays: string[] = [];
const stray = (error: unknown) => strays.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
process.on('unhandledRejection', stray);
process.on('uncaughtException', stray);

parentPort?.on('message', async ({ seed, without }: Errand) => {
  const run = await runSeed(seed, { without }).catch((error: unknown) => {
    stray(error);
    return { seed, hash: '', violations: [], tail: [], counts: {} };
  });
  const violations = strays
    .splice(0)
    .map((words) => ({ property: 'nothing is thrown that nobody catches', words, atMs: 0 }));
  parentPort?.postMessage({ ...run, violations: [...run.violations, ...violations] } satisfies Run);
});
