import { crowdsOf } from '../domain/crowds.ts';
import type { Host } from '../domain/host.ts';
import { toSnapshot } from '../domain/inventory.ts';
import { type BackupJob, LEVELS, type MostVmsRule, type Rule } from '../domain/rule.ts';
import type { Vm } from '../domain/vm.ts';
import { oneOf, type SeededRandom, wholeBelow } from './random.ts';

/** VMs that somebody runs together, where they are. */
export interface SettledService {
  readonly name: string;
  readonly vms: readonly Vm[];
}

const OTHER_RACKS = 2;
const QUARTER_HOURS = 96;
const BACKUP_MINUTES = 60;
const LEAST_BACKUPS_AT_ONCE = 2;
/** VMs that a host may take on beyond the fullest of the start. */
const VMS_TO_SPARE = 2;

/**
 * Rules of the other kinds: affinity, run-on and keep-off for single services, backups for many, a limit of VMs per host
 * for all. They are made after the places, and those that are required hold from the start.
 */
export function generateRules(
  services: readonly SettledService[],
  hosts: readonly Host[],
  variety: number,
  random: SeededRandom,
): Rule[] {
  const chosen = services.filter(({ vms }) => vms.length > 0 && random.next() < variety);
  const hostOf = new Map(hosts.map((host) => [host.id, host]));
  const own = chosen.flatMap((service, n) => KINDS[n % KINDS.length]!(service, hosts, hostOf, random) ?? []);
  const jobs = chosen.map(({ vms }) => backupJob(vms, random));
  const all = services.flatMap(({ vms }) => vms);
  return [...own, ...backups(jobs, hosts, all), ...(chosen.length === 0 ? [] : [mostVms(all)])];
}

type HostById = ReadonlyMap<string, Host>;
type Kind = (
  service: SettledService,
  hosts: readonly Host[],
  hostOf: HostById,
  random: SeededRandom,
) => Rule | undefined;

const KINDS: readonly Kind[] = [
  ({ name, vms }, _, hostOf) => {
    const level = LEVELS.find((each) => new Set(vms.map((vm) => placeOf(hostOf.get(vm.host)!, each))).size === 1);
    if (level === undefined || vms.length < 2) return undefined;
    return { kind: 'affinity', id: `${name}-together`, vms: vms.map(({ id }) => id), level };
  },
  ({ name, vms }, hosts, hostOf, random) => {
    const racks = new Set(vms.map((vm) => hostOf.get(vm.host)!.rack));
    for (let n = 0; n < OTHER_RACKS; n++) racks.add(oneOf(random, hosts).rack);
    const ids = hosts.filter(({ rack }) => racks.has(rack)).map(({ id }) => id);
    return { kind: 'run-on', id: `${name}-racks`, ...onlyVms(vms), hosts: ids, hostLabels: {} };
  },
  ({ name, vms }, hosts, _, random) => {
    const off = oneOf(random, hosts).id;
    if (vms.some((vm) => vm.host === off)) return undefined;
    return { kind: 'keep-off', id: `${name}-not-there`, ...onlyVms(vms), hosts: [off], hostLabels: {} };
  },
  ({ name, vms }) => {
    if (vms.length < 2) return undefined;
    return { kind: 'affinity', id: `${name}-close`, vms: vms.map(({ id }) => id), level: 'rack', preferred: true };
  },
];

const placeOf = (host: Host, level: (typeof LEVELS)[number]): string => (level === 'host' ? host.id : host[level]);

const onlyVms = (vms: readonly Vm[]) => ({ vms: vms.map(({ id }) => id), vmLabels: {} });

function backupJob(vms: readonly Vm[], random: SeededRandom): BackupJob {
  const startMinute = 15 * wholeBelow(random, QUARTER_HOURS);
  return { startMinute, minutes: BACKUP_MINUTES, ...onlyVms(vms) };
}

/** As many at once as there are at the start. */
function backups(jobs: readonly BackupJob[], hosts: readonly Host[], vms: readonly Vm[]): Rule[] {
  if (jobs.length === 0) return [];
  const rule = {
    kind: 'backups',
    id: 'backups',
    most: LEAST_BACKUPS_AT_ONCE,
    jobs,
    hosts: [],
    hostLabels: {},
  } as const;
  const snapshot = toSnapshot({ atMs: 0, hosts, vms, flows: [], rules: [], flights: [] });
  const there = crowdsOf([rule], snapshot).map(({ members }) => mostAlike(members.map((vm) => snapshot.vms.host[vm]!)));
  return [{ ...rule, most: Math.max(rule.most, ...there) }];
}

function mostVms(vms: readonly Vm[]): MostVmsRule {
  const most = mostAlike(vms.map(({ host }) => host)) + VMS_TO_SPARE;
  return { kind: 'most-vms', id: 'not-too-many', most, vms: [], vmLabels: {}, hosts: [], hostLabels: {} };
}

/** How often the commonest of them comes. */
function mostAlike<T>(values: readonly T[]): number {
  const counts = new Map<T, number>();
  let most = 0;
  for (const value of values) {
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    most = Math.max(most, count);
  }
  return most;
}
