import type { Column } from '../domain/columns.ts';
import type { HostId } from '../domain/host.ts';
import { OFF, ON } from '../domain/power.ts';
import { CPU, RESOURCE_COUNT, RESOURCES } from '../domain/resources.ts';
import type { Flight, Snapshot } from '../domain/snapshot.ts';
import { type PowerFigures, powerFigures } from './power-figures.ts';

/** What a snapshot says of each host and of all together, counted in one pass over its columns. */
export interface FleetFigures extends PowerFigures {
  /** Per resource and host: its VMs and its own reserve. A moving VM holds guaranteed resources on both of its hosts. */
  readonly used: readonly Column[];
  readonly vmCount: Column;
  /** VMs on their way to and from each host. */
  readonly arriving: Column;
  readonly departing: Column;
  readonly hostsOn: number;
  /** Per resource, what is in use of what the hosts that are on offer together. */
  readonly shareOfOn: readonly number[];
}

const counted = new WeakMap<Snapshot, FleetFigures>();

/** Counted once per snapshot, however many ask. */
export function figuresOf(snapshot: Snapshot): FleetFigures {
  const known = counted.get(snapshot);
  if (known !== undefined) return known;
  const figures = count(snapshot);
  counted.set(snapshot, figures);
  return figures;
}

function count(snapshot: Snapshot): FleetFigures {
  const used = usedOf(snapshot);
  return {
    ...powerFigures(snapshot, used[CPU]!),
    used,
    vmCount: vmCountOf(snapshot),
    arriving: flightsPerHost(snapshot, (flight) => flight.to),
    departing: flightsPerHost(snapshot, (flight) => flight.from),
    hostsOn: countOf(snapshot.hosts.power, ON),
    shareOfOn: used.map((column, r) => shareOfOn(snapshot, column, r)),
  };
}

/** Part of the capacity in use; a host that offers nothing is not loaded. */
export function shareOf(used: number, capacity: number): number {
  return capacity > 0 ? used / capacity : 0;
}

/** How many hosts or VMs have this value in the column. */
export function countOf(column: Column, value: number): number {
  let total = 0;
  for (let i = 0; i < column.length; i++) if (column[i] === value) total += 1;
  return total;
}

const isUp = (power: number) => power !== OFF;

function usedOf({ hosts, vms, flights }: Snapshot): Float64Array[] {
  const used: Float64Array[] = [];
  for (let r = 0; r < RESOURCE_COUNT; r++) {
    const column = Float64Array.from({ length: hosts.ids.length }, (_, h) =>
      isUp(hosts.power[h]!) ? hosts.reserved[r]![h]! : 0,
    );
    const demand = vms.demand[r]!;
    for (let v = 0; v < vms.ids.length; v++) column[vms.host[v]!]! += demand[v]!;
    used.push(column);
  }
  for (const flight of flights) {
    const vm = vms.index.get(flight.vm);
    const to = hosts.index.get(flight.to);
    if (vm === undefined || to === undefined || vms.host[vm] === to) continue;
    RESOURCES.forEach((resource, r) => {
      if (resource.guaranteed) used[r]![to]! += vms.demand[r]![vm]!;
    });
  }
  return used;
}

function shareOfOn({ hosts }: Snapshot, used: Column, resource: number): number {
  let usedOn = 0;
  let offered = 0;
  for (let h = 0; h < hosts.ids.length; h++) {
    if (hosts.power[h] !== ON) continue;
    usedOn += used[h]!;
    offered += hosts.capacity[resource]![h]!;
  }
  return shareOf(usedOn, offered);
}

function vmCountOf({ hosts, vms }: Snapshot): Int32Array {
  const counts = new Int32Array(hosts.ids.length);
  for (let v = 0; v < vms.ids.length; v++) counts[vms.host[v]!]! += 1;
  return counts;
}

function flightsPerHost({ hosts, flights }: Snapshot, hostOf: (flight: Flight) => HostId): Int32Array {
  const counts = new Int32Array(hosts.ids.length);
  for (const flight of flights) {
    const host = hosts.index.get(hostOf(flight));
    if (host !== undefined) counts[host]! += 1;
  }
  return counts;
}
