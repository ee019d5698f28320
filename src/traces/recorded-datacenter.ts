import { HOST_DEFAULTS, type Host } from '../domain/host.ts';
import type { Inventory } from '../domain/inventory.ts';
import { TYPICAL_SERVER } from '../domain/power.ts';
import { NOTHING } from '../domain/resources.ts';
import { fromDemand, VM_DEFAULTS, type Vm } from '../domain/vm.ts';
import type { EventRow, HostRow, VmRow } from './format.ts';

/** A VM that comes or goes while it is recorded. */
export type Coming =
  | { readonly kind: 'appears'; readonly vm: string; readonly atMs: number; readonly host: string }
  | { readonly kind: 'goes'; readonly vm: string; readonly atMs: number };

export interface Rows {
  readonly atMs: number;
  readonly hosts: readonly HostRow[];
  readonly vms: readonly VmRow[];
  readonly events: readonly EventRow[];
  /** By VM, how many cores are all that it is taken to want at most. */
  readonly mostCores: ReadonlyMap<string, number>;
}

type WholeHost = HostRow & Required<Pick<HostRow, 'cpuMhz' | 'cores' | 'memoryBytes'>>;
type WholeVm = VmRow & Required<Pick<VmRow, 'host' | 'memoryBytes'>>;

/**
 * The datacenter that was recorded, as it was at first, and who came and went since. Undefined where that is not all
 * there: hosts without their size, or VMs of which nobody says where they were.
 */
export function recordedDatacenter(rows: Rows): { inventory: Inventory; comings: Coming[] } | undefined {
  const hosts = rows.hosts.filter(isWholeHost);
  const vms = rows.vms.filter(isWholeVm);
  const known = new Map(hosts.map((host) => [host.id, host]));
  const isWhole = hosts.length === rows.hosts.length && vms.length === rows.vms.length && hosts.length > 0;
  if (!isWhole || !vms.every(({ host }) => known.has(host))) return undefined;
  const comings = comingsIn(rows.events);
  const late = new Set(comings.filter(({ kind }) => kind === 'appears').map(({ vm }) => vm));
  const peopled = new Set(vms.filter(({ id }) => !late.has(id)).map(({ host }) => host));
  const inventory = {
    atMs: rows.atMs,
    hosts: inIdOrder(hosts).map((row) => hostOf(row, peopled.has(row.id))),
    vms: inIdOrder(vms).map((row) => vmOf(row, known.get(row.host)!, rows.mostCores.get(row.id))),
    flows: [],
    rules: [],
    flights: [],
  };
  return { inventory, comings };
}

const isWholeHost = (row: HostRow): row is WholeHost =>
  row.cpuMhz !== undefined && row.cores !== undefined && row.cores > 0 && row.memoryBytes !== undefined;

const isWholeVm = (row: VmRow): row is WholeVm => row.host !== undefined && row.memoryBytes !== undefined;

const inIdOrder = <T extends { readonly id: string }>(rows: readonly T[]) =>
  rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));

function comingsIn(events: readonly EventRow[]): Coming[] {
  return events.flatMap(({ kind, id: vm, atMs, to }): Coming[] => {
    if (kind === 'vm-appeared') return [{ kind: 'appears', vm, atMs, host: to ?? '' }];
    return kind === 'vm-gone' ? [{ kind: 'goes', vm, atMs }] : [];
  });
}

/** A host with VMs on it was on, whatever it said. */
function hostOf(row: WholeHost, isPeopled: boolean): Host {
  const { id, cpuMhz, cores, memoryBytes, rack = '', site = '', wattsByLoad = [], power = 'on' } = row;
  const watts = wattsByLoad.length > 1 ? wattsByLoad : TYPICAL_SERVER.watts;
  const port = HOST_DEFAULTS.migrationBytesPerS;
  return {
    ...HOST_DEFAULTS,
    id,
    capacity: { ...NOTHING, cpuMhz, memoryBytes, netRxBytesPerS: port, netTxBytesPerS: port },
    cores,
    rack,
    site,
    powerModel: { ...TYPICAL_SERVER, watts, offWatts: row.offWatts ?? TYPICAL_SERVER.offWatts },
    power: isPeopled ? 'on' : power,
    maintenance: row.maintenance === 'yes',
  };
}

/** Its demand is what it wants at 100 %. */
function vmOf({ id, host, vcpus, memoryBytes, tier = '' }: WholeVm, { cpuMhz, cores }: WholeHost, most = 1): Vm {
  const demand = { ...NOTHING, cpuMhz: most * (cpuMhz / cores), memoryBytes };
  return { ...VM_DEFAULTS, ...fromDemand(demand), id, host, vcpus: vcpus ?? Math.ceil(most), demand, tier };
}
