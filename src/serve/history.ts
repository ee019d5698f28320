import type { Snapshot } from '../domain/snapshot.ts';
import type { HistoryPoint } from './api.ts';
import { historyPoint } from './views.ts';

export const MOST_POINTS = 600;

/** The last snapshots in a few figures each, so that a page that has just been opened has something to draw. */
export class History {
  readonly #points: HistoryPoint[] = [];

  add(snapshot: Snapshot): void {
    if (this.#points.at(-1)?.atMs === snapshot.atMs) return;
    this.#points.push(historyPoint(snapshot));
    if (this.#points.length > MOST_POINTS) this.#points.shift();
  }

  get points(): readonly HistoryPoint[] {
    return this.#points;
  }
}
