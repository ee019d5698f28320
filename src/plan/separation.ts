import type { Column } from '../domain/columns.ts';
import type { SeparateRule } from '../domain/rule.ts';
import type { Snapshot } from '../domain/snapshot.ts';

interface Group {
  readonly rule: SeparateRule;
  /** Where each host is, at the level of the rule. */
  readonly locationOf: (host: number) => number;
  /** VMs by location; one in flight between two hosts of a location stands there twice. */
  readonly inside: Map<number, number[]>;
}

export interface Conflict {
  readonly rule: SeparateRule;
  /** Who is there already. */
  readonly vm: number;
}

/** Who stands where, as far as anti-affinity is concerned; VMs in flight stand at both ends. */
export class Separation {
  readonly #groupsOf = new Map<number, Group[]>();

  constructor(snapshot: Snapshot) {
    for (const rule of snapshot.rules) this.#watch(rule, snapshot);
  }

  enter(vm: number, host: number): void {
    for (const group of this.groupsOf(vm)) {
      const location = group.locationOf(host);
      const inside = group.inside.get(location);
      if (inside === undefined) group.inside.set(location, [vm]);
      else inside.push(vm);
    }
  }

  leave(vm: number, host: number): void {
    for (const group of this.groupsOf(vm)) {
      const inside = group.inside.get(group.locationOf(host));
      const at = inside?.indexOf(vm) ?? -1;
      if (at >= 0) inside?.splice(at, 1);
    }
  }

  /** What the VM's arrival would newly break; moving about within a location breaks nothing new. */
  conflict(vm: number, host: number): Conflict | undefined {
    for (const { rule, locationOf, inside } of this.groupsOf(vm)) {
      const there = inside.get(locationOf(host));
      if (there === undefined || there.includes(vm)) continue;
      const other = there[0];
      if (other !== undefined) return { rule, vm: other };
    }
    return undefined;
  }

  groupsOf(vm: number): readonly Group[] {
    return this.#groupsOf.get(vm) ?? NO_GROUPS;
  }

  #watch(rule: SeparateRule, snapshot: Snapshot): void {
    const group: Group = { rule, locationOf: locations(rule, snapshot), inside: new Map() };
    for (const id of rule.vms) {
      const vm = snapshot.vms.index.get(id);
      if (vm === undefined) continue;
      const groups = this.#groupsOf.get(vm);
      if (groups === undefined) this.#groupsOf.set(vm, [group]);
      else groups.push(group);
    }
  }
}

const NO_GROUPS: readonly Group[] = [];

function locations({ level }: SeparateRule, { hosts }: Snapshot): (host: number) => number {
  if (level === 'host') return (host) => host;
  const column: Column = level === 'rack' ? hosts.rackText : hosts.siteText;
  return (host) => column[host]!;
}
