import type { DeepModel } from './model.ts';

/** Free units of `against` should be at least `ratio` times those of `of`; what is missing costs `price` each. */
export interface Balance {
  readonly of: number;
  readonly against: number;
  readonly ratio: number;
  readonly price: number;
}

export type LoadColumns = Pick<
  DeepModel,
  'resources' | 'demand' | 'fixed' | 'capacity' | 'comfort' | 'excessPrice' | 'held'
>;

/**
 * Each balance becomes one more resource: what is missing grows with the use of `against` and falls with that of `of`, and
 * that much is the excess above what the two would leave free of an empty host.
 */
export function balanced(plain: LoadColumns, balances: readonly Balance[]): LoadColumns {
  if (balances.length === 0) return plain;
  const { resources } = plain;
  const widened = (column: ArrayLike<number>, added: (row: number, balance: Balance) => number) => {
    const rows = column.length / resources;
    const width = resources + balances.length;
    return Float64Array.from({ length: rows * width }, (_, at) => {
      const [row, r] = [Math.floor(at / width), at % width];
      return r < resources ? column[row * resources + r]! : added(row, balances[r - resources]!);
    });
  };
  const missing =
    (column: ArrayLike<number>) =>
    (row: number, { of, against, ratio }: Balance) =>
      column[row * resources + against]! - ratio * column[row * resources + of]!;
  return {
    resources: resources + balances.length,
    demand: widened(plain.demand, missing(plain.demand)),
    fixed: widened(plain.fixed, missing(plain.fixed)),
    capacity: widened(plain.capacity, () => Number.POSITIVE_INFINITY),
    comfort: widened(plain.comfort, missing(plain.capacity)),
    excessPrice: Float64Array.of(...plain.excessPrice, ...balances.map(({ price }) => price)),
    held: Uint8Array.of(...plain.held, ...balances.map(() => 0)),
  };
}
