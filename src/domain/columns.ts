/**
 * Columns hold one value per host or VM, by index. Readers get types without setters: a typed array cannot be frozen, so
 * the type is what keeps a snapshot immutable.
 */
export interface Column {
  readonly length: number;
  readonly [index: number]: number;
}

export type ResourceColumns = readonly Column[];

export type Labels = Readonly<Record<string, string>>;

/** Gives equal values the same small number, so that a column of sets or texts is a column of numbers. */
export class Pool<T> {
  readonly values: T[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #keyOf: (value: T) => string;

  constructor(keyOf: (value: T) => string) {
    this.#keyOf = keyOf;
  }

  intern(value: T): number {
    const key = this.#keyOf(value);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.values.length;
    this.values.push(value);
    this.#numbers.set(key, number);
    return number;
  }
}

export const textPool = () => new Pool<string>((text) => text);
export const setPool = () => new Pool<readonly string[]>((set) => JSON.stringify(set));
export const labelPool = () => new Pool<Labels>((labels) => JSON.stringify(labels));

export function indexById(ids: readonly string[]): ReadonlyMap<string, number> {
  const index = new Map<string, number>();
  for (let i = 0; i < ids.length; i++) index.set(ids[i]!, i);
  return index;
}
