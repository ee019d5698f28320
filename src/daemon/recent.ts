/** Remembers the newest so many and forgets the rest. */
export class Recent<T> {
  readonly #most: number;
  #newestFirst: readonly T[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get newestFirst(): readonly T[] {
    return this.#newestFirst;
  }

  add(value: T): void {
    this.#newestFirst = [value, ...this.#newestFirst.slice(0, this.#most - 1)];
  }
}
