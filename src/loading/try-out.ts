import { Worker } from 'node:worker_threads';
import type { DecideInput } from '../decide/decide.ts';
import { SECOND } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';

/** Long enough for a thread to come up, on a machine that has other things to do. */
const START_DEADLINE_MS = 10 * SECOND;
/** And then for any honest file to load. */
const LOAD_DEADLINE_MS = 3 * SECOND;
/** For any honest policy to decide about a datacenter, and longer for so many VMs more. */
const DECIDE_DEADLINE_MS = 3 * SECOND;
const VMS_PER_SECOND = 10_000;
/** What a policy may take of the heap while it is tried out; a snapshot lies outside of it, in columns. */
const MOST_HEAP_MIB = 1_024;

/** The present situation, without the policies at work: what they compute with cannot be sent to another thread. */
export type PresentSituation = Omit<DecideInput, 'policies'> & { readonly policies?: never };

export interface TryOutWish {
  readonly file: string;
  /** Without one, the file is loaded only: there is nothing yet that it could be tried on. */
  readonly situation?: PresentSituation | undefined;
  /** How long it may take to decide, alone, about that situation, if that is not known from its size. */
  readonly deadlineMs?: number;
  readonly loadDeadlineMs?: number;
}

/** What the other thread is told, and what it answers. */
export type TryOutTask = Pick<TryOutWish, 'file' | 'situation'>;
export type TryOutAnswer =
  | { readonly stage: 'started' }
  | { readonly stage: 'loaded' }
  | { readonly stage: 'ended'; readonly trouble: string };

/**
 * Loads a policy file in a thread of its own and lets it decide, alone, about the present situation: one that throws,
 * loops without end or eats all memory does so there. Gives what is wrong with it, if anything is.
 */
export function tryOut(wish: TryOutWish): Promise<string | undefined> {
  const { file, situation, deadlineMs = deadlineFor(situation), loadDeadlineMs = LOAD_DEADLINE_MS } = wish;
  const worker = start({ file, situation });
  if (typeof worker === 'string') return Promise.resolve(`${file}: ${worker}`);
  return new Promise((resolve) => {
    const end = (trouble: string) => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(trouble === '' ? undefined : `${file}: ${trouble}`);
    };
    const late = (what: string, afterMs: number) =>
      setTimeout(() => end(`${what} within ${spanWords(afterMs)}`), afterMs);
    let timer = late('cannot be tried out: the thread for it does not come up', START_DEADLINE_MS);
    worker.on('message', (answer: TryOutAnswer) => {
      if (answer.stage === 'ended') return end(answer.trouble);
      clearTimeout(timer);
      timer =
        answer.stage === 'started'
          ? late('does not load to its end', loadDeadlineMs)
          : late('does not come to an end on the present situation', deadlineMs);
    });
    worker.on('error', (error) => end(`breaks down when it is tried out: ${error.message}`));
    worker.on('exit', () => end('ends the thread in which it is tried out'));
  });
}

function deadlineFor(situation: PresentSituation | undefined): number {
  const vms = situation?.snapshot.vms.ids.length ?? 0;
  return DECIDE_DEADLINE_MS + (vms / VMS_PER_SECOND) * SECOND;
}

/** The thread, or why there is none: a policy that cannot be tried out is no reason to go down. */
function start(task: TryOutTask): Worker | string {
  try {
    return new Worker(new URL('./try-out-thread.ts', import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MIB },
    });
  } catch (error) {
    return `cannot be tried out: ${error instanceof Error ? error.message : String(error)}`;
  }
}
