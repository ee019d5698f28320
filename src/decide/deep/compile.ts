import type { LoadedPolicy } from '../../sdk/choose.ts';
import type { PairView } from '../../sdk/views.ts';
import { opaqueOf } from './authors.ts';
import { balanced } from './balance-columns.ts';
import { groupColumns } from './group-columns.ts';
import { type DeepModel, type Links, listsOf, type Opaque } from './model.ts';
import { movingPrices } from './moving-columns.ts';
import { rowsOf } from './rows.ts';
import type { Row, Statement } from './statement.ts';
import { byStock, hoursOf, stockColumns } from './stock-columns.ts';

export interface Compiled {
  readonly model: DeepModel;
  readonly opaque: Opaque;
}

/** A datacenter with its policies and rules, as a deep search wants it. Preferred rules, bundles and reserves are left to whoever judges the result. */
export function compile(statement: Statement): Compiled {
  const { draft, policies } = statement;
  const { hosts, vms, rules } = draft.snapshot;
  const { stock, opaque } = byStock(policies);
  const rows = rowsOf(statement, opaque.length > 0);
  const { balances, ...rest } = stockColumns(statement, rows, stock);
  const bundled = new Set(rules.flatMap((rule) => (rule.kind === 'affinity' ? rule.vms : [])));
  const isMovable = (vm: number) => !bundled.has(vms.ids[vm]!) && statement.isMovable?.(vm) !== false;
  const model: DeepModel = {
    items: vms.ids.length,
    hosts: hosts.ids.length,
    ...balanced({ ...loads(statement, rows), ...rest }, balances),
    home: Int32Array.from({ length: vms.ids.length }, (_, vm) => vms.host[vm]!),
    movable: Int32Array.from(vms.ids.flatMap((_, vm) => (isMovable(vm) ? [vm] : []))),
    moving: movingPrices(statement),
    ...groupColumns(draft.snapshot),
    links: linksOf(statement),
  };
  return { model, opaque: opaqueOf(statement, opaque) };
}

function loads({ draft }: Statement, rows: readonly Row[]) {
  const [items, hosts, width] = [draft.hostOf.length, draft.vmCount.length, rows.length];
  const demand = new Float64Array(items * width);
  const fixed = new Float64Array(hosts * width);
  const capacity = new Float64Array(hosts * width);
  rows.forEach((row, r) => {
    for (let host = 0; host < hosts; host++) {
      fixed[host * width + r] = row.used[host]!;
      // What is added up in another order differs in the last digits.
      const most = row.capacity(host);
      capacity[host * width + r] = Number.isInteger(most) ? most : most * (1 + ROUNDING);
    }
    for (let item = 0; item < items; item++) {
      demand[item * width + r] = row.demand[item]!;
      fixed[draft.hostOf[item]! * width + r]! -= row.demand[item]!;
    }
  });
  const held = Uint8Array.from(rows, ({ isHeld }) => Number(isHeld));
  return { resources: width, held, demand, fixed: fixed.map((amount) => Math.max(0, amount)), capacity };
}

const ROUNDING = 1e-12;

const DISTANCES = [
  { sameHost: true, sameRack: true, sameSite: true },
  { sameHost: false, sameRack: true, sameSite: true },
  { sameHost: false, sameRack: false, sameSite: true },
  { sameHost: false, sameRack: false, sameSite: false },
];

/** Pairs cost by how far they are apart, which is one of four things: each is asked about once. */
function linksOf(statement: Statement): Links {
  const { draft } = statement;
  const { traffic, vms } = draft.snapshot;
  const policies = statement.policies.filter(({ policy }) => policy.cost.pair !== undefined);
  if (policies.length === 0) return { partners: listsOf(vms.ids.map(() => [])), price: new Float64Array(0) };
  const price = new Float64Array(DISTANCES.length * traffic.peer.length);
  for (let vm = 0; vm < vms.ids.length; vm++) {
    for (let n = traffic.rowStart[vm]!; n < traffic.rowStart[vm + 1]!; n++) {
      DISTANCES.forEach((distance, d) => {
        const pair = { ...distance, a: vm, b: traffic.peer[n]!, bytesPerS: traffic.bytesPerS[n]! };
        price[DISTANCES.length * n + d] = pairCost(statement, policies, pair);
      });
    }
  }
  return { partners: { start: Int32Array.from(traffic.rowStart), value: Int32Array.from(traffic.peer) }, price };
}

type Pair = Pick<PairView, 'a' | 'b' | 'bytesPerS' | 'sameHost' | 'sameRack' | 'sameSite'>;

function pairCost(statement: Statement, policies: readonly LoadedPolicy[], pair: Pair): number {
  const hours = hoursOf(statement);
  return policies.reduce((sum, { policy, values, weight }) => {
    return sum + hours * weight * (policy.cost.pair?.(pair as PairView, values, statement.prices) ?? 0);
  }, 0);
}
