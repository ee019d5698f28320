import type { Labels } from './columns.ts';
import type { HostId } from './host.ts';
import type { VmId } from './vm.ts';

/** How close counts as together. */
export const LEVELS = ['host', 'rack', 'site'] as const;
export type Level = (typeof LEVELS)[number];

/** When a rule must hold: once a plan is done, or at each of its instants, VMs in flight counting at both ends. */
export const MOMENTS = ['end', 'every step'] as const;
export type Moment = (typeof MOMENTS)[number];

/** VMs by name, and those that carry all of the labels; where neither is given, all VMs. */
export interface VmSelection {
  readonly vms: readonly VmId[];
  readonly vmLabels: Labels;
}

/** Hosts by name, and those that carry all of the labels; where neither is given, all hosts. */
export interface HostSelection {
  readonly hosts: readonly HostId[];
  readonly hostLabels: Labels;
}

interface Named {
  readonly id: string;
}

interface Preferable {
  /** A preferred rule is a price: it may be broken where keeping it would cost more. Not said: required. */
  readonly preferred?: boolean;
}

interface Lasting {
  /** Not said: at every step. */
  readonly at?: Moment;
}

/** Keeps VMs apart. */
export interface SeparateRule extends Named, Preferable, Lasting {
  readonly kind: 'anti-affinity';
  readonly vms: readonly VmId[];
  readonly level: Level;
}

/** Keeps VMs together. On the way from one host to another they come one after the other, so it holds at the end. */
export interface TogetherRule extends Named, Preferable {
  readonly kind: 'affinity';
  readonly vms: readonly VmId[];
  readonly level: Level;
}

/** Where VMs may run (`run-on`) or may not (`keep-off`). */
export interface HostRule extends Named, Preferable, Lasting, VmSelection, HostSelection {
  readonly kind: 'run-on' | 'keep-off';
}

/** At most so many of these VMs on each of these hosts. */
export interface MostVmsRule extends Named, Lasting, VmSelection, HostSelection {
  readonly kind: 'most-vms';
  readonly most: number;
}

/** When some VMs are backed up, day by day. */
export interface BackupJob extends VmSelection {
  /** Minutes after midnight, UTC. */
  readonly startMinute: number;
  readonly minutes: number;
}

/** At most so many VMs of each of these hosts are being backed up at once. */
export interface BackupsRule extends Named, Lasting, HostSelection {
  readonly kind: 'backups';
  readonly most: number;
  readonly jobs: readonly BackupJob[];
}

/** Keeps VMs in several places at once, so that losing one leaves others. It holds at the end of a plan. */
export interface SpreadRule extends Named {
  readonly kind: 'spread';
  readonly vms: readonly VmId[];
  readonly level: Level;
  /** In so many places at least. */
  readonly least: number;
}

/** Wherever one of the VMs runs, one of those that they depend on runs too. It holds at the end of a plan. */
export interface DependsRule extends Named {
  readonly kind: 'depends-on';
  readonly vms: readonly VmId[];
  readonly on: readonly VmId[];
  readonly level: Level;
}

/** Any so many hosts may fail, and all of these VMs still fit on the others. */
export interface FailoverRule extends Named, VmSelection {
  readonly kind: 'failover';
  readonly failures: number;
}

/**
 * A rule that somebody declared, as a value. Rules that follow from the facts alone (capacity, CPU, storage, VLAN,
 * subnet, maintenance, pinning, unknown data) need no declaration: they always hold.
 */
export type Rule =
  | SeparateRule
  | TogetherRule
  | HostRule
  | MostVmsRule
  | BackupsRule
  | SpreadRule
  | DependsRule
  | FailoverRule;

/** True where breaking it is forbidden, and not merely dear. */
export function isRequired(rule: Rule): boolean {
  return !('preferred' in rule) || rule.preferred !== true;
}

/** Whether it holds at each instant of a plan and not only at its end. */
export function isContinuous(rule: Rule): boolean {
  if (rule.kind === 'affinity' || rule.kind === 'failover') return false;
  return rule.kind !== 'spread' && rule.kind !== 'depends-on' && rule.at !== 'end';
}

/** Who forbids something, and why, in words and numbers. */
export interface Refusal {
  readonly rule: string;
  readonly because: string;
  /** What would have to change for it to be allowed, where that can be said. */
  readonly remedy?: string;
}

/** A rule that is broken as things stand. */
export interface Violation extends Refusal {
  readonly vms: readonly VmId[];
  readonly host: HostId;
}
