import type { ResourceColumns } from './columns.ts';
import { indexById, labelPool, Pool, setPool, textPool } from './columns.ts';
import type { CpuKind, Host } from './host.ts';
import type { PowerModel } from './power.ts';
import { POWER_STATES } from './power.ts';
import { flags, floats, indices, numbers } from './reading-columns.ts';
import type { Amounts } from './resources.ts';
import { RESOURCES } from './resources.ts';
import type { HostColumns, Pools, VmColumns } from './snapshot.ts';
import type { CpuNeeds, Vm } from './vm.ts';

export function newPools() {
  return {
    texts: textPool(),
    sets: setPool(),
    labels: labelPool(),
    cpuKinds: new Pool<CpuKind>((kind) => JSON.stringify([kind.vendor, kind.model, kind.features])),
    cpuNeeds: new Pool<CpuNeeds>((needs) => JSON.stringify([needs.vendor, needs.features])),
    powerModels: new Pool<PowerModel>((model) => JSON.stringify(model)),
    doubts: textPool(),
  };
}

export type OpenPools = ReturnType<typeof newPools>;

/** The values that the columns tell apart by number. They only ever grow, so what is told by an earlier snapshot stays true. */
export function valuesOf(pools: OpenPools): Pools {
  return {
    texts: pools.texts.values,
    sets: pools.sets.values,
    labels: pools.labels.values,
    cpuKinds: pools.cpuKinds.values,
    cpuNeeds: pools.cpuNeeds.values,
    powerModels: pools.powerModels.values,
    doubts: pools.doubts.values,
  };
}

export function hostColumns(hosts: readonly Host[], pools: OpenPools, last?: HostColumns): HostColumns {
  const before = last !== undefined && areSame(last.ids, hosts) ? last : undefined;
  return {
    ...namesOf(hosts, before),
    capacity: resourceColumns(hosts, (host) => host.capacity, before?.capacity),
    reserved: resourceColumns(hosts, (host) => host.reserved, before?.reserved),
    cores: floats(hosts, (host) => host.cores, before?.cores),
    migrationBytesPerS: floats(hosts, (host) => host.migrationBytesPerS, before?.migrationBytesPerS),
    cpuKind: numbers(hosts, (host) => host.cpu, pools.cpuKinds, before?.cpuKind),
    subnetText: numbers(hosts, (host) => host.subnet, pools.texts, before?.subnetText),
    storageSet: numbers(hosts, (host) => host.storages, pools.sets, before?.storageSet),
    vlanSet: numbers(hosts, (host) => host.vlans, pools.sets, before?.vlanSet),
    rackText: numbers(hosts, (host) => host.rack, pools.texts, before?.rackText),
    siteText: numbers(hosts, (host) => host.site, pools.texts, before?.siteText),
    labels: numbers(hosts, (host) => host.labels, pools.labels, before?.labels),
    powerModel: numbers(hosts, (host) => host.powerModel, pools.powerModels, before?.powerModel),
    powerWatts: floats(hosts, () => Number.NaN, before?.powerWatts),
    power: flags(hosts, (host) => POWER_STATES.indexOf(host.power), before?.power),
    maintenance: flags(hosts, (host) => Number(host.maintenance), before?.maintenance),
    known: flags(hosts, (host) => Number(host.known), before?.known),
    doubt: numbers(hosts, (host) => host.doubt, pools.doubts, before?.doubt),
    provenToWake: flags(hosts, (host) => Number(host.provenToWake), before?.provenToWake),
    mayBeWoken: flags(hosts, (host) => Number(host.mayBeWoken), before?.mayBeWoken),
    lastPowerChangeAtMs: floats(hosts, (host) => host.lastPowerChangeAtMs, before?.lastPowerChangeAtMs),
    lastArrivalAtMs: floats(hosts, (host) => host.lastArrivalAtMs, before?.lastArrivalAtMs),
  };
}

export function vmColumns(vms: readonly Vm[], hosts: HostColumns, pools: OpenPools, last?: VmColumns): VmColumns {
  const before = last !== undefined && areSame(last.ids, vms) ? last : undefined;
  return {
    ...namesOf(vms, before),
    host: indices(vms, (vm) => placeOf(vm, hosts), before?.host),
    vcpus: floats(vms, (vm) => vm.vcpus, before?.vcpus),
    demand: resourceColumns(vms, (vm) => vm.demand, before?.demand),
    cpuDeviationMhz: floats(vms, (vm) => vm.cpuDeviationMhz, before?.cpuDeviationMhz),
    cpuPeakMhz: floats(vms, (vm) => vm.cpuPeakMhz, before?.cpuPeakMhz),
    cpuLowMhz: floats(vms, (vm) => vm.cpuLowMhz, before?.cpuLowMhz),
    cpuSoonMhz: floats(vms, (vm) => vm.cpuSoonMhz, before?.cpuSoonMhz),
    cpuLaterMhz: floats(vms, (vm) => vm.cpuLaterMhz, before?.cpuLaterMhz),
    memoryActiveBytes: floats(vms, (vm) => vm.memoryActiveBytes, before?.memoryActiveBytes),
    dirtyBytesPerS: floats(vms, (vm) => vm.dirtyBytesPerS, before?.dirtyBytesPerS),
    localDiskBytes: floats(vms, (vm) => vm.localDiskBytes, before?.localDiskBytes),
    storageSet: numbers(vms, (vm) => vm.storages, pools.sets, before?.storageSet),
    vlanSet: numbers(vms, (vm) => vm.vlans, pools.sets, before?.vlanSet),
    subnetText: numbers(vms, (vm) => vm.subnet, pools.texts, before?.subnetText),
    cpuNeeds: numbers(vms, (vm) => vm.cpuNeeds, pools.cpuNeeds, before?.cpuNeeds),
    labels: numbers(vms, (vm) => vm.labels, pools.labels, before?.labels),
    tierText: numbers(vms, (vm) => vm.tier, pools.texts, before?.tierText),
    liveSessions: floats(vms, (vm) => vm.liveSessions, before?.liveSessions),
    migratable: flags(vms, (vm) => Number(vm.migratable), before?.migratable),
    tieText: numbers(vms, (vm) => vm.tie, pools.texts, before?.tieText),
    quickAllowed: flags(vms, (vm) => Number(vm.quickAllowed), before?.quickAllowed),
    postCopyAllowed: flags(vms, (vm) => Number(vm.postCopyAllowed), before?.postCopyAllowed),
    pinnedSet: numbers(vms, (vm) => vm.pinnedTo, pools.sets, before?.pinnedSet),
    known: flags(vms, (vm) => Number(vm.known), before?.known),
    doubt: numbers(vms, (vm) => vm.doubt, pools.doubts, before?.doubt),
    lastMoveAtMs: floats(vms, (vm) => vm.lastMoveAtMs, before?.lastMoveAtMs),
  };
}

function placeOf(vm: Vm, { index }: HostColumns): number {
  const host = index.get(vm.host);
  if (host === undefined) throw new Error(`VM ${vm.id} is on ${vm.host}, which is no host of this inventory`);
  return host;
}

interface Named {
  readonly id: string;
}

function areSame(ids: readonly string[], rows: readonly Named[]): boolean {
  if (ids.length !== rows.length) return false;
  for (let i = 0; i < ids.length; i++) if (ids[i] !== rows[i]!.id) return false;
  return true;
}

function namesOf(rows: readonly Named[], before: Pick<HostColumns, 'ids' | 'index'> | undefined) {
  if (before !== undefined) return { ids: before.ids, index: before.index };
  const ids = rows.map((row) => row.id);
  return { ids, index: indexById(ids) };
}

function resourceColumns<T>(
  rows: readonly T[],
  amounts: (row: T) => Amounts,
  before?: ResourceColumns,
): ResourceColumns {
  return RESOURCES.map((resource, r) => floats(rows, (row) => amounts(row)[resource.key], before?.[r]));
}
