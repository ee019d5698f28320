/**
 * Hosts or VMs, one at a time and only as many as are asked for: nothing is collected until somebody collects it, and
 * each pass sees the fleet as it is by then.
 */
export class Query<T> implements Iterable<T> {
  readonly #items: () => Iterator<T>;

  constructor(items: () => Iterator<T>) {
    this.#items = items;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#items();
  }

  where(test: (item: T) => boolean): Query<T> {
    const all: Iterable<T> = this;
    return new Query(function* () {
      for (const item of all) if (test(item)) yield item;
    });
  }

  map<U>(made: (item: T) => U): Query<U> {
    const all: Iterable<T> = this;
    return new Query(function* () {
      for (const item of all) yield made(item);
    });
  }

  first(): T | undefined {
    for (const item of this) return item;
    return undefined;
  }

  count(): number {
    return this.sum(() => 1);
  }

  sum(of: (item: T) => number): number {
    let sum = 0;
    for (const item of this) sum += of(item);
    return sum;
  }

  /** The first of those with the lowest figure; undefined where there is none at all. */
  least(by: (item: T) => number): T | undefined {
    let least: T | undefined;
    let figure = Number.POSITIVE_INFINITY;
    for (const item of this) {
      const own = by(item);
      if (least !== undefined && own >= figure) continue;
      least = item;
      figure = own;
    }
    return least;
  }

  most(by: (item: T) => number): T | undefined {
    return this.least((item) => -by(item));
  }

  toArray(): T[] {
    return [...this];
  }
}
