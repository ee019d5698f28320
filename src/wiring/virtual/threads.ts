import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Run } from '../../contest/run.ts';
import type { Refusal } from '../../domain/rule.ts';
import { type Job, runContender } from './run-contender.ts';

export type JobEnd = Run | Refusal;

export type ThreadAnswer =
  | { readonly kind: 'passed'; readonly share: number }
  | { readonly kind: 'ended'; readonly run: JobEnd };

/** What of all jobs together is done, from 0 to 1. */
export type Passed = (share: number) => void;

/** Does all jobs, as many at a time as there are processors; ends are in the order of the jobs. */
export async function runJobs(
  jobs: readonly Job[],
  passed: Passed,
  threads = availableParallelism(),
): Promise<JobEnd[]> {
  const shares = jobs.map(() => 0);
  const tell = (job: number) => (share: number) => {
    shares[job] = share;
    passed(shares.reduce((sum, each) => sum + each, 0) / jobs.length);
  };
  if (jobs.length === 1) return [await runContender(jobs[0]!, tell(0))];
  const ends: JobEnd[] = [];
  let next = 0;
  const work = async () => {
    const worker = new Worker(new URL('./thread.ts', import.meta.url));
    try {
      for (let job = next++; job < jobs.length; job = next++) {
        ends[job] = await runIn(worker, jobs[job]!, tell(job));
        tell(job)(1);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, jobs.length) }, work));
  return ends;
}

function runIn(worker: Worker, job: Job, passed: Passed): Promise<JobEnd> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: ThreadAnswer) => {
      if (answer.kind === 'passed') return passed(answer.share);
      worker.off('message', onMessage);
      worker.off('error', reject);
      resolve(answer.run);
    };
    worker.on('message', onMessage);
    worker.on('error', reject);
    worker.postMessage(job);
  });
}
