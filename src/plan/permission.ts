import type { Column } from '../domain/columns.ts';
import { ON } from '../domain/power.ts';
import { isContinuous, isRequired } from '../domain/rule.ts';
import { hostsAllowedBy, selectedVms } from '../domain/selection.ts';
import type { Snapshot } from '../domain/snapshot.ts';

/** Whether facts and rules let a VM run on a host, room and neighbours apart: what a host for a stop-over has to meet. */
export function permits(snapshot: Snapshot, vm: number, host: number): boolean {
  const { hosts, vms, pools } = snapshot;
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
    has(cpu.features, needs.features) &&
    (allowances(snapshot).get(vm) ?? []).every((isAllowed) => isAllowed[host] === 1)
  );
}

/** By VM, for each rule that says where it may run at every step, the hosts that it allows. */
type Allowances = ReadonlyMap<number, readonly Column[]>;

/** Many stop-overs are looked for in one snapshot, if any. */
const remembered = new WeakMap<Snapshot, Allowances>();

function allowances(snapshot: Snapshot): Allowances {
  const known = remembered.get(snapshot);
  if (known !== undefined) return known;
  const found = new Map<number, Column[]>();
  for (const rule of snapshot.rules) {
    const isAboutPlaces = rule.kind === 'run-on' || rule.kind === 'keep-off';
    if (!isAboutPlaces || !isRequired(rule) || !isContinuous(rule)) continue;
    const isAllowed = hostsAllowedBy(rule, snapshot);
    for (const vm of selectedVms(rule, snapshot)) found.set(vm, [...(found.get(vm) ?? []), isAllowed]);
  }
  remembered.set(snapshot, found);
  return found;
}
