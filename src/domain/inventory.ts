import type { CountedResource } from './counted.ts';
import type { Host } from './host.ts';
import type { OpenPools } from './inventory-columns.ts';
import { hostColumns, newPools, valuesOf, vmColumns } from './inventory-columns.ts';
import { POWER_STATES } from './power.ts';
import { amountsOf } from './resources.ts';
import type { Rule } from './rule.ts';
import type { Flight, Snapshot } from './snapshot.ts';
import type { Flow } from './traffic.ts';
import { buildTraffic } from './traffic.ts';
import type { Vm } from './vm.ts';

/** A datacenter as plain objects: what drivers report and case files state. */
export interface Inventory {
  readonly atMs: number;
  readonly hosts: readonly Host[];
  readonly vms: readonly Vm[];
  readonly flows: readonly Flow[];
  readonly rules: readonly Rule[];
  readonly flights: readonly Flight[];
  readonly counted?: readonly CountedResource[];
}

/**
 * Objects to columns. The caller has checked that ids are unique and that each VM's host exists (the case reader and the
 * drivers do); what is broken here is a bug.
 */
export function toSnapshot(inventory: Inventory, version = 1): Snapshot {
  return { ...new Succession().next(inventory), version };
}

/** Values in a pool, for each row, beyond which old ones are given up: labels that never come twice must not pile up. */
const MOST_VALUES_PER_ROW = 4;
const ALWAYS_ALLOWED_VALUES = 10_000;

/**
 * Inventories of one datacenter to snapshots, one after the other: each shares with the one before it whatever has not
 * changed, and while the same hosts and VMs exist nothing is built anew but the columns that differ.
 */
export class Succession {
  #pools: OpenPools = newPools();
  #last: Snapshot | undefined;

  next(inventory: Inventory): Snapshot {
    if (this.#isCrowded(inventory)) this.#forget();
    const last = this.#last;
    const hosts = hostColumns(inventory.hosts, this.#pools, last?.hosts);
    const vms = vmColumns(inventory.vms, hosts, this.#pools, last?.vms);
    const isSameTraffic = last !== undefined && vms.index === last.vms.index && inventory.flows === last.traffic.flows;
    this.#last = {
      version: last === undefined ? 1 : last.version + 1,
      atMs: inventory.atMs,
      pools: valuesOf(this.#pools),
      hosts,
      vms,
      traffic: isSameTraffic ? last.traffic : buildTraffic(inventory.flows, vms.index),
      rules: last !== undefined && areAlike(last.rules, inventory.rules) ? last.rules : inventory.rules,
      flights: inventory.flights,
      ...(inventory.counted === undefined ? {} : { counted: inventory.counted }),
    };
    return this.#last;
  }

  #isCrowded({ hosts, vms }: Inventory): boolean {
    const most = MOST_VALUES_PER_ROW * (hosts.length + vms.length) + ALWAYS_ALLOWED_VALUES;
    return Object.values(this.#pools).some(({ values }) => values.length > most);
  }

  #forget(): void {
    this.#pools = newPools();
    this.#last = undefined;
  }
}

/** A driver may list the same rules anew each time. */
function areAlike(some: readonly Rule[], others: readonly Rule[]): boolean {
  if (some.length !== others.length) return false;
  return some.every((rule, i) => rule === others[i] || JSON.stringify(rule) === JSON.stringify(others[i]));
}

export function toInventory(snapshot: Snapshot): Inventory {
  return {
    atMs: snapshot.atMs,
    hosts: snapshot.hosts.ids.map((_, index) => hostAt(snapshot, index)),
    vms: snapshot.vms.ids.map((_, index) => vmAt(snapshot, index)),
    flows: snapshot.traffic.flows,
    rules: snapshot.rules,
    flights: snapshot.flights,
    ...(snapshot.counted === undefined ? {} : { counted: snapshot.counted }),
  };
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
    doubt: pools.doubts[hosts.doubt[i]!]!,
    provenToWake: hosts.provenToWake[i] === 1,
    mayBeWoken: hosts.mayBeWoken[i] === 1,
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
    localDiskBytes: vms.localDiskBytes[i]!,
    storages: pools.sets[vms.storageSet[i]!]!,
    vlans: pools.sets[vms.vlanSet[i]!]!,
    subnet: pools.texts[vms.subnetText[i]!]!,
    cpuNeeds: pools.cpuNeeds[vms.cpuNeeds[i]!]!,
    labels: pools.labels[vms.labels[i]!]!,
    tier: pools.texts[vms.tierText[i]!]!,
    liveSessions: vms.liveSessions[i]!,
    migratable: vms.migratable[i] === 1,
    tie: pools.texts[vms.tieText[i]!]!,
    quickAllowed: vms.quickAllowed[i] === 1,
    postCopyAllowed: vms.postCopyAllowed[i] === 1,
    pinnedTo: pools.sets[vms.pinnedSet[i]!]!,
    known: vms.known[i] === 1,
    doubt: pools.doubts[vms.doubt[i]!]!,
    lastMoveAtMs: vms.lastMoveAtMs[i]!,
  };
}
