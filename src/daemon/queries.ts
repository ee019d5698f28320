import type { Observable } from 'rxjs';
import type { Verdicts } from '../domain/decision.ts';
import type { Plan, StepStatus } from '../domain/plan.ts';
import type { Mode, Prices } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { ForecastState } from '../observe/forecast.ts';
import type { Signals } from '../observe/signals.ts';
import type { Trust } from '../observe/trust-gate.ts';
import type { History } from '../ports/history.ts';
import type { Operator } from './operator.ts';

export type { ForecastState } from '../observe/forecast.ts';

export type LifecycleState = 'starting' | 'running' | 'draining' | 'stopped' | 'failed';

export interface DaemonStatus {
  readonly cluster: string;
  readonly version: string;
  readonly driver: string;
  readonly state: LifecycleState;
  readonly mode: Mode;
  readonly power: boolean;
  /** Since when nothing is started because a person said so; null while things are. */
  readonly pausedSinceMs: number | null;
  readonly prices: Prices;
  /** Datacenter time. */
  readonly nowMs: number;
  readonly startedAtMs: number;
  readonly cycles: number;
  readonly lastCycleAtMs: number | null;
  /** What keeps it from being ready, in a sentence; empty when it is. */
  readonly notReadyBecause: string;
  /** What is not as it should be out there and needs a person, or time: a sentence each. */
  readonly troubles: readonly string[];
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

/** What is seen of one host or VM: whether its data is believed, and if not why, and what its processors do. */
export interface Observation {
  readonly trust: Trust;
  readonly cpu: Signals;
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

export type Past = Omit<History, 'recordCase'>;

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
  /** Nothing where the newest snapshot has none of that id. */
  observed(kind: 'host' | 'vm', id: string): Observation | undefined;
  /** By which methods the VMs are foreseen, and how many not yet. */
  forecastState(): ForecastState;
  readonly events: Observable<DaemonEvent>;
  /** For persons who want something done. */
  readonly operator: Operator;
  /** What was decided, planned and done, within bounds. */
  readonly past: Past;
  /** Each gives a refusal in words, or nothing when it was done. */
  setMode(mode: Mode): string | undefined;
  confirm(planId: string, only?: readonly string[]): string | undefined;
  reject(planId: string): string | undefined;
}
