import { Worker } from 'node:worker_threads';
import type { Errand } from './lane.ts';
import type { Run } from './run-seed.ts';

const LANE = new URL('./lane.ts', import.meta.url);

/** Lives through all errands on so many threads, and gives their runs in the order in which they end. */
export async function* livedThrough(errands: readonly Errand[], threads: number): AsyncGenerator<Run> {
  const lanes = Array.from({ length: Math.min(threads, errands.length) }, () => new Worker(LANE));
  const ended: Run[] = [];
  let next = 0;
  let wake: () => void = () => undefined;
  let trouble: Error | undefined;
  for (const lane of lanes) {
    const give = () => next < errands.length && lane.postMessage(errands[next++]);
    lane.on('message', (run: Run) => {
      ended.push(run);
      give();
      wake();
    });
    lane.on('error', (error: Error) => {
      trouble = error;
      wake();
    });
    give();
  }
  try {
    for (let given = 0; given < errands.length; ) {
      for (let run = ended.shift(); run !== undefined; run = ended.shift()) {
        given += 1;
        yield run;
      }
      if (trouble !== undefined) throw trouble;
      if (given < errands.length && ended.length === 0) await new Promise<void>((done) => (wake = done));
    }
  } finally {
    await Promise.all(lanes.map((lane) => lane.terminate()));
  }
}
