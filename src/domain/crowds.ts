import type { Column } from './columns.ts';
import type { BackupJob, BackupsRule, Level, MostVmsRule, Rule, SeparateRule } from './rule.ts';
import { flagged, selectedHosts, selectedVms } from './selection.ts';
import type { Snapshot } from './snapshot.ts';
import { DAY, MINUTE } from './units.ts';

export type CrowdRule = SeparateRule | MostVmsRule | BackupsRule;

/**
 * At most so many of these VMs in one place: what anti-affinity, a limit of VMs per host and backup windows come down
 * to. A rule about backups makes one crowd for each minute at which a job starts: there are never more at once than at
 * one of those.
 */
export interface Crowd {
  readonly rule: CrowdRule;
  readonly most: number;
  readonly members: readonly number[];
  readonly level: Level;
  /** Place of each host; ELSEWHERE for those that the rule is not about. */
  readonly placeOf: Column;
  /** For backups: the minute of the day that this is about. */
  readonly atMinute?: number;
}

export const ELSEWHERE = -1;

/** The crowds of those rules; what cannot be broken, because it has too few members, is left out. */
export function crowdsOf(rules: readonly Rule[], snapshot: Snapshot): Crowd[] {
  const placeOf = places(snapshot);
  return rules.flatMap((rule) => crowdsOfOne(rule, snapshot, placeOf)).filter(isBreakable);
}

export function isCrowdRule(rule: Rule): rule is CrowdRule {
  return rule.kind === 'anti-affinity' || rule.kind === 'most-vms' || rule.kind === 'backups';
}

/** Place of each host at a level. */
export function places({ hosts }: Snapshot): (level: Level) => Column {
  const own = new Int32Array(hosts.ids.length);
  for (let host = 0; host < own.length; host++) own[host] = host;
  return (level) => (level === 'host' ? own : level === 'rack' ? hosts.rackText : hosts.siteText);
}

const isBreakable = ({ members, most }: Crowd): boolean => members.length > most;

function crowdsOfOne(rule: Rule, snapshot: Snapshot, placeOf: (level: Level) => Column): Crowd[] {
  if (rule.kind === 'anti-affinity') {
    const members = [...new Set(rule.vms.flatMap((id) => snapshot.vms.index.get(id) ?? []))];
    return [{ rule, most: 1, members, level: rule.level, placeOf: placeOf(rule.level) }];
  }
  if (rule.kind === 'most-vms') {
    const own = hostsAmong(selectedHosts(rule, snapshot), placeOf('host'));
    return [{ rule, most: rule.most, members: selectedVms(rule, snapshot), level: 'host', placeOf: own }];
  }
  return rule.kind === 'backups' ? crowdsOfBackups(rule, snapshot, placeOf('host')) : [];
}

function crowdsOfBackups(rule: BackupsRule, snapshot: Snapshot, hosts: Column): Crowd[] {
  const placeOf = hostsAmong(selectedHosts(rule, snapshot), hosts);
  const { most } = rule;
  const backedUp = rule.jobs.map((job) => ({ job, vms: selectedVms(job, snapshot) }));
  const starts = new Set(rule.jobs.map(({ startMinute }) => startMinute));
  return [...starts].map((atMinute): Crowd => {
    const during = backedUp.filter(({ job }) => isDuring(job, atMinute));
    const members = [...new Set(during.flatMap(({ vms }) => vms))].sort((a, b) => a - b);
    return { rule, most, members, level: 'host', placeOf, atMinute };
  });
}

const MINUTES_PER_DAY = DAY / MINUTE;

/** A job may run past midnight. */
function isDuring({ startMinute, minutes }: BackupJob, atMinute: number): boolean {
  return (atMinute - startMinute + MINUTES_PER_DAY) % MINUTES_PER_DAY < minutes;
}

function hostsAmong(chosen: readonly number[], hosts: Column): Column {
  if (chosen.length === hosts.length) return hosts;
  const isChosen = flagged(chosen, hosts.length);
  return Int32Array.from({ length: hosts.length }, (_, host) => (isChosen[host] === 1 ? host : ELSEWHERE));
}
