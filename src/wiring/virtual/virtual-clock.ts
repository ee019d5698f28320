import { Heap } from '../../domain/heap.ts';
import type { Clock, Stop } from '../../ports/clock.ts';

interface Alarm {
  readonly atMs: number;
  readonly order: number;
  readonly call: () => void;
  /** It has been called, or is not wanted any more. */
  isOver: boolean;
}

/**
 * Time that stands still until it is advanced. Calls come in order of their time, and those of one instant in the order in
 * which they were asked for. Between two calls all promises that can be kept are kept, so that what awaits them has asked
 * for its next call before time goes on.
 */
export class VirtualClock implements Clock {
  #nowMs: number;
  #asked = 0;
  #pending = 0;
  /** What is over stays until its turn comes. */
  readonly #alarms = new Heap<Alarm>((a, b) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order));

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, call: () => void): Stop {
    const alarm = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#asked++, call, isOver: false };
    this.#alarms.push(alarm);
    this.#pending += 1;
    return () => this.#end(alarm);
  }

  /** How many calls are still to come: zero shows that nothing was left running. */
  get pending(): number {
    return this.#pending;
  }

  advance(byMs: number): Promise<void> {
    return this.advanceTo(this.#nowMs + byMs);
  }

  async advanceTo(atMs: number): Promise<void> {
    await promisesKept();
    for (let alarm = this.#nextBy(atMs); alarm !== undefined; alarm = this.#nextBy(atMs)) {
      this.#end(alarm);
      this.#nowMs = Math.max(this.#nowMs, alarm.atMs);
      alarm.call();
      await promisesKept();
    }
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }

  #end(alarm: Alarm): void {
    if (!alarm.isOver) this.#pending -= 1;
    alarm.isOver = true;
  }

  #nextBy(atMs: number): Alarm | undefined {
    while (this.#alarms.first()?.isOver) this.#alarms.pop();
    const first = this.#alarms.first();
    return first !== undefined && first.atMs <= atMs ? first : undefined;
  }
}

/** Node empties the queue of promises, however long their chains, before it comes to an immediate. */
const promisesKept = () => new Promise<void>((done) => setImmediate(done));
