import type { HostId } from './host.ts';
import type { VmId } from './vm.ts';

/** How close counts as together. */
export const LEVELS = ['host', 'rack', 'site'] as const;
export type Level = (typeof LEVELS)[number];

/**
 * A rule that somebody declared, as a value. Rules that follow from the facts alone (capacity, CPU, storage, VLAN,
 * subnet, maintenance, pinning, unknown data) need no declaration: they always hold.
 */
export interface SeparateRule {
  readonly kind: 'anti-affinity';
  readonly id: string;
  readonly vms: readonly VmId[];
  readonly level: Level;
}

export type Rule = SeparateRule;

/** Who forbids something, and why, in words and numbers. */
export interface Refusal {
  readonly rule: string;
  readonly because: string;
}

/** A rule that is broken as things stand. */
export interface Violation extends Refusal {
  readonly vms: readonly VmId[];
  readonly host: HostId;
}
