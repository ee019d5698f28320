import type { Column, ResourceColumns } from './columns.ts';
import { indexById, labelPool, Pool, setPool, textPool } from './columns.ts';
import type { CpuKind, Host } from './host.ts';
import type { PowerModel } from './power.ts';
import { POWER_STATES } from './power.ts';
import { amountsOf, RESOURCES } from './resources.ts';
import type { Rule } from './rule.ts';
import type { Flight, HostColumns, Pools, Snapshot, VmColumns } from './snapshot.ts';
import type { Flow } from './traffic.ts';
import { buildTraffic } from './traffic.ts';
import type { CpuNeeds, Vm } from './vm.ts';

/** A datacenter as plain objects: what drivers report and case files state. */
export interface Inventory {
  readonly atMs: number;
  readonly hosts: readonly Host[];
  readonly vms: readonly Vm[];
  readonly flows: readonly Flow[];
  readonly rules: readonly Rule[];
  readonly flights: readonly Flight[];
}

/**
 * Objects to columns. The caller has checked that ids are unique and that each VM's host exists (the case reader and the
 * drivers do); what is broken here is a bug.
 */
export function toSnapshot(inventory: Inventory, version = 1): Snapshot {
  const pools = newPools();
  const hosts = hostColumns(inventory.hosts, pools);
  const vms = vmColumns(inventory.vms, hosts.index, pools);
  return {
    version,
    atMs: inventory.atMs,
    pools: settle(pools),
    hosts,
    vms,
    traffic: buildTraffic(inventory.flows, vms.index),
    rules: inventory.rules,
    flights: inventory.flights,
  };
}

export function toInventory(snapshot: Snapshot): Inventory {
  return {
    atMs: snapshot.atMs,
    hosts: snapshot.hosts.ids.map((_, index) => hostAt(snapshot, index)),
    vms: snapshot.vms.ids.map((_, index) => vmAt(snapshot, index)),
    flows: snapshot.traffic.flows,
    rules: snapshot.rules,
    flights: snapshot.flights,
  };
}

function newPools() {
  return {
    texts: textPool(),
    sets: setPool(),
    labels: labelPool(),
    cpuKinds: new Pool<CpuKind>((kind) => JSON.stringify([kind.vendor, kind.model, kind.features])),
    cpuNeeds: new Pool<CpuNeeds>((needs) => JSON.stringify([needs.vendor, needs.features])),
    powerModels: new Pool<PowerModel>((model) => JSON.stringify(model)),
  };
}

type OpenPools = ReturnType<typeof newPools>;

function settle(pools: OpenPools): Pools {
  return {
    texts: pools.texts.values,
    sets: pools.sets.values,
    labels: pools.labels.values,
    cpuKinds: pools.cpuKinds.values,
    cpuNeeds: pools.cpuNeeds.values,
    powerModels: pools.powerModels.values,
  };
}

function hostColumns(hosts: readonly Host[], pools: OpenPools): HostColumns {
  const ids = hosts.map((host) => host.id);
  return {
    ids,
    index: indexById(ids),
    capacity: resourceColumns(hosts, (host) => host.capacity),
    reserved: resourceColumns(hosts, (host) => host.reserved),
    cores: floats(hosts, (host) => host.cores),
    migrationBytesPerS: floats(hosts, (host) => host.migrationBytesPerS),
    cpuKind: numbers(hosts, (host) => pools.cpuKinds.intern(host.cpu)),
    subnetText: numbers(hosts, (host) => pools.texts.intern(host.subnet)),
    storageSet: numbers(hosts, (host) => pools.sets.intern(host.storages)),
    vlanSet: numbers(hosts, (host) => pools.sets.intern(host.vlans)),
    rackText: numbers(hosts, (host) => pools.texts.intern(host.rack)),
    siteText: numbers(hosts, (host) => pools.texts.intern(host.site)),
    labels: numbers(hosts, (host) => pools.labels.intern(host.labels)),
    powerModel: numbers(hosts, (host) => pools.powerModels.intern(host.powerModel)),
    powerWatts: floats(hosts, () => Number.NaN),
    power: flags(hosts, (host) => POWER_STATES.indexOf(host.power)),
    maintenance: flags(hosts, (host) => Number(host.maintenance)),
    known: flags(hosts, (host) => Number(host.known)),
    lastPowerChangeAtMs: floats(hosts, (host) => host.lastPowerChangeAtMs),
    lastArrivalAtMs: floats(hosts, (host) => host.lastArrivalAtMs),
  };
}

function vmColumns(vms: readonly Vm[], hostIndex: ReadonlyMap<string, number>, pools: OpenPools): VmColumns {
  const ids = vms.map((vm) => vm.id);
  return {
    ids,
    index: indexById(ids),
    host: Int32Array.from(vms, (vm) => placeOf(vm, hostIndex)),
    vcpus: floats(vms, (vm) => vm.vcpus),
    demand: resourceColumns(vms, (vm) => vm.demand),
    cpuDeviationMhz: floats(vms, (vm) => vm.cpuDeviationMhz),
    cpuPeakMhz: floats(vms, (vm) => vm.cpuPeakMhz),
    cpuLowMhz: floats(vms, (vm) => vm.cpuLowMhz),
    cpuSoonMhz: floats(vms, (vm) => vm.cpuSoonMhz),
    cpuLaterMhz: floats(vms, (vm) => vm.cpuLaterMhz),
    memoryActiveBytes: floats(vms, (vm) => vm.memoryActiveBytes),
    dirtyBytesPerS: floats(vms, (vm) => vm.dirtyBytesPerS),
    storageSet: numbers(vms, (vm) => pools.sets.intern(vm.storages)),
    vlanSet: numbers(vms, (vm) => pools.sets.intern(vm.vlans)),
    subnetText: numbers(vms, (vm) => pools.texts.intern(vm.subnet)),
    cpuNeeds: numbers(vms, (vm) => pools.cpuNeeds.intern(vm.cpuNeeds)),
    labels: numbers(vms, (vm) => pools.labels.intern(vm.labels)),
    tierText: numbers(vms, (vm) => pools.texts.intern(vm.tier)),
    liveSessions: floats(vms, (vm) => vm.liveSessions),
    migratable: flags(vms, (vm) => Number(vm.migratable)),
    pinnedSet: numbers(vms, (vm) => pools.sets.intern(vm.pinnedTo)),
    known: flags(vms, (vm) => Number(vm.known)),
    lastMoveAtMs: floats(vms, (vm) => vm.lastMoveAtMs),
  };
}

function placeOf(vm: Vm, hostIndex: ReadonlyMap<string, number>): number {
  const host = hostIndex.get(vm.host);
  if (host === undefined) throw new Error(`VM ${vm.id} is on ${vm.host}, which is no host of this inventory`);
  return host;
}

type Rows<T> = readonly T[];

function floats<T>(rows: Rows<T>, read: (row: T) => number): Column {
  return Float64Array.from(rows, read);
}

function numbers<T>(rows: Rows<T>, read: (row: T) => number): Column {
  return Uint32Array.from(rows, read);
}

function flags<T>(rows: Rows<T>, read: (row: T) => number): Column {
  return Uint8Array.from(rows, read);
}

function resourceColumns<T>(rows: Rows<T>, amounts: (row: T) => Host['capacity']): ResourceColumns {
  return RESOURCES.map((resource) => floats(rows, (row) => amounts(row)[resource.key]));
}

export function hostAt({ hosts, pools }: Snapshot, i: number): Host {
  return {
    id: hosts.ids[i]!,
    capacity: amountsOf((resource) => hosts.capacity[resource]![i]!),
    reserved: amountsOf((resource) => hosts.reserved[resource]![i]!),
    cores: hosts.cores[i]!,
    migrationBytesPerS: hosts.migrationBytesPerS[i]!,
    cpu: pools.cpuKinds[hosts.cpuKind[i]!]!,
    subnet: pools.texts[hosts.subnetText[i]!]!,
    storages: pools.sets[hosts.storageSet[i]!]!,
    vlans: pools.sets[hosts.vlanSet[i]!]!,
    rack: pools.texts[hosts.rackText[i]!]!,
    site: pools.texts[hosts.siteText[i]!]!,
    labels: pools.labels[hosts.labels[i]!]!,
    powerModel: pools.powerModels[hosts.powerModel[i]!]!,
    power: POWER_STATES[hosts.power[i]!]!,
    maintenance: hosts.maintenance[i] === 1,
    known: hosts.known[i] === 1,
    lastPowerChangeAtMs: hosts.lastPowerChangeAtMs[i]!,
    lastArrivalAtMs: hosts.lastArrivalAtMs[i]!,
  };
}

export function vmAt({ hosts, vms, pools }: Snapshot, i: number): Vm {
  return {
    id: vms.ids[i]!,
    host: hosts.ids[vms.host[i]!]!,
    vcpus: vms.vcpus[i]!,
    demand: amountsOf((resource) => vms.demand[resource]![i]!),
    cpuDeviationMhz: vms.cpuDeviationMhz[i]!,
    cpuPeakMhz: vms.cpuPeakMhz[i]!,
    cpuLowMhz: vms.cpuLowMhz[i]!,
    cpuSoonMhz: vms.cpuSoonMhz[i]!,
    cpuLaterMhz: vms.cpuLaterMhz[i]!,
    memoryActiveBytes: vms.memoryActiveBytes[i]!,
    dirtyBytesPerS: vms.dirtyBytesPerS[i]!,
    storages: pools.sets[vms.storageSet[i]!]!,
    vlans: pools.sets[vms.vlanSet[i]!]!,
    subnet: pools.texts[vms.subnetText[i]!]!,
    cpuNeeds: pools.cpuNeeds[vms.cpuNeeds[i]!]!,
    labels: pools.labels[vms.labels[i]!]!,
    tier: pools.texts[vms.tierText[i]!]!,
    liveSessions: vms.liveSessions[i]!,
    migratable: vms.migratable[i] === 1,
    pinnedTo: pools.sets[vms.pinnedSet[i]!]!,
    known: vms.known[i] === 1,
    lastMoveAtMs: vms.lastMoveAtMs[i]!,
  };
}
