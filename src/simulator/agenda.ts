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
  /** A binary heap, the earliest first. */
  readonly #heap: Appointment[] = [];

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  /** Whole milliseconds, never early. */
  enter(delayMs: number, call: () => void): Appointment {
    const atMs = this.nowMs + Math.ceil(delayMs);
    const appointment = { atMs, order: this.#entered++, call, cancelled: false };
    this.#heap.push(appointment);
    this.#rise(this.#heap.length - 1);
    return appointment;
  }

  /** Infinity: nothing is due. */
  nextAtMs(): number {
    while (this.#heap[0]?.cancelled) this.#takeFirst();
    return this.#heap[0]?.atMs ?? Infinity;
  }

  /** Goes to the time of the next call and makes it. */
  callNext(): void {
    this.nowMs = this.nextAtMs();
    this.#takeFirst().call();
  }

  #takeFirst(): Appointment {
    const first = this.#heap[0]!;
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(start: number): void {
    let child = start;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#isBefore(child, parent)) return;
      this.#swap(child, parent);
      child = parent;
    }
  }

  #sink(start: number): void {
    let parent = start;
    for (;;) {
      const left = 2 * parent + 1;
      const right = left + 1;
      let first = parent;
      if (left < this.#heap.length && this.#isBefore(left, first)) first = left;
      if (right < this.#heap.length && this.#isBefore(right, first)) first = right;
      if (first === parent) return;
      this.#swap(first, parent);
      parent = first;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const first = this.#heap[a]!;
    const second = this.#heap[b]!;
    return first.atMs < second.atMs || (first.atMs === second.atMs && first.order < second.order);
  }

  #swap(a: number, b: number): void {
    const kept = this.#heap[a]!;
    this.#heap[a] = this.#heap[b]!;
    this.#heap[b] = kept;
  }
}
