import type { Column } from '../domain/columns.ts';
import { SECOND } from '../domain/units.ts';
import type { RingShape } from './bucket-rings.ts';
import { BucketRings, longer, NOWHERE } from './bucket-rings.ts';

export interface WindowSpans {
  readonly sampleSeconds: number;
  readonly fastWindowSeconds: number;
  readonly slowWindowSeconds: number;
}

export interface WindowShape {
  readonly fast: RingShape;
  readonly slow: RingShape;
}

const FEWEST_FAST_BUCKETS = 3;
const MOST_FAST_BUCKETS = 60;
const SLOW_BUCKETS = 20;

/**
 * A fast bucket is as long as one sampling interval, longer where that would make too many. There is always room for a few
 * samples: a window shorter than that is widened.
 */
export function windowShape({ sampleSeconds, fastWindowSeconds, slowWindowSeconds }: WindowSpans): WindowShape {
  const intervals = Math.round(fastWindowSeconds / sampleSeconds);
  const fastBuckets = Math.min(MOST_FAST_BUCKETS, Math.max(FEWEST_FAST_BUCKETS, intervals));
  const fastBucketMs = SECOND * Math.max(sampleSeconds, fastWindowSeconds / fastBuckets);
  const slowBucketMs = (slowWindowSeconds * SECOND) / SLOW_BUCKETS;
  return {
    fast: { buckets: fastBuckets, bucketMs: fastBucketMs, extremesOf: 'every bucket' },
    slow: { buckets: SLOW_BUCKETS, bucketMs: slowBucketMs, extremesOf: 'full buckets' },
  };
}

const NEVER = Number.NEGATIVE_INFINITY;

/**
 * The fast and the slow window of one metric, one row per entity. Windows are aligned to buckets. A sample counts once:
 * - older than the fast window: late, in neither window;
 * - not newer than the newest sample of its own fast bucket: repeated (or overtaken within one sampling interval, which
 *   cannot be told from it without keeping every sample), in neither window;
 * - anything else counts, in whatever order it comes.
 */
export class Windows {
  readonly fast: BucketRings;
  readonly slow: BucketRings;
  /** Per fast slot, the instant of its newest sample. */
  #slotAtMs = new Float64Array(0);
  #latest = new Float64Array(0);
  #latestAtMs = new Float64Array(0);
  #isTouched = new Uint8Array(0);
  #touched: number[] = [];
  #late = 0;
  #repeated = 0;

  constructor(shape: WindowShape) {
    this.fast = new BucketRings(shape.fast);
    this.slow = new BucketRings(shape.slow);
  }

  get rows(): number {
    return this.#latest.length;
  }

  /** Samples that came too late, and samples that were there already, since the start. */
  get late(): number {
    return this.#late;
  }

  get repeated(): number {
    return this.#repeated;
  }

  get latest(): Column {
    return this.#latest;
  }

  /** Minus infinity where there has been no sample. */
  get latestAtMs(): Column {
    return this.#latestAtMs;
  }

  reserve(rows: number): void {
    if (rows <= this.rows) return;
    const before = this.rows;
    this.fast.reserve(rows);
    this.slow.reserve(rows);
    this.#slotAtMs = longer(this.#slotAtMs, rows * this.fast.shape.buckets);
    this.#latest = longer(this.#latest, rows);
    this.#latestAtMs = longer(this.#latestAtMs, rows).fill(NEVER, before);
    const isTouched = new Uint8Array(rows);
    isTouched.set(this.#isTouched);
    this.#isTouched = isTouched;
  }

  clear(row: number): void {
    this.fast.clear(row);
    this.slow.clear(row);
    this.#latest[row] = 0;
    this.#latestAtMs[row] = NEVER;
  }

  /** False: late or repeated, and not counted. */
  take(row: number, value: number, atMs: number): boolean {
    const slot = this.fast.slotAt(row, atMs);
    if (slot === NOWHERE) {
      this.#late += 1;
      return false;
    }
    if (!this.fast.isEmpty(slot) && atMs <= this.#slotAtMs[slot]!) {
      this.#repeated += 1;
      return false;
    }
    this.#slotAtMs[slot] = atMs;
    this.fast.add(slot, value);
    const slowSlot = this.slow.slotAt(row, atMs);
    if (slowSlot !== NOWHERE) this.slow.add(slowSlot, value);
    if (atMs > this.#latestAtMs[row]!) {
      this.#latestAtMs[row] = atMs;
      this.#latest[row] = value;
    }
    this.#touch(row);
    return true;
  }

  /** Brings the summaries of all rows with new samples up to date. */
  refresh(): void {
    for (const row of this.#touched) {
      this.fast.summarise(row);
      this.slow.summarise(row);
      this.#isTouched[row] = 0;
    }
    this.#touched = [];
  }

  #touch(row: number): void {
    if (this.#isTouched[row] === 1) return;
    this.#isTouched[row] = 1;
    this.#touched.push(row);
  }
}
