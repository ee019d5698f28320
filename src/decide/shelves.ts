/** Levels of fullness. */
export const LEVELS = 64;

/**
 * Hosts filed by how full they are, each kind of host by itself: who looks for room asks the kinds that will do and sees
 * no others. Filing, taking out and finding the next host cost the same however many there are.
 */
export class Shelves {
  /** Level by level of each kind. */
  readonly #shelves: number[][];
  readonly #shelfOf: Int32Array;
  readonly #placeOf: Int32Array;

  constructor(hosts: number, kinds: number) {
    this.#shelves = Array.from({ length: kinds * LEVELS }, () => []);
    this.#shelfOf = new Int32Array(hosts).fill(-1);
    this.#placeOf = new Int32Array(hosts);
  }

  /** The hosts of a kind at a level, in no order that means anything. */
  at(kind: number, level: number): readonly number[] {
    return this.#shelves[kind * LEVELS + level]!;
  }

  /** Its level; below zero where it is not filed. */
  levelOf(host: number): number {
    const shelf = this.#shelfOf[host]!;
    return shelf < 0 ? shelf : shelf % LEVELS;
  }

  file(host: number, kind: number, level: number): void {
    const shelf = kind * LEVELS + level;
    this.#shelfOf[host] = shelf;
    this.#placeOf[host] = this.#shelves[shelf]!.push(host) - 1;
  }

  takeOut(host: number): void {
    if (this.#shelfOf[host]! < 0) return;
    const shelf = this.#shelves[this.#shelfOf[host]!]!;
    const last = shelf.pop()!;
    if (last !== host) {
      shelf[this.#placeOf[host]!] = last;
      this.#placeOf[last] = this.#placeOf[host]!;
    }
    this.#shelfOf[host] = -1;
  }
}
