import { ON } from '../domain/power.ts';
import type { Snapshot } from '../domain/snapshot.ts';

/** Whether the facts let a VM run on a host, room and neighbours apart: what a host for a stop-over has to meet. */
export function permits({ hosts, vms, pools }: Snapshot, vm: number, host: number): boolean {
  const has = (own: readonly string[], needed: readonly string[]) => needed.every((item) => own.includes(item));
  const setOf = (column: number) => pools.sets[column]!;
  const pinnedTo = setOf(vms.pinnedSet[vm]!);
  const subnet = pools.texts[vms.subnetText[vm]!]!;
  const needs = pools.cpuNeeds[vms.cpuNeeds[vm]!]!;
  const cpu = pools.cpuKinds[hosts.cpuKind[host]!]!;
  return (
    hosts.power[host] === ON &&
    hosts.known[host] === 1 &&
    hosts.maintenance[host] === 0 &&
    vms.migratable[vm] === 1 &&
    (pinnedTo.length === 0 || pinnedTo.includes(hosts.ids[host]!)) &&
    (subnet === '' || subnet === pools.texts[hosts.subnetText[host]!]) &&
    has(setOf(hosts.storageSet[host]!), setOf(vms.storageSet[vm]!)) &&
    has(setOf(hosts.vlanSet[host]!), setOf(vms.vlanSet[vm]!)) &&
    (needs.vendor === '' || needs.vendor === cpu.vendor) &&
    has(cpu.features, needs.features)
  );
}
