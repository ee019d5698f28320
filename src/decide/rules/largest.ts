/** Beyond those that are asked for, so many are kept, so that a few changes need no new look at all. */
const SPARE = 16;

/** A column that is changed value by value, and the sum of its largest values at any time. No value is below zero. */
export class Largest {
  readonly #values: Float64Array;
  readonly #kept: number;
  /** The largest, in falling order. Whoever is not among them is no larger than `#floor`. */
  #top: number[] = [];
  #floor = 0;

  /** `most`: how many of the largest are ever asked for. */
  constructor(values: Float64Array, most: number) {
    this.#values = values;
    // Two more, for those that a question leaves out.
    this.#kept = most + 2 + SPARE;
    this.#lookAtAll();
  }

  set(row: number, value: number): void {
    this.#values[row] = value;
    const at = this.#top.indexOf(row);
    if (at >= 0) this.#top.splice(at, 1);
    if (value > this.#floor) this.#insert(row);
    const isWhole = this.#floor === 0;
    if (!isWhole && this.#top.length < this.#kept - SPARE) this.#lookAtAll();
  }

  /** Of so many of the largest, as if `one` and `other` had these values. */
  sumWith(many: number, one: number, oneValue: number, other: number, otherValue: number): number {
    let sum = 0;
    let high = Math.max(oneValue, otherValue);
    let low = Math.min(oneValue, otherValue);
    let at = 0;
    for (let taken = 0; taken < many; taken++) {
      while (this.#top[at] === one || this.#top[at] === other) at += 1;
      const next = this.#top[at];
      const value = next === undefined ? 0 : this.#values[next]!;
      if (high >= value) {
        sum += high;
        high = low;
        low = 0;
      } else {
        sum += value;
        at += 1;
      }
    }
    return sum;
  }

  /** So many of the largest, the largest first; fewer where the others are zero. */
  rows(many: number): readonly number[] {
    return this.#top.slice(0, many);
  }

  #insert(row: number): void {
    const value = this.#values[row]!;
    let at = this.#top.length;
    while (at > 0 && this.#values[this.#top[at - 1]!]! < value) at -= 1;
    this.#top.splice(at, 0, row);
    if (this.#top.length > this.#kept) this.#floor = Math.max(this.#floor, this.#values[this.#top.pop()!]!);
  }

  #lookAtAll(): void {
    this.#top = [];
    this.#floor = 0;
    for (let row = 0; row < this.#values.length; row++) if (this.#values[row]! > this.#floor) this.#insert(row);
  }
}
