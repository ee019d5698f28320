import type { Run } from '../contest/run.ts';
import type { Job } from '../wiring/virtual/run-contender.ts';
import { type Ending, type Io, refused, wrong } from './io.ts';
import { progressOn } from './progress.ts';

const whatOf = ({ length }: readonly Job[]) => (length === 1 ? 'simulating' : `simulating ${length} runs`);

/** Does all jobs while a bar says how far they are. */
export async function runAll(jobs: readonly Job[], io: Io, what = whatOf(jobs)): Promise<Run[] | Ending> {
  const { runJobs } = await import('../wiring/virtual/threads.ts');
  const progress = progressOn(io, what);
  const runs: Run[] = [];
  try {
    for (const end of await runJobs(jobs, progress.passed)) {
      if ('because' in end) return end.rule === 'options' ? wrong(`--${end.because}`) : refused(end.because);
      runs.push(end);
    }
  } finally {
    progress.end();
  }
  return runs;
}
