import type { Change } from './change.ts';
import type { HostId } from './host.ts';
import type { Refusal, Violation } from './rule.ts';

/** The order of business in every cycle. */
export const PHASES = ['repair', 'relieve', 'improve'] as const;
export type Phase = (typeof PHASES)[number];

/** One term of the running cost, before and after, in money per hour. */
export interface TermChange {
  readonly term: string;
  readonly beforePerHour: number;
  readonly afterPerHour: number;
}

/** A proposal with its verdict. All of its changes happen, or none. */
export interface Decision {
  readonly id: string;
  readonly phase: Phase;
  /** Id of the policy that asked for it, or 'core' where a rule did. */
  readonly policy: string;
  /** Hash of the policy's file; empty for the core. */
  readonly policyVersion: string;
  readonly changes: readonly Change[];
  /** Absent: accepted. */
  readonly refusal?: Refusal;
  readonly terms: readonly TermChange[];
  readonly savingPerHour: number;
  readonly onceCost: number;
  /** How long until the saving has paid for the change; null where it is done for a rule and not for money. */
  readonly paybackMs: number | null;
  readonly because: string;
}

export const isAccepted = (decision: Decision): boolean => decision.refusal === undefined;

/** What a cycle of decisions did to the fleet, in figures. */
export interface Efficacy {
  readonly costBeforePerHour: number;
  readonly costAfterPerHour: number;
  readonly onceCost: number;
  readonly moves: number;
  readonly switchedOn: number;
  readonly switchedOff: number;
  readonly hostsOnBefore: number;
  readonly hostsOnAfter: number;
  readonly bytesToCopy: number;
}

/** A host that is on, and why it is not switched off as well. */
export interface HostStaysOn {
  readonly host: HostId;
  readonly refusal: Refusal;
}

/** All that one cycle decided, with what it saw that was wrong and what it could not do. */
export interface Verdicts {
  readonly snapshotVersion: number;
  readonly atMs: number;
  readonly decisions: readonly Decision[];
  readonly violations: readonly Violation[];
  /** Violations that would still stand after the accepted decisions. */
  readonly unrepaired: readonly Violation[];
  readonly terms: readonly TermChange[];
  readonly efficacy: Efficacy;
  /** Where it costs something that hosts are on: why they are; in large fleets only some of them. */
  readonly staysOn: readonly HostStaysOn[];
  /** Policies that failed in this cycle and were skipped. */
  readonly skipped: readonly { readonly policy: string; readonly because: string }[];
  /** Which limits cut the search short, in words; empty when it ran to its end. */
  readonly limitsHit: readonly string[];
}
