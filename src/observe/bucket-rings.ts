import type { Column } from '../domain/columns.ts';
import { SECOND } from '../domain/units.ts';

export interface RingShape {
  readonly buckets: number;
  readonly bucketMs: number;
  /** The newest bucket is still filling: where one sample must not pass for a peak or a low, only the older ones count. */
  readonly extremesOf: 'every bucket' | 'full buckets';
}

export const NOWHERE = -1;

/**
 * One ring of time buckets per row, in columns. A row's ring ends with the bucket of its newest sample, whatever the
 * clock says: how old that is, the trust gate judges. Sums are made anew from the buckets and never subtracted from, so
 * no error builds up.
 */
export class BucketRings {
  readonly shape: RingShape;
  #newest = new Float64Array(0);
  #count = new Uint32Array(0);
  #sum = new Float64Array(0);
  #squares = new Float64Array(0);
  #samples = new Uint32Array(0);
  #mean = new Float64Array(0);
  #deviation = new Float64Array(0);
  #peak = new Float64Array(0);
  #lowest = new Float64Array(0);

  constructor(shape: RingShape) {
    this.shape = shape;
  }

  /** How many samples the row's summary rests on. */
  get samples(): Column {
    return this.#samples;
  }

  get mean(): Column {
    return this.#mean;
  }

  get deviation(): Column {
    return this.#deviation;
  }

  /** Highest mean of a bucket. */
  get peak(): Column {
    return this.#peak;
  }

  /** Lowest mean of a bucket. */
  get lowest(): Column {
    return this.#lowest;
  }

  /** How fast the row's buckets rise, per second: the line through their means by least squares. */
  risePerS(row: number): number {
    const { buckets, bucketMs } = this.shape;
    let n = 0;
    let place = 0;
    let value = 0;
    let both = 0;
    let places = 0;
    for (let age = 0; age < buckets; age++) {
      const slot = row * buckets + ((this.#newest[row]! - age + buckets) % buckets);
      const count = this.#count[slot]!;
      if (count === 0) continue;
      const mean = this.#sum[slot]! / count;
      n += 1;
      place -= age;
      places += age * age;
      value += mean;
      both -= age * mean;
    }
    const spread = n * places - place * place;
    return spread === 0 ? 0 : ((n * both - place * value) / spread) * (SECOND / bucketMs);
  }

  reserve(rows: number): void {
    const slots = rows * this.shape.buckets;
    const before = this.#newest.length;
    this.#newest = longer(this.#newest, rows).fill(-1, before);
    this.#count = longerCounts(this.#count, slots);
    this.#sum = longer(this.#sum, slots);
    this.#squares = longer(this.#squares, slots);
    this.#samples = longerCounts(this.#samples, rows);
    this.#mean = longer(this.#mean, rows);
    this.#deviation = longer(this.#deviation, rows);
    this.#peak = longer(this.#peak, rows);
    this.#lowest = longer(this.#lowest, rows);
  }

  clear(row: number): void {
    const first = row * this.shape.buckets;
    for (let slot = first; slot < first + this.shape.buckets; slot++) this.#empty(slot);
    this.#newest[row] = -1;
    this.summarise(row);
  }

  /** The slot of this instant, after moving the ring on to it where it is newer; NOWHERE when it is older than the ring. */
  slotAt(row: number, atMs: number): number {
    const { buckets, bucketMs } = this.shape;
    const bucket = Math.floor(atMs / bucketMs);
    const ahead = bucket - this.#newest[row]!;
    if (ahead > 0) this.#advance(row, bucket, Math.min(ahead, buckets));
    else if (ahead <= -buckets) return NOWHERE;
    return row * buckets + (bucket % buckets);
  }

  isEmpty(slot: number): boolean {
    return this.#count[slot] === 0;
  }

  add(slot: number, value: number): void {
    this.#count[slot]! += 1;
    this.#sum[slot]! += value;
    this.#squares[slot]! += value * value;
  }

  /** Brings the row's mean, deviation, peak and lowest up to date. */
  summarise(row: number): void {
    const { buckets, extremesOf } = this.shape;
    const filling = extremesOf === 'full buckets' ? this.#newest[row]! % buckets : NOWHERE;
    const first = row * buckets;
    let samples = 0;
    let sum = 0;
    let squares = 0;
    let peak = Number.NEGATIVE_INFINITY;
    let lowest = Infinity;
    for (let b = 0; b < buckets; b++) {
      const count = this.#count[first + b]!;
      if (count === 0) continue;
      const bucketSum = this.#sum[first + b]!;
      samples += count;
      sum += bucketSum;
      squares += this.#squares[first + b]!;
      if (b === filling) continue;
      const bucketMean = bucketSum / count;
      if (bucketMean > peak) peak = bucketMean;
      if (bucketMean < lowest) lowest = bucketMean;
    }
    const mean = samples === 0 ? 0 : sum / samples;
    this.#samples[row] = samples;
    this.#mean[row] = mean;
    this.#deviation[row] = samples === 0 ? 0 : Math.sqrt(Math.max(0, squares / samples - mean * mean));
    this.#peak[row] = lowest > peak ? mean : peak;
    this.#lowest[row] = lowest > peak ? mean : lowest;
  }

  #advance(row: number, bucket: number, steps: number): void {
    const { buckets } = this.shape;
    for (let passed = 0; passed < steps; passed++) this.#empty(row * buckets + ((bucket - passed) % buckets));
    this.#newest[row] = bucket;
  }

  #empty(slot: number): void {
    this.#count[slot] = 0;
    this.#sum[slot] = 0;
    this.#squares[slot] = 0;
  }
}

export function longer(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(length);
  copy.set(column);
  return copy;
}

export function longerCounts(column: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(length);
  copy.set(column);
  return copy;
}
