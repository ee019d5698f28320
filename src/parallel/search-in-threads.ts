import { Worker } from 'node:worker_threads';
import type { DeepModel, Whole } from '../decide/deep/model.ts';
import type { DeepResult } from '../decide/deep/search.ts';
import { type SharedBoard, sharedBoard } from './board.ts';
import { shared } from './shared.ts';

export interface SearchWish {
  readonly model: DeepModel;
  readonly start: Whole;
  readonly seed: number;
  readonly budgetMs: number;
  readonly workers: number;
}

/** What a thread is told. */
export interface ThreadTask extends Omit<SearchWish, 'workers'> {
  /** Loading a thread counts too. */
  readonly startedAtMs: number;
  readonly board: SharedBoard;
  readonly own: number;
}

/** The best of several searches, and the proposals of all. */
export async function searchInThreads(wish: SearchWish): Promise<DeepResult> {
  const { workers, start, seed, budgetMs } = wish;
  const model = shared(wish.model);
  const board = sharedBoard(workers, model.items);
  const startedAtMs = Date.now();
  const results = await Promise.all(
    Array.from({ length: workers }, (_, own) =>
      inThread({ model, start, seed: seed * workers + own, budgetMs, startedAtMs, board, own }),
    ),
  );
  const best = results.reduce((least, result) => (result.cost < least.cost ? result : least));
  return { ...best, proposals: results.reduce((sum, { proposals }) => sum + proposals, 0) };
}

function inThread(task: ThreadTask): Promise<DeepResult> {
  const worker = new Worker(new URL('./search-thread.ts', import.meta.url), { workerData: task });
  return new Promise((resolve, reject) => {
    worker.on('message', resolve);
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`a search ended with ${code} and no result`)));
  });
}
