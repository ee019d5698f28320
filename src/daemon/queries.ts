import type { Observable } from 'rxjs';
import type { Verdicts } from '../domain/decision.ts';
import type { Plan, StepStatus } from '../domain/plan.ts';
import type { Mode, Prices } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';

export type LifecycleState = 'starting' | 'running' | 'draining' | 'stopped' | 'failed';

export interface DaemonStatus {
  readonly cluster: string;
  readonly version: string;
  readonly driver: string;
  readonly state: LifecycleState;
  readonly mode: Mode;
  readonly power: boolean;
  readonly prices: Prices;
  /** Datacenter time. */
  readonly nowMs: number;
  readonly startedAtMs: number;
  readonly cycles: number;
  readonly lastCycleAtMs: number | null;
  /** What keeps it from being ready, in a sentence; empty when it is. */
  readonly notReadyBecause: string;
}

export interface PolicyStatus {
  readonly id: string;
  readonly about: string;
  readonly version: string;
  /** 0 while it is not at work. */
  readonly weight: number;
  /** Complete, with its defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  /** JSON Schema of its options. */
  readonly optionsSchema: Readonly<Record<string, unknown>>;
  /** Why the newest version of its file, or its last run, was not used; empty when all is well. */
  readonly trouble: string;
}

/** How a plan came along: plans wait for a person in mode `confirm`. */
export interface PlanStatus {
  readonly plan: Plan;
  readonly state: 'recommended' | 'waiting for confirmation' | 'rejected' | 'under way' | 'ended' | 'superseded';
}

export type DaemonEvent =
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'verdicts' }
  | { readonly kind: 'plan' }
  | { readonly kind: 'step'; readonly status: StepStatus }
  | { readonly kind: 'lifecycle' };

/** What the API, the console and the CLI may ask the daemon, and tell it. */
export interface DaemonQueries {
  status(): DaemonStatus;
  snapshot(): Snapshot | undefined;
  /** The newest snapshot with rules, limits, prices and profile: the text of a case file. */
  caseText(): string | undefined;
  /** Newest first, bounded. */
  verdicts(): readonly Verdicts[];
  plans(): readonly PlanStatus[];
  /** Steps queued and under way, then those that ended lately, newest first. */
  steps(): readonly StepStatus[];
  policies(): readonly PolicyStatus[];
  /** How old the oldest datum was that this snapshot believed; nothing where it is no longer known. */
  dataAgeMs(snapshotVersion: number): number | undefined;
  readonly events: Observable<DaemonEvent>;
  /** Each gives a refusal in words, or nothing when it was done. */
  setMode(mode: Mode): string | undefined;
  confirm(planId: string): string | undefined;
  reject(planId: string): string | undefined;
}
