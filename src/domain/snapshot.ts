import type { Column, Labels, ResourceColumns } from './columns.ts';
import type { CountedResource } from './counted.ts';
import type { CpuKind, HostId } from './host.ts';
import type { PowerModel } from './power.ts';
import type { Rule } from './rule.ts';
import type { Traffic } from './traffic.ts';
import type { CpuNeeds, VmId } from './vm.ts';

/**
 * Values that many rows share, told apart by number. Within a snapshot equal values have equal numbers, so "same rack"
 * and "same needs" are comparisons of numbers.
 */
export interface Pools {
  readonly texts: readonly string[];
  readonly sets: readonly (readonly string[])[];
  readonly labels: readonly Labels[];
  readonly cpuKinds: readonly CpuKind[];
  readonly cpuNeeds: readonly CpuNeeds[];
  readonly powerModels: readonly PowerModel[];
  /** Why metrics cannot be trusted, in words. */
  readonly doubts: readonly string[];
}

/** The hosts by index. Columns whose name ends in a pool's word hold numbers into that pool. */
export interface HostColumns {
  readonly ids: readonly HostId[];
  readonly index: ReadonlyMap<HostId, number>;
  readonly capacity: ResourceColumns;
  readonly reserved: ResourceColumns;
  readonly cores: Column;
  readonly migrationBytesPerS: Column;
  readonly cpuKind: Column;
  readonly subnetText: Column;
  readonly storageSet: Column;
  readonly vlanSet: Column;
  readonly rackText: Column;
  readonly siteText: Column;
  readonly labels: Column;
  readonly powerModel: Column;
  /** As measured; NaN where nothing measures it. */
  readonly powerWatts: Column;
  /** Index into POWER_STATES. */
  readonly power: Column;
  readonly maintenance: Column;
  readonly known: Column;
  readonly doubt: Column;
  readonly provenToWake: Column;
  readonly mayBeWoken: Column;
  readonly lastPowerChangeAtMs: Column;
  readonly lastArrivalAtMs: Column;
}

export interface VmColumns {
  readonly ids: readonly VmId[];
  readonly index: ReadonlyMap<VmId, number>;
  /** Host index. */
  readonly host: Column;
  readonly vcpus: Column;
  readonly demand: ResourceColumns;
  readonly cpuDeviationMhz: Column;
  readonly cpuPeakMhz: Column;
  readonly cpuLowMhz: Column;
  readonly cpuSoonMhz: Column;
  readonly cpuLaterMhz: Column;
  readonly memoryActiveBytes: Column;
  readonly dirtyBytesPerS: Column;
  readonly localDiskBytes: Column;
  readonly storageSet: Column;
  readonly vlanSet: Column;
  readonly subnetText: Column;
  readonly cpuNeeds: Column;
  readonly labels: Column;
  readonly tierText: Column;
  readonly liveSessions: Column;
  readonly migratable: Column;
  readonly tieText: Column;
  readonly quickAllowed: Column;
  readonly postCopyAllowed: Column;
  readonly pinnedSet: Column;
  readonly known: Column;
  readonly doubt: Column;
  readonly lastMoveAtMs: Column;
}

/** A migration under way: the VM still runs on `from` and already has its place on `to`. */
export interface Flight {
  readonly vm: VmId;
  readonly from: HostId;
  readonly to: HostId;
  /** Quick ones only: a guest that is being saved takes no room on `to` yet, one that is saved none on `from` any more. */
  readonly quick?: 'saving' | 'saved';
}

/** The whole datacenter at one instant. Immutable; a successor shares every column that did not change. */
export interface Snapshot {
  readonly version: number;
  readonly atMs: number;
  readonly pools: Pools;
  readonly hosts: HostColumns;
  readonly vms: VmColumns;
  readonly traffic: Traffic;
  readonly rules: readonly Rule[];
  readonly flights: readonly Flight[];
  /** Left out where nothing is counted but the built-in resources. */
  readonly counted?: readonly CountedResource[];
}

/** What may differ from one snapshot to the next while the same hosts and VMs exist. */
export interface SnapshotChange {
  readonly atMs: number;
  readonly hosts?: Partial<Omit<HostColumns, 'ids' | 'index'>>;
  readonly vms?: Partial<Omit<VmColumns, 'ids' | 'index'>>;
  readonly flights?: readonly Flight[];
}

export function succeed(before: Snapshot, change: SnapshotChange): Snapshot {
  return {
    ...before,
    version: before.version + 1,
    atMs: change.atMs,
    hosts: change.hosts === undefined ? before.hosts : { ...before.hosts, ...change.hosts },
    vms: change.vms === undefined ? before.vms : { ...before.vms, ...change.vms },
    flights: change.flights ?? before.flights,
  };
}
