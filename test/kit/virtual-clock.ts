/** Time that stands still until a test advances it. */
import type { Clock, Stop } from '../../src/ports/clock.ts';

interface Alarm {
  readonly atMs: number;
  readonly order: number;
  readonly call: () => void;
}

/**
 * Calls come in order of their time, and those of one instant in the order in which they were asked for. Between two calls
 * all promises that can be kept are kept, so that what awaits them has asked for its next call before time goes on.
 */
export class VirtualClock implements Clock {
  #nowMs: number;
  #asked = 0;
  readonly #alarms = new Set<Alarm>();

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, call: () => void): Stop {
    const alarm = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#asked++, call };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** How many calls are still to come: zero shows that nothing was left running. */
  get pending(): number {
    return this.#alarms.size;
  }

  advance(byMs: number): Promise<void> {
    return this.advanceTo(this.#nowMs + byMs);
  }

  async advanceTo(atMs: number): Promise<void> {
    await promisesKept();
    for (let alarm = this.#nextBy(atMs); alarm !== undefined; alarm = this.#nextBy(atMs)) {
      this.#alarms.delete(alarm);
      this.#nowMs = Math.max(this.#nowMs, alarm.atMs);
      alarm.call();
      await promisesKept();
    }
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }

  #nextBy(atMs: number): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (alarm.atMs <= atMs && (first === undefined || isEarlier(alarm, first))) first = alarm;
    }
    return first;
  }
}

function isEarlier(a: Alarm, b: Alarm): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** Node empties the queue of promises, however long their chains, before it comes to an immediate. */
const promisesKept = () => new Promise<void>((done) => setImmediate(done));
