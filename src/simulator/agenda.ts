import { Heap } from '../domain/heap.ts';

export interface Appointment {
  readonly atMs: number;
  readonly order: number;
  readonly call: () => void;
  cancelled: boolean;
}

/** What is due when. Calls of one instant come in the order in which they were entered. */
export class Agenda {
  nowMs: number;
  #entered = 0;
  readonly #heap = new Heap<Appointment>((a, b) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order));

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  /** Whole milliseconds, never early. */
  enter(delayMs: number, call: () => void): Appointment {
    const atMs = this.nowMs + Math.ceil(delayMs);
    const appointment = { atMs, order: this.#entered++, call, cancelled: false };
    this.#heap.push(appointment);
    return appointment;
  }

  /** Infinity: nothing is due. */
  nextAtMs(): number {
    while (this.#heap.first()?.cancelled) this.#heap.pop();
    return this.#heap.first()?.atMs ?? Infinity;
  }

  /** Goes to the time of the next call and makes it. */
  callNext(): void {
    this.nowMs = this.nextAtMs();
    this.#heap.pop()!.call();
  }
}
