import { RESOURCES } from '../../domain/resources.ts';
import { HOUR, MINUTE } from '../../domain/units.ts';
import type { LoadedPolicy } from '../../sdk/choose.ts';
import type { StockTerm } from '../../sdk/stock.ts';
import { HostView } from '../../sdk/views.ts';
import type { Balance } from './balance-columns.ts';
import type { Row, Statement } from './statement.ts';

export interface StockColumns {
  readonly comfort: Float64Array;
  readonly excessPrice: Float64Array;
  readonly balances: readonly Balance[];
}

/** Policies whose hosts cost what stock terms say, and those that only their own functions can price. */
export function byStock(policies: readonly LoadedPolicy[]) {
  const taken = new Set<string>();
  const stock: LoadedPolicy[] = [];
  const opaque: LoadedPolicy[] = [];
  for (const each of policies) {
    if (each.policy.cost.host === undefined) continue;
    const terms = each.policy.cost.host.stock;
    const resources = terms?.flatMap((term) => (term.kind === 'excess' ? [term.resource] : [])) ?? [];
    // A second price for the excess of one resource is left to its function.
    const isPlain =
      terms?.every((term) => term.kind === 'excess' || isCounted(term.free, term.wants)) === true &&
      new Set([...taken, ...resources]).size === taken.size + resources.length;
    (isPlain ? stock : opaque).push(each);
    if (isPlain) for (const resource of resources) taken.add(resource);
  }
  return { stock, opaque };
}

/** What is free of built-in resources ends at a ceiling, in a search. */
const isCounted = (...names: readonly string[]) => RESOURCES.every(({ name }) => !names.includes(name));

/** What stock terms cost within the horizon. */
export function stockColumns(
  statement: Statement,
  rows: readonly Row[],
  policies: readonly LoadedPolicy[],
): StockColumns {
  const { draft, prices } = statement;
  const hosts = draft.vmCount.length;
  const comfort = new Float64Array(hosts * rows.length).fill(Number.POSITIVE_INFINITY);
  const excessPrice = new Float64Array(rows.length);
  const balances: Balance[] = [];
  const view = new HostView(draft);
  const row = (name: string) => rows.findIndex((each) => each.name === name);
  const add = (term: StockTerm<LoadedPolicy['values']>, { weight, values }: LoadedPolicy) => {
    const price = weight * hoursOf(statement) * term.price(values, prices);
    if (term.kind === 'imbalance') {
      balances.push({ of: row(term.free), against: row(term.wants), ratio: term.ratio, price });
      return;
    }
    const r = row(term.resource);
    if (r < 0) return;
    excessPrice[r] = price;
    for (let host = 0; host < hosts; host++) {
      view.index = host;
      comfort[host * rows.length + r] = term.above(view, values);
    }
  };
  for (const each of policies) for (const term of each.policy.cost.host?.stock ?? []) add(term, each);
  return {
    comfort,
    excessPrice,
    balances: balances.filter(({ of, against }) => of >= 0 && against >= 0),
  };
}

export const hoursOf = ({ profile }: Statement): number => (profile.horizonMinutes * MINUTE) / HOUR;
