import type { Column } from './columns.ts';
import { indexById } from './columns.ts';
import type { HostColumns, Snapshot, VmColumns } from './snapshot.ts';
import { buildTraffic } from './traffic.ts';

/**
 * The same snapshot with hosts and VMs in the order of their ids. Sums and ties then come out the same, to the last bit,
 * whatever the order in which a driver or a case file named them.
 */
export function inIdOrder(snapshot: Snapshot): Snapshot {
  const hostOrder = orderOf(snapshot.hosts.ids);
  const vmOrder = orderOf(snapshot.vms.ids);
  if (hostOrder === undefined && vmOrder === undefined) return snapshot;
  const hosts = hostOrder === undefined ? snapshot.hosts : ordered<HostColumns>(snapshot.hosts, hostOrder);
  const vms = vmOrder === undefined ? snapshot.vms : ordered<VmColumns>(snapshot.vms, vmOrder);
  return {
    ...snapshot,
    hosts,
    vms: hostOrder === undefined ? vms : { ...vms, host: renamed(vms.host, hostOrder) },
    traffic: vmOrder === undefined ? snapshot.traffic : buildTraffic(snapshot.traffic.flows, vms.index),
  };
}

interface Order {
  /** Old index of each new one. */
  readonly oldOf: Int32Array;
  readonly ids: readonly string[];
  readonly index: ReadonlyMap<string, number>;
}

/** Found out once for each list, since successive snapshots share theirs; undefined: it is in order as it is. */
const orders = new WeakMap<readonly string[], Order | undefined>();

function orderOf(ids: readonly string[]): Order | undefined {
  if (orders.has(ids)) return orders.get(ids);
  const order = ids.every((id, i) => i === 0 || ids[i - 1]! < id) ? undefined : newOrder(ids);
  orders.set(ids, order);
  return order;
}

function newOrder(ids: readonly string[]): Order {
  const oldOf = Int32Array.from(ids.keys()).sort((a, b) => (ids[a]! < ids[b]! ? -1 : 1));
  const sorted = Array.from(oldOf, (old) => ids[old]!);
  return { oldOf, ids: sorted, index: indexById(sorted) };
}

function ordered<T extends HostColumns | VmColumns>(columns: T, { oldOf, ids, index }: Order): T {
  const rest = Object.entries(columns).filter(([name]) => name !== 'ids' && name !== 'index');
  const moved = rest.map(([name, value]) => [name, Array.isArray(value) ? value.map(picked) : picked(value)]);
  return { ...Object.fromEntries(moved), ids, index };

  function picked(column: Column): Column {
    const now = new Float64Array(ids.length);
    for (let i = 0; i < now.length; i++) now[i] = column[oldOf[i]!]!;
    return now;
  }
}

/** A column of host indexes, told in new ones. */
function renamed(column: Column, { oldOf }: Order): Column {
  const newIndex = new Int32Array(oldOf.length);
  oldOf.forEach((old, now) => {
    newIndex[old] = now;
  });
  return Int32Array.from({ length: column.length }, (_, i) => newIndex[column[i]!]!);
}
