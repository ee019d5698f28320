import { parentPort, workerData } from 'node:worker_threads';
import { deepSearch } from '../decide/deep/search.ts';
import { boardOf } from './board.ts';
import type { ThreadTask } from './search-in-threads.ts';

const { model, start, seed, budgetMs, startedAtMs, board, own } = workerData as ThreadTask;

const spent = () => (Date.now() - startedAtMs) / budgetMs;
parentPort?.postMessage(deepSearch({ model, start, seed, spent, board: boardOf(board, own) }));
