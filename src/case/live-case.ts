import type { Column, Labels } from '../domain/columns.ts';
import { toInventory } from '../domain/inventory.ts';
import type { Limits } from '../domain/profile.ts';
import type { DependsRule, HostSelection, Rule, SpreadRule, VmSelection } from '../domain/rule.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Case } from './case.ts';
import { writeCase } from './write-case.ts';

/**
 * The situation of a running datacenter as a case. What rules and limits say of hosts and VMs that are not there (any
 * more) says nothing about it, and a case that named them would be taken for mistyped.
 */
export function liveCaseText(snapshot: Snapshot, { profile, prices, limits, power }: Omit<Case, 'inventory'>): string {
  const inventory = toInventory(snapshot);
  const present = new Present(snapshot);
  const rules = inventory.rules.flatMap((rule) => present.rule(rule));
  return writeCase({ inventory: { ...inventory, rules }, profile, prices, limits: present.limits(limits), power });
}

const LEAST_IN_GROUP = 2;

class Present {
  readonly #snapshot: Snapshot;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  limits(limits: Limits): Limits {
    const hosts = Object.entries(limits.hosts).filter(([host]) => this.#isHost(host));
    const pairs = limits.pairs.filter((pair) => pair.hosts.every((host) => this.#isHost(host)));
    return { ...limits, hosts: Object.fromEntries(hosts), pairs };
  }

  /** What is left of the rule, if anything. */
  rule(rule: Rule): Rule[] {
    if (rule.kind === 'affinity' || rule.kind === 'anti-affinity') {
      const vms = rule.vms.filter((vm) => this.#isVm(vm));
      return vms.length < LEAST_IN_GROUP ? [] : [{ ...rule, vms }];
    }
    if (rule.kind === 'spread' || rule.kind === 'depends-on') return this.#inCompany(rule);
    const onHosts = 'hosts' in rule ? this.#ofHosts(rule) : [rule];
    return onHosts.flatMap((left) => this.#ofVms(left));
  }

  #inCompany(rule: SpreadRule | DependsRule): Rule[] {
    const vms = rule.vms.filter((vm) => this.#isVm(vm));
    if (rule.kind === 'spread') return vms.length < LEAST_IN_GROUP ? [] : [{ ...rule, vms }];
    const on = rule.on.filter((vm) => this.#isVm(vm));
    return vms.length === 0 || on.length === 0 ? [] : [{ ...rule, vms, on }];
  }

  #ofHosts<R extends HostSelection>(rule: R): R[] {
    const hosts = rule.hosts.filter((host) => this.#isHost(host));
    const hostLabels = this.#carried(rule.hostLabels, this.#snapshot.hosts.labels);
    return isEmptied(rule.hosts, rule.hostLabels, hosts, hostLabels) ? [] : [{ ...rule, hosts, hostLabels }];
  }

  #ofVms(rule: Exclude<Rule, { readonly kind: 'affinity' | 'anti-affinity' | 'spread' | 'depends-on' }>): Rule[] {
    if (rule.kind !== 'backups') return this.#selecting<typeof rule>(rule);
    const jobs = rule.jobs.flatMap((job) => this.#selecting(job));
    return jobs.length === 0 ? [] : [{ ...rule, jobs }];
  }

  #selecting<S extends VmSelection>(selection: S): S[] {
    const vms = selection.vms.filter((vm) => this.#isVm(vm));
    const vmLabels = this.#carried(selection.vmLabels, this.#snapshot.vms.labels);
    return isEmptied(selection.vms, selection.vmLabels, vms, vmLabels) ? [] : [{ ...selection, vms, vmLabels }];
  }

  /** Labels of which one is carried by nobody select nobody. */
  #carried(labels: Labels, rows: Column): Labels {
    const pool = this.#snapshot.pools.labels;
    const own = [...new Set(Array.from(rows))].map((row) => pool[row]!);
    const isCarried = ([name, value]: readonly [string, string]) => own.some((each) => each[name] === value);
    return Object.entries(labels).every(isCarried) ? labels : {};
  }

  #isHost(id: string): boolean {
    return this.#snapshot.hosts.index.has(id);
  }

  #isVm(id: string): boolean {
    return this.#snapshot.vms.index.has(id);
  }
}

/** A selection that says nothing selects everything: one that selects nothing any more must not become that. */
function isEmptied(names: readonly string[], labels: object, left: readonly string[], leftLabels: object): boolean {
  const said = names.length + Object.keys(labels).length;
  return said > 0 && left.length + Object.keys(leftLabels).length === 0;
}
