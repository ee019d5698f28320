import type { Column } from './columns.ts';
import { indexById } from './columns.ts';
import type { HostColumns, Snapshot, VmColumns } from './snapshot.ts';
import { buildTraffic, type Traffic } from './traffic.ts';

/**
 * The same snapshot with hosts and VMs in the order of their ids. Sums and ties then come out the same, to the last bit,
 * whatever the order in which a driver or a case file named them. What successive snapshots share they share in this
 * order too.
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
    traffic: vmOrder === undefined ? snapshot.traffic : retold(snapshot.traffic, vmOrder),
  };
}

interface Order {
  /** The old index of each new one. */
  readonly olds: readonly number[];
  readonly ids: readonly string[];
  readonly index: ReadonlyMap<string, number>;
}

/** By list of ids, which successive snapshots share: its order; undefined where it is in order as it is. */
const orders = new WeakMap<readonly string[], { readonly order: Order | undefined }>();

function orderOf(ids: readonly string[]): Order | undefined {
  const known = orders.get(ids);
  if (known !== undefined) return known.order;
  const order = ids.every((id, i) => i === 0 || ids[i - 1]! < id) ? undefined : sorted(ids);
  orders.set(ids, { order });
  return order;
}

function sorted(ids: readonly string[]): Order {
  const olds = ids.map((_, i) => i).sort((a, b) => (ids[a]! < ids[b]! ? -1 : 1));
  const inOrder = olds.map((old) => ids[old]!);
  return { olds, ids: inOrder, index: indexById(inOrder) };
}

function ordered<T extends HostColumns | VmColumns>(columns: T, order: Order): T {
  const rest = Object.entries(columns).filter(([name]) => name !== 'ids' && name !== 'index');
  const picked = (column: Column) => remembering(pickedColumns, column, order, picks);
  const moved = rest.map(([name, value]) => [name, Array.isArray(value) ? value.map(picked) : picked(value)]);
  return { ...Object.fromEntries(moved), ids: order.ids, index: order.index };
}

/** What came of a value under an order, for as long as the value lives. */
type Remembered<From extends WeakKey, To> = WeakMap<From, { readonly order: Order; readonly result: To }>;

const pickedColumns: Remembered<Column, Column> = new WeakMap();
const renamedColumns: Remembered<Column, Column> = new WeakMap();
const retoldTraffic: Remembered<Traffic, Traffic> = new WeakMap();

function remembering<From extends WeakKey, To>(
  remembered: Remembered<From, To>,
  value: From,
  order: Order,
  work: (value: From, order: Order) => To,
): To {
  const known = remembered.get(value);
  if (known?.order === order) return known.result;
  const result = work(value, order);
  remembered.set(value, { order, result });
  return result;
}

const picks = (column: Column, { olds }: Order): Column => Float64Array.from(olds, (old) => column[old]!);

/** A column of host indexes, told in new ones. */
function renamed(column: Column, order: Order): Column {
  return remembering(renamedColumns, column, order, (old, { olds }) => {
    const newIndex = new Int32Array(olds.length);
    olds.forEach((was, now) => {
      newIndex[was] = now;
    });
    return Int32Array.from({ length: old.length }, (_, i) => newIndex[old[i]!]!);
  });
}

function retold(traffic: Traffic, order: Order): Traffic {
  return remembering(retoldTraffic, traffic, order, ({ flows }, { index }) => buildTraffic(flows, index));
}
