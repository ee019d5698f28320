/**
 * A second judge of declared rules. It shares nothing with the core but the domain's words: it looks at plain objects and
 * says in words which required rules are broken as things stand.
 */
import type { Host } from '../../src/domain/host.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import type { BackupsRule, MostVmsRule, Rule } from '../../src/domain/rule.ts';
import type { Vm } from '../../src/domain/vm.ts';

type World = Pick<Inventory, 'hosts' | 'vms' | 'rules'>;

export function brokenRules(world: World): string[] {
  return world.rules.filter((rule) => !('preferred' in rule) || !rule.preferred).flatMap((rule) => faults(rule, world));
}

function faults(rule: Rule, { hosts, vms }: World): string[] {
  const hostOf = (vm: Vm) => hosts.find(({ id }) => id === vm.host)!;
  if (rule.kind === 'affinity' || rule.kind === 'anti-affinity') {
    const members = vms.filter(({ id }) => rule.vms.includes(id));
    const places = new Set(members.map((vm) => (rule.level === 'host' ? vm.host : hostOf(vm)[rule.level])));
    const isKept = rule.kind === 'affinity' ? places.size <= 1 : places.size === members.length;
    return isKept ? [] : [`${rule.kind} ${rule.id}`];
  }
  if (rule.kind === 'run-on' || rule.kind === 'keep-off') {
    const wrong = vms.filter((vm) => isMeant(vm, rule) && isChosen(hostOf(vm), rule) !== (rule.kind === 'run-on'));
    return wrong.map((vm) => `${rule.kind} ${rule.id}: ${vm.id} on ${vm.host}`);
  }
  if (rule.kind !== 'most-vms' && rule.kind !== 'backups') return [];
  return hosts.flatMap((host) => {
    const there = vms.filter((vm) => vm.host === host.id);
    return isCrowded(rule, host, there) ? [`${rule.kind} ${rule.id} on ${host.id}`] : [];
  });
}

/** Whether these VMs are more than the rule allows on the host at once. */
export function isCrowded(rule: MostVmsRule | BackupsRule, host: Host, there: readonly Vm[]): boolean {
  if (!isChosen(host, rule)) return false;
  if (rule.kind === 'most-vms') return there.filter((vm) => isMeant(vm, rule)).length > rule.most;
  const own = rule.jobs.map((job) => ({ ...job, there: there.filter((vm) => isMeant(vm, job)) }));
  const begun = own.filter((job) => job.there.length > 0).map(({ startMinute }) => startMinute);
  return [...new Set(begun)].some((minute) => {
    const running = own.filter(({ startMinute, minutes }) =>
      [minute, minute + 24 * 60].some((at) => at >= startMinute && at < startMinute + minutes),
    );
    return new Set(running.flatMap((job) => job.there)).size > rule.most;
  });
}

type Labelled = Pick<Vm, 'id' | 'labels'>;

function isAmong({ id, labels }: Labelled, ids: readonly string[], wanted: Vm['labels']): boolean {
  const names = Object.keys(wanted);
  if (ids.length === 0 && names.length === 0) return true;
  return ids.includes(id) || (names.length > 0 && names.every((name) => labels[name] === wanted[name]));
}

const isMeant = (vm: Vm, { vms, vmLabels }: { vms: readonly string[]; vmLabels: Vm['labels'] }) =>
  isAmong(vm, vms, vmLabels);

const isChosen = (host: Host, { hosts, hostLabels }: { hosts: readonly string[]; hostLabels: Vm['labels'] }) =>
  isAmong(host, hosts, hostLabels);
