import { parentPort } from 'node:worker_threads';
import { type Job, runContender } from './run-contender.ts';
import type { ThreadAnswer } from './threads.ts';

const answer = (said: ThreadAnswer) => parentPort?.postMessage(said);

parentPort?.on('message', async (job: Job) => {
  answer({ kind: 'ended', run: await runContender(job, (share) => answer({ kind: 'passed', share })) });
});
