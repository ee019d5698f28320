import type { Column } from '../domain/columns.ts';

/** Rows that are alike in some columns, by number. */
export interface Classes {
  /** Class of each row. */
  readonly of: Column;
  /** One row of each class. */
  readonly example: readonly number[];
  /** Rows in each class. */
  readonly count: readonly number[];
}

/**
 * Successive snapshots share the columns that did not change, and classes depend on nothing else: what was worked out
 * for the same columns is used again.
 */
const remembered = new WeakMap<Column, { readonly facts: readonly Column[]; readonly classes: Classes }>();

export function classesOf(facts: readonly Column[]): Classes {
  const known = remembered.get(facts[0]!);
  if (known?.facts.length === facts.length && known.facts.every((column, i) => column === facts[i])) {
    return known.classes;
  }
  const classes = workOut(facts);
  remembered.set(facts[0]!, { facts, classes });
  return classes;
}

/** Refines one column after the other: rows stay together while their numbers agree. */
function workOut(facts: readonly Column[]): Classes {
  const { length } = facts[0]!;
  const of = new Uint32Array(length);
  let example: number[] = [];
  let count: number[] = [];
  for (const column of facts) {
    const known = new Map<number, number>();
    const width = 1 + highest(column);
    example = [];
    count = [];
    for (let row = 0; row < length; row++) {
      const key = of[row]! * width + column[row]!;
      let number = known.get(key);
      if (number === undefined) {
        number = example.push(row) - 1;
        count.push(0);
        known.set(key, number);
      }
      of[row] = number;
      count[number]! += 1;
    }
  }
  return { of, example, count };
}

function highest(column: Column): number {
  let most = 0;
  for (let row = 0; row < column.length; row++) most = Math.max(most, column[row]!);
  return most;
}
