import { longer } from './bucket-rings.ts';

/** A slip from bytes to kilobytes, from MHz to GHz, and the like. */
const LEAST_FACTOR = 1000;
const MOST_FACTOR = 1024;
/** Clearly nearer to the one unit than to the other. */
const MIDWAY = Math.sqrt(LEAST_FACTOR);

const FEWEST_SAMPLES = 5;
const NEWEST_WEIGHT = 0.25;
/** What wavers by more than this share of itself is not steady, and may jump as it likes. */
const MOST_WAVERING = 0.1;
const LEAST_TOLERANCE = 0.03;
const WAVERINGS_TOLERATED = 3;

/**
 * Values that were steady and are a thousand times as large or as small in the next sample: more likely a unit than a
 * load. They count as jumped until they are back near their old level; what lasts longer than patience is taken as true,
 * because somebody may have changed the unit for good, and what is too much is still beyond capacity.
 */
export class UnitJumps {
  readonly #patienceMs: number;
  #level = new Float64Array(0);
  /** Mean distance from the level, as a share of it. */
  #wavering = new Float32Array(0);
  #samples = new Uint8Array(0);
  /** When those rows jumped that now stand elsewhere. */
  readonly #jumpedAtMs = new Map<number, number>();

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  reserve(rows: number): void {
    this.#level = longer(this.#level, rows);
    const wavering = new Float32Array(rows);
    wavering.set(this.#wavering);
    this.#wavering = wavering;
    const samples = new Uint8Array(rows);
    samples.set(this.#samples);
    this.#samples = samples;
  }

  clear(row: number): void {
    this.#samples[row] = 0;
    this.#jumpedAtMs.delete(row);
  }

  isJump(row: number, value: number, atMs: number): boolean {
    if (this.#samples[row]! < FEWEST_SAMPLES) return false;
    const level = this.#level[row]!;
    const factor = value > level ? value / level : level / value;
    const jumpedAtMs = this.#jumpedAtMs.get(row);
    if (jumpedAtMs === undefined) return this.#jumpsNow(row, factor, atMs);
    if (factor > MIDWAY && Number.isFinite(factor) && atMs - jumpedAtMs < this.#patienceMs) return true;
    this.#jumpedAtMs.delete(row);
    if (factor > MIDWAY) this.#samples[row] = 0;
    return false;
  }

  /** A sample that was believed. */
  learn(row: number, value: number): void {
    const samples = this.#samples[row]!;
    if (samples < FEWEST_SAMPLES) this.#samples[row] = samples + 1;
    if (samples === 0) {
      this.#level[row] = value;
      this.#wavering[row] = 0;
      return;
    }
    const level = this.#level[row]!;
    const distance = level > 0 ? Math.abs(value - level) / level : Number(value !== level);
    this.#wavering[row]! += NEWEST_WEIGHT * (distance - this.#wavering[row]!);
    this.#level[row] = level + NEWEST_WEIGHT * (value - level);
  }

  #jumpsNow(row: number, factor: number, atMs: number): boolean {
    const wavering = this.#wavering[row]!;
    const tolerance = 1 + Math.max(LEAST_TOLERANCE, WAVERINGS_TOLERATED * wavering);
    const isUnit = factor >= LEAST_FACTOR / tolerance && factor <= MOST_FACTOR * tolerance;
    if (!isUnit || wavering > MOST_WAVERING) return false;
    this.#jumpedAtMs.set(row, atMs);
    return true;
  }
}
