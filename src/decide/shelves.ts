const BITS = 32;
const WORDS = 2;
/** Levels of fullness. */
export const LEVELS = BITS * WORDS;

/**
 * Hosts filed by how full they are, each kind of host by itself: who looks for room asks the kinds that will do and sees
 * no others. Filing, taking out and finding the next host cost the same however many there are.
 */
export class Shelves {
  /** Level by level of each kind. */
  readonly #shelves: number[][];
  readonly #shelfOf: Int32Array;
  readonly #placeOf: Int32Array;
  /** By kind: which levels have hosts, as bits of two words. */
  readonly #occupied: Int32Array;
  #low = 0;
  #high = 0;

  constructor(hosts: number, kinds: number) {
    this.#occupied = new Int32Array(kinds * WORDS);
    this.#shelves = Array.from({ length: kinds * LEVELS }, () => []);
    this.#shelfOf = new Int32Array(hosts).fill(-1);
    this.#placeOf = new Int32Array(hosts);
  }

  /** The hosts of a kind at a level, in no order that means anything. */
  at(kind: number, level: number): readonly number[] {
    return this.#shelves[kind * LEVELS + level]!;
  }

  /** To be called before `nextLevel`: the kinds that it is to be about. */
  lookAt(kinds: Int32Array): void {
    let low = 0;
    let high = 0;
    for (let k = 0; k < kinds.length; k++) {
      const at = kinds[k]! * WORDS;
      low |= this.#occupied[at]!;
      high |= this.#occupied[at + 1]!;
    }
    this.#low = low;
    this.#high = high;
  }

  /** The next level from this one on, up or down, that has hosts of those kinds; below zero where none has. */
  nextLevel(from: number, step: 1 | -1): number {
    for (let level = from; level >= 0 && level < LEVELS; level += step) {
      if ((((level < BITS ? this.#low : this.#high) >>> (level % BITS)) & 1) === 1) return level;
    }
    return -1;
  }

  /** Its level; below zero where it is not filed. */
  levelOf(host: number): number {
    const shelf = this.#shelfOf[host]!;
    return shelf < 0 ? shelf : shelf % LEVELS;
  }

  file(host: number, kind: number, level: number): void {
    const shelf = kind * LEVELS + level;
    if (this.#shelfOf[host] === shelf) return;
    this.takeOut(host);
    this.#shelfOf[host] = shelf;
    this.#placeOf[host] = this.#shelves[shelf]!.push(host) - 1;
    this.#occupied[kind * WORDS + (level < BITS ? 0 : 1)]! |= 1 << (level % BITS);
  }

  takeOut(host: number): void {
    const number = this.#shelfOf[host]!;
    if (number < 0) return;
    const shelf = this.#shelves[number]!;
    const last = shelf.pop()!;
    if (last !== host) {
      shelf[this.#placeOf[host]!] = last;
      this.#placeOf[last] = this.#placeOf[host]!;
    }
    this.#shelfOf[host] = -1;
    const level = number % LEVELS;
    const word = ((number - level) / LEVELS) * WORDS + (level < BITS ? 0 : 1);
    if (shelf.length === 0) this.#occupied[word]! &= ~(1 << (level % BITS));
  }
}
