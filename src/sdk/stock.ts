import type { Prices } from '../domain/profile.ts';
import type { HostView } from './views.ts';

/** Use above what is comfortable costs so much per unit and hour. */
export interface Excess<V> {
  readonly kind: 'excess';
  readonly resource: string;
  /** By what the host is, never by its load: a share of its capacity, say. */
  readonly above: (host: HostView, options: V) => number;
  readonly price: (options: V, prices: Prices) => number;
}

/** What is free of one resource is of use only with so much of another; what is missing of that costs per unit and hour. */
export interface Imbalance<V> {
  readonly kind: 'imbalance';
  readonly free: string;
  readonly wants: string;
  readonly ratio: number;
  readonly price: (options: V, prices: Prices) => number;
}

export type StockTerm<V> = Excess<V> | Imbalance<V>;

/** What a host costs. Where it is made of stock terms, a deep search works them out on numbers and need not call it. */
export interface HostCost<V> {
  (host: HostView, options: V, prices: Prices): number;
  readonly stock?: readonly StockTerm<V>[];
}

export const excess = <V>(parts: Omit<Excess<V>, 'kind'>): Excess<V> => ({ kind: 'excess', ...parts });

export const imbalance = <V>(parts: Omit<Imbalance<V>, 'kind'>): Imbalance<V> => ({ kind: 'imbalance', ...parts });

/** For `cost.host`: the sum of stock terms, as good as any function that says the same, and faster to search with. */
export function stockCost<V>(terms: readonly StockTerm<V>[]): HostCost<V> {
  const cost = (host: HostView, options: V, prices: Prices) =>
    terms.reduce((sum, term) => sum + costOf(term, host, options, prices), 0);
  return Object.assign(cost, { stock: terms });
}

function costOf<V>(term: StockTerm<V>, host: HostView, options: V, prices: Prices): number {
  const price = term.price(options, prices);
  if (term.kind === 'excess') return price * Math.max(0, host.resource(term.resource).used - term.above(host, options));
  const { free, wants, ratio } = term;
  return price * Math.max(0, ratio * host.resource(free).free - host.resource(wants).free);
}
