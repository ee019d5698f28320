import { SECOND } from '../../domain/units.ts';
import { COUNTER_RESET } from '../../ports/samples.ts';

interface Reading {
  readonly count: number;
  readonly atMs: number;
}

/** Processor time is counted in ticks: over a shorter while a single one looks like a burst. */
const LEAST_MS = 100;

/** Counters to rates per second: by name, since the reading before. */
export class Rates {
  #before = new Map<string, Reading>();
  #now = new Map<string, Reading>();

  /** Nothing for a first reading, and for a counter that was not told. */
  of(name: string, count: number | undefined, atMs: number): number | undefined {
    if (count === undefined) return undefined;
    const before = this.#before.get(name);
    this.#now.set(name, { count, atMs });
    if (before === undefined) return undefined;
    if (atMs - before.atMs < LEAST_MS) {
      this.#now.set(name, before);
      return undefined;
    }
    if (count < before.count) return COUNTER_RESET;
    return ((count - before.count) * SECOND) / (atMs - before.atMs);
  }

  /** What was not read this time is forgotten. */
  turn(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }
}
