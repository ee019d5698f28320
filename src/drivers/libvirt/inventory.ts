import { HOST_DEFAULTS, type Host } from '../../domain/host.ts';
import type { PowerState } from '../../domain/power.ts';
import { amountsOf, CPU, MEMORY, NET_RX, NET_TX } from '../../domain/resources.ts';
import type { Rule } from '../../domain/rule.ts';
import { GBIT_PER_S, GIB, MIB } from '../../domain/units.ts';
import { fromDemand, VM_DEFAULTS, type Vm } from '../../domain/vm.ts';
import type { Guest } from './guests.ts';
import type { HostFacts } from './host-link.ts';
import type { LibvirtHost, LibvirtSettings } from './settings.ts';
import { localStorage, offeredStorages, storagesOf } from './storages.ts';

/** A host as configured and as it said of itself when it was last reached. */
export interface HostView {
  readonly host: LibvirtHost;
  readonly facts: HostFacts | undefined;
  readonly power: PowerState;
  /** Why it is not connected to; absent where it is. */
  readonly outOfReach?: string;
}

export interface HostSize {
  readonly cores: number;
  readonly coreMhz: number;
  readonly memoryBytes: number;
}

/** Nothing where neither the host nor the configuration has told. */
export function sizeOf({ host, facts }: Pick<HostView, 'host' | 'facts'>): HostSize | undefined {
  const cores = host.cores ?? facts?.info.cpus;
  const coreMhz = host.coreMhz ?? facts?.info.mhz;
  const memoryBytes = host.memoryGib === undefined ? facts?.info.memoryBytes : host.memoryGib * GIB;
  if (cores === undefined || coreMhz === undefined || memoryBytes === undefined) return undefined;
  return { cores, coreMhz, memoryBytes };
}

/** What holds for all hosts alike. */
export interface Common {
  /** Networks that guests are plugged into, and clusters that serve their disks: taken to reach every host. */
  readonly networks: readonly string[];
  readonly clusters: readonly string[];
  readonly sharedPaths: readonly string[];
  /** That one migration may take, whatever the network carries. */
  readonly mostMigrationBytesPerS: number;
}

export function hostOf(
  view: HostView,
  size: HostSize,
  { networks, clusters, sharedPaths, mostMigrationBytesPerS }: Common,
): Host {
  const { host, facts, power } = view;
  const capacity = { [CPU]: size.cores * size.coreMhz, [MEMORY]: size.memoryBytes, ...linkOf(host) };
  const reserved = { [CPU]: host.reservedCores * size.coreMhz, [MEMORY]: host.reservedMemoryGib * GIB };
  const { id, rack, site, subnet, powerModel, maintenance } = host;
  return {
    ...HOST_DEFAULTS,
    ...{ id, rack, site, subnet, powerModel, maintenance, power },
    capacity: amountsOf((resource) => capacity[resource] ?? 0),
    reserved: amountsOf((resource) => reserved[resource] ?? 0),
    cores: size.cores,
    migrationBytesPerS: Math.min(host.migrationGbitPerS * GBIT_PER_S, mostMigrationBytesPerS),
    cpu: facts?.capabilities.cpu ?? HOST_DEFAULTS.cpu,
    storages: [...offeredStorages(host.id, facts?.pools ?? [], sharedPaths), ...clusters],
    vlans: host.networks ?? networks,
    labels: { ...numaLabel(facts), ...host.labels },
  };
}

function linkOf({ linkGbitPerS }: LibvirtHost): Readonly<Record<number, number>> {
  return { [NET_RX]: linkGbitPerS * GBIT_PER_S, [NET_TX]: linkGbitPerS * GBIT_PER_S };
}

function numaLabel(facts: HostFacts | undefined): Readonly<Record<string, string>> {
  return facts === undefined ? {} : { 'numa-cells': String(facts.capabilities.numaCells) };
}

export function vmOf(guest: Guest, pools: HostFacts['pools'], sharedPaths: readonly string[]): Vm {
  const { facts, host } = guest;
  const { notes } = facts;
  const demand = amountsOf((resource) => (resource === MEMORY ? facts.memoryBytes : 0));
  const storages = storagesOf(facts.disks, host, pools, sharedPaths);
  return {
    ...VM_DEFAULTS,
    ...fromDemand(demand),
    id: guest.id,
    host,
    demand,
    vcpus: facts.vcpus,
    storages,
    vlans: facts.networks,
    labels: notes.labels,
    tier: notes.tier,
    pinnedTo: notes.pinnedTo,
    quickAllowed: notes.quickAllowed,
    postCopyAllowed: notes.postCopyAllowed,
    ...tieOf(guest, storages.includes(localStorage(host))),
  };
}

/** Whether it can leave its host, and if not, why. */
function tieOf({ facts: { notes, holds }, trouble }: Guest, isLocal: boolean): Pick<Vm, 'migratable' | 'tie'> {
  if (trouble !== undefined) return { migratable: false, tie: `it ${trouble}` };
  if (holds.length > 0) return { migratable: false, tie: `it holds ${[...new Set(holds)].join(' and ')}` };
  if (isLocal) return { migratable: false, tie: 'it has a disk that no other host has' };
  if (notes.isFixed) return { migratable: false, tie: 'its notes say migratable="no"' };
  return { migratable: true, tie: '' };
}

/** Groups that the VMs themselves name. */
export function rulesOf(guests: readonly Guest[]): Rule[] {
  const groups = (read: (guest: Guest) => readonly string[]) => {
    const members = new Map<string, string[]>();
    for (const guest of guests)
      for (const group of read(guest)) members.set(group, [...(members.get(group) ?? []), guest.id]);
    return [...members].filter(([, vms]) => vms.length > 1).map(([group, vms]) => ({ group, vms: vms.toSorted() }));
  };
  const common = { level: 'host', preferred: false } as const;
  return [
    ...groups(({ facts }) => facts.notes.apart).map(
      ({ group, vms }): Rule => ({ kind: 'anti-affinity', id: `apart ${group}`, vms, ...common, at: 'every step' }),
    ),
    ...groups(({ facts }) => facts.notes.together).map(
      ({ group, vms }): Rule => ({ kind: 'affinity', id: `together ${group}`, vms, ...common }),
    ),
  ];
}

export function commonOf(
  guests: readonly Guest[],
  { hosts, sharedPaths, migration }: Pick<LibvirtSettings, 'hosts' | 'sharedPaths' | 'migration'>,
): Common {
  const networks = [...guests.flatMap(({ facts }) => facts.networks), ...hosts.flatMap((host) => host.networks ?? [])];
  const disks = guests.flatMap(({ facts }) => facts.disks);
  const clusters = disks.flatMap((disk) => (disk.kind === 'network' ? disk.storage : []));
  const mostMigrationBytesPerS = migration.mostMibPerS === 0 ? Infinity : migration.mostMibPerS * MIB;
  return {
    networks: [...new Set(networks)].sort(),
    clusters: [...new Set(clusters)].sort(),
    sharedPaths,
    mostMigrationBytesPerS,
  };
}
