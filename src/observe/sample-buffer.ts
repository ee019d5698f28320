import type { SampleBatch } from '../ports/samples.ts';

/** Rows of a batch, from (inclusive) to (exclusive). */
export interface Slice {
  readonly batch: SampleBatch;
  readonly from: number;
  readonly to: number;
}

/** Batches that wait to be taken in. Full, it drops the oldest, which newer samples supersede, and counts what it drops. */
export class SampleBuffer {
  readonly #mostSamples: number;
  #waiting: SampleBatch[] = [];
  /** Rows of the first waiting batch that were handed out already. */
  #handedOut = 0;
  #samples = 0;
  #dropped = 0;

  constructor(mostSamples: number) {
    this.#mostSamples = mostSamples;
  }

  get samples(): number {
    return this.#samples;
  }

  get dropped(): number {
    return this.#dropped;
  }

  offer(batch: SampleBatch): void {
    if (batch.length === 0) return;
    if (batch.length > this.#mostSamples) {
      this.#dropped += batch.length;
      return;
    }
    while (this.#samples + batch.length > this.#mostSamples) this.#dropped += this.#leave();
    this.#waiting.push(batch);
    this.#samples += batch.length;
  }

  /** The next rows, at most so many; nothing when nothing waits. */
  next(mostRows: number): Slice | undefined {
    const batch = this.#waiting[0];
    if (batch === undefined) return undefined;
    const from = this.#handedOut;
    const to = Math.min(batch.length, from + mostRows);
    if (to === batch.length) {
      this.#leave();
    } else {
      this.#handedOut = to;
      this.#samples -= to - from;
    }
    return { batch, from, to };
  }

  #leave(): number {
    const batch = this.#waiting.shift();
    const rows = batch === undefined ? 0 : batch.length - this.#handedOut;
    this.#samples -= rows;
    this.#handedOut = 0;
    return rows;
  }
}
