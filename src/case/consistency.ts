import { didYouMean } from '../config/closest.ts';
import { hostsOfLimits } from '../config/host-names.ts';
import { shown, valueAt } from '../config/issues.ts';
import { type Problems, pathWords } from '../config/problem.ts';
import type { Labels } from '../domain/columns.ts';
import type { Host } from '../domain/host.ts';
import type { Limits } from '../domain/profile.ts';
import type { Rule, VmSelection } from '../domain/rule.ts';
import { hostsNamedBy } from '../domain/selection.ts';
import type { Flight } from '../domain/snapshot.ts';
import type { Flow } from '../domain/traffic.ts';
import type { Vm } from '../domain/vm.ts';

/** The lists of a case as far as they could be read: what did not fit its schema is a hole. */
export interface Lists {
  readonly hosts: readonly (Host | undefined)[];
  readonly vms: readonly (Vm | undefined)[];
  readonly flows: readonly (Flow | undefined)[];
  readonly rules: readonly (Rule | undefined)[];
  readonly flights: readonly (Flight | undefined)[];
}

export type RawLists = Readonly<Record<keyof Lists, readonly unknown[]>>;

/** What names what: ids are unique, and whoever names a host or VM names one that exists. */
export function reportInconsistency(lists: Lists, raw: RawLists, limits: Limits | undefined, problems: Problems): void {
  const hostIds = uniqueIds(raw.hosts, 'hosts', problems);
  const vmIds = uniqueIds(raw.vms, 'vms', problems);
  uniqueIds(raw.rules, 'rules', problems);
  const isHost = nameCheck('host', hostIds, problems);
  const isVm = nameCheck('VM', vmIds, problems);
  each(lists.vms, (vm, v) => {
    isHost(vm.host, () => `vms[${v}].host`);
    each(vm.pinnedTo, (host, p) => isHost(host, () => `vms[${v}].pinnedTo[${p}]`));
  });
  each(lists.rules, (rule, r) => reportRule(rule, `rules[${r}]`, isHost, isVm));
  reportLabels(lists, problems);
  each(lists.flows, (flow, f) => {
    isVm(flow.from, () => `flows[${f}].from`);
    isVm(flow.to, () => `flows[${f}].to`);
    if (flow.from === flow.to) problems.add(`flows[${f}]`, () => `is from ${flow.from} to itself, should be left out`);
  });
  reportFlights(lists, isHost, isVm, problems);
  if (limits === undefined) return;
  for (const { host, path } of hostsOfLimits(limits)) isHost(host, () => pathWords(['limits', ...path]));
}

function reportRule(rule: Rule, path: string, isHost: NameCheck, isVm: NameCheck): void {
  const vmsNamed = ({ vms }: Pick<VmSelection, 'vms'>, at: string) =>
    each(vms, (vm, v) => isVm(vm, () => `${at}.vms[${v}]`));
  if (rule.kind === 'backups') each(rule.jobs, (job, j) => vmsNamed(job, `${path}.jobs[${j}]`));
  else vmsNamed(rule, path);
  if (rule.kind === 'depends-on') each(rule.on, (vm, v) => isVm(vm, () => `${path}.on[${v}]`));
  each(hostsNamedBy(rule), (host, h) => isHost(host, () => `${path}.hosts[${h}]`));
}

/** A label that nobody carries is most likely mistyped. */
function reportLabels({ rules, hosts, vms }: Lists, problems: Problems): void {
  const check = (labels: Labels, rows: Lists['hosts'] | Lists['vms'], kind: string, path: string) => {
    for (const [name, value] of Object.entries(labels)) {
      if (rows.some((row) => row?.labels[name] === value)) continue;
      problems.add(path, () => `asks for ${name}: ${shown(value)}, which no ${kind} of this case carries`);
    }
  };
  each(rules, (rule, r) => {
    if ('vmLabels' in rule) check(rule.vmLabels, vms, 'VM', `rules[${r}].vmLabels`);
    if ('hostLabels' in rule) check(rule.hostLabels, hosts, 'host', `rules[${r}].hostLabels`);
    if (rule.kind !== 'backups') return;
    each(rule.jobs, ({ vmLabels }, j) => check(vmLabels, vms, 'VM', `rules[${r}].jobs[${j}].vmLabels`));
  });
}

function reportFlights({ flights, vms }: Lists, isHost: NameCheck, isVm: NameCheck, problems: Problems): void {
  const flying = new Map(flights.map((flight) => [flight?.vm, flight]));
  const places = new Map<string, string>();
  each(vms, (vm) => {
    if (flying.has(vm.id)) places.set(vm.id, vm.host);
  });
  each(flights, (flight, f) => {
    isVm(flight.vm, () => `flights[${f}].vm`);
    isHost(flight.to, () => `flights[${f}].to`);
    if (!isHost(flight.from, () => `flights[${f}].from`)) return;
    const place = places.get(flight.vm) ?? flight.from;
    if (flying.get(flight.vm) !== flight) {
      problems.add(
        `flights[${f}].vm`,
        () => `is ${shown(flight.vm)}, which is in more than one flight, should be in one`,
      );
    }
    if (flight.from === flight.to) {
      problems.add(`flights[${f}].to`, () => `is ${shown(flight.to)} like its from, should be another host`);
    }
    if (flight.from !== place) {
      const what = () => `is ${shown(flight.from)}, should be ${shown(place)}, where ${flight.vm} still runs`;
      problems.add(`flights[${f}].from`, what);
    }
  });
}

function uniqueIds(elements: readonly unknown[], list: string, problems: Problems): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  elements.forEach((element, index) => {
    const id = valueAt(element, ['id']);
    if (typeof id !== 'string') return;
    const twin = first.get(id);
    if (twin === undefined) first.set(id, index);
    else problems.add([list, index, 'id'], () => `is ${shown(id)} like ${list}[${twin}].id, should be unique`);
  });
  return first;
}

type NameCheck = (name: string, path: () => string) => boolean;

function nameCheck(kind: string, ids: ReadonlyMap<string, number>, problems: Problems): NameCheck {
  return (name, path) => {
    if (ids.has(name)) return true;
    const what = () => `is ${shown(name)}, which is no ${kind} of this case${didYouMean(name, ids.keys())}`;
    problems.add(path(), what);
    return false;
  };
}

function each<T>(elements: readonly (T | undefined)[], visit: (element: T, index: number) => unknown): void {
  elements.forEach((element, index) => {
    if (element !== undefined) visit(element, index);
  });
}
