import { longer } from './bucket-rings.ts';

const NOT_ABOVE = Number.NaN;

/**
 * Since when the values of each row have been above its limit without a break: one comparison per sample, however long
 * it lasts. A gap is a break, because nobody knows what was in it, and so is a step back: the clock was put back.
 */
export class HeldAbove {
  readonly #mostGapMs: number;
  #limit = new Float64Array(0);
  #sinceMs = new Float64Array(0);
  #newestAtMs = new Float64Array(0);

  constructor(mostGapMs: number) {
    this.#mostGapMs = mostGapMs;
  }

  reserve(rows: number): void {
    const before = this.#limit.length;
    this.#limit = longer(this.#limit, rows).fill(Infinity, before);
    this.#sinceMs = longer(this.#sinceMs, rows).fill(NOT_ABOVE, before);
    this.#newestAtMs = longer(this.#newestAtMs, rows);
  }

  clear(row: number): void {
    this.#limit[row] = Infinity;
    this.#sinceMs[row] = NOT_ABOVE;
  }

  /** A new limit counts from the next sample on. */
  limit(row: number, limit: number): void {
    this.#limit[row] = limit;
  }

  limitOf(row: number): number {
    return this.#limit[row]!;
  }

  take(row: number, value: number, atMs: number): void {
    const gapMs = atMs - this.#newestAtMs[row]!;
    const isBroken = gapMs > this.#mostGapMs || gapMs < 0;
    this.#newestAtMs[row] = atMs;
    if (!(value > this.#limit[row]!)) this.#sinceMs[row] = NOT_ABOVE;
    else if (isBroken || Number.isNaN(this.#sinceMs[row]!)) this.#sinceMs[row] = atMs;
  }

  /** From the first sample above the limit to the newest; zero where the newest is not above. */
  heldMs(row: number): number {
    const sinceMs = this.#sinceMs[row]!;
    return Number.isNaN(sinceMs) ? 0 : this.#newestAtMs[row]! - sinceMs;
  }
}
