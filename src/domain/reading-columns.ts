import type { Column, Pool } from './columns.ts';

type Filled = Float64Array | Int32Array | Uint32Array | Uint8Array;

/**
 * Reads rows into columns. Given the column of before, of as many rows, it gives that very column where nothing has
 * changed, so that successive snapshots share it, and copies it at the first difference.
 */
export function floats<T>(rows: readonly T[], read: (row: T) => number, before?: Column): Column {
  return before === undefined ? Float64Array.from(rows, read) : patched(rows, read, before, Float64Array);
}

export function indices<T>(rows: readonly T[], read: (row: T) => number, before?: Column): Column {
  return before === undefined ? Int32Array.from(rows, read) : patched(rows, read, before, Int32Array);
}

export function flags<T>(rows: readonly T[], read: (row: T) => number, before?: Column): Column {
  return before === undefined ? Uint8Array.from(rows, read) : patched(rows, read, before, Uint8Array);
}

/** Numbers into the pool. A value that is the one of before needs not be looked up. */
export function numbers<T, V>(rows: readonly T[], read: (row: T) => V, pool: Pool<V>, before?: Column): Column {
  if (before === undefined) return Uint32Array.from(rows, (row) => pool.intern(read(row)));
  const { values } = pool;
  let column: Uint32Array | undefined;
  for (let i = 0; i < rows.length; i++) {
    const value = read(rows[i]!);
    if (isSame(values[before[i]!]!, value)) continue;
    const number = pool.intern(value);
    if (number === before[i]) continue;
    column ??= Uint32Array.from(before as ArrayLike<number>);
    column[i] = number;
  }
  return column ?? before;
}

function patched<T>(
  rows: readonly T[],
  read: (row: T) => number,
  before: Column,
  kind: { from(values: ArrayLike<number>): Filled },
): Column {
  let column: Filled | undefined;
  for (let i = 0; i < rows.length; i++) {
    const value = read(rows[i]!);
    if (Object.is(value, before[i])) continue;
    column ??= kind.from(before);
    column[i] = value;
  }
  return column ?? before;
}

/** Sure when it says yes; a no may be looked into. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return Array.isArray(a) ? Array.isArray(b) && areSameLists(a, b) : !Array.isArray(b) && areSameRecords(a, b);
}

function areSameLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function areSameRecords(a: object, b: object): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const [one, other] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  for (const key of keys) if (one[key] !== other[key]) return false;
  return true;
}
