import { longer, longerCounts } from './bucket-rings.ts';

/** So many times as long as it ever held still before. */
const BEYOND_HABIT = 4;

/**
 * Values that are the same to the last bit for far longer than they ever were before: a source that repeats itself rather
 * than a load. What has never varied cannot freeze, what used to hold still for long (coarse units, a store that is
 * asked more often than it is filled) is given as much longer, and zero is idleness.
 */
export class FrozenValues {
  readonly #afterSamples: number;
  #value = new Float64Array(0);
  #newestAtMs = new Float64Array(0);
  #run = new Uint32Array(0);
  #longestRun = new Uint32Array(0);
  #changes = new Uint32Array(0);

  constructor(afterSamples: number) {
    this.#afterSamples = afterSamples;
  }

  reserve(rows: number): void {
    this.#value = longer(this.#value, rows);
    this.#newestAtMs = longer(this.#newestAtMs, rows);
    this.#run = longerCounts(this.#run, rows);
    this.#longestRun = longerCounts(this.#longestRun, rows);
    this.#changes = longerCounts(this.#changes, rows);
  }

  clear(row: number): void {
    this.#value[row] = 0;
    this.#newestAtMs[row] = 0;
    this.#run[row] = 0;
    this.#longestRun[row] = 0;
    this.#changes[row] = 0;
  }

  /** Counts the sample, unless one as new was counted before. */
  isFrozen(row: number, value: number, atMs: number): boolean {
    if (atMs > this.#newestAtMs[row]!) this.#count(row, value, atMs);
    const run = this.#run[row]!;
    if (run < this.#afterSamples || value === 0 || value !== this.#value[row]) return false;
    return this.#changes[row]! >= this.#afterSamples && run > BEYOND_HABIT * this.#longestRun[row]!;
  }

  #count(row: number, value: number, atMs: number): void {
    this.#newestAtMs[row] = atMs;
    if (value === this.#value[row]) {
      this.#run[row]! += 1;
      return;
    }
    this.#longestRun[row] = Math.max(this.#longestRun[row]!, this.#run[row]!);
    this.#changes[row]! += 1;
    this.#run[row] = 1;
    this.#value[row] = value;
  }
}
