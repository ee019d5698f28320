import type { Verdicts } from '../domain/decision.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { Plan, Step, StepState } from '../domain/plan.ts';

export interface StepOutcome {
  readonly state: Extract<StepState, 'done' | 'overtaken' | 'failed' | 'cancelled'>;
  readonly because: string;
  readonly atMs: number;
}

export interface RecordedStep {
  readonly step: Step;
  readonly plan: string;
  readonly begunAtMs: number;
  readonly outcome: StepOutcome | null;
}

/** A hook around one try of a migration. From when it begins until it ends its call after is owed. */
export interface RecordedHook {
  readonly id: string;
  /** By its name in the configuration. */
  readonly hook: string;
  readonly step: string;
  readonly vm: string;
  readonly from: string;
  readonly to: string;
  readonly begunAtMs: number;
  readonly outcome: StepOutcome | null;
}

/**
 * Write-ahead memory. Each call returns once what it was told is on disk, and throws when it cannot be: then nothing
 * may be done that relies on it.
 */
export interface Journal {
  /** Before the command is sent. */
  beginStep(step: Step, plan: string, atMs: number): void;
  /** After its outcome is known. */
  endStep(stepId: string, outcome: StepOutcome): void;
  /** Steps begun of which no outcome is known: what a crash left behind. */
  unfinishedSteps(): readonly RecordedStep[];
  /** Before its first call is made. */
  beginHook(hook: Omit<RecordedHook, 'outcome'>): void;
  /** After its last call is over. */
  endHook(hookId: string, outcome: StepOutcome): void;
  /** In the order in which they were begun. */
  unfinishedHooks(): readonly RecordedHook[];
  recordMigration(entry: LedgerEntry): void;
  /** Newest first. */
  recentMigrations(most: number): readonly LedgerEntry[];
  recordVerdicts(verdicts: Verdicts): void;
  recordPlan(plan: Plan): void;
  /** Newest first. */
  recentSteps(most: number): readonly RecordedStep[];
  recentVerdicts(most: number): readonly Verdicts[];
  close(): void;
}
