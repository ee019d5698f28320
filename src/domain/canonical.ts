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

/** Lists found to be in order; successive snapshots share theirs. */
const inOrder = new WeakSet<readonly string[]>();

/** Old index of each new one; undefined where the ids are in order as they are. */
function orderOf(ids: readonly string[]): readonly number[] | undefined {
  if (inOrder.has(ids)) return undefined;
  if (ids.every((id, i) => i === 0 || ids[i - 1]! < id)) {
    inOrder.add(ids);
    return undefined;
  }
  return ids.map((_, i) => i).sort((a, b) => (ids[a]! < ids[b]! ? -1 : 1));
}

function ordered<T extends HostColumns | VmColumns>(columns: T, order: readonly number[]): T {
  const ids = order.map((old) => columns.ids[old]!);
  const rest = Object.entries(columns).filter(([name]) => name !== 'ids' && name !== 'index');
  const moved = rest.map(([name, value]) => [name, Array.isArray(value) ? value.map(picked) : picked(value)]);
  return { ...Object.fromEntries(moved), ids, index: indexById(ids) };

  function picked(column: Column): Column {
    return Float64Array.from(order, (old) => column[old]!);
  }
}

/** A column of host indexes, told in new ones. */
function renamed(column: Column, order: readonly number[]): Column {
  const newIndex = new Int32Array(order.length);
  order.forEach((old, now) => {
    newIndex[old] = now;
  });
  return Int32Array.from({ length: column.length }, (_, i) => newIndex[column[i]!]!);
}
