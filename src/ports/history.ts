import type { Verdicts } from '../domain/decision.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { Plan } from '../domain/plan.ts';
import type { RecordedHook, RecordedStep } from './journal.ts';

/** One cycle of the past. Cycles are numbered by the version of the snapshot that they went by. */
export interface RecordedCycle {
  readonly cycle: number;
  readonly verdicts: Verdicts;
  /** Whether what it went by was kept, so that it can be decided again. */
  readonly hasCase: boolean;
}

/** What was decided, planned and done, within bounds. */
export interface History {
  /** Keeps what a cycle went by: the text of a case file. */
  recordCase(cycle: number, caseText: string): void;
  /** Newest first, those before the given cycle. */
  cycles(most: number, before?: number): readonly RecordedCycle[];
  cycle(cycle: number): RecordedCycle | undefined;
  caseText(cycle: number): string | undefined;
  /** The plan that was made in the cycle. */
  planOf(cycle: number): Plan | undefined;
  /** In the order in which they were begun. */
  stepsOf(planId: string): readonly RecordedStep[];
  /** Around the tries of these steps, in the order in which they were begun. */
  hooksOf(stepIds: readonly string[]): readonly RecordedHook[];
  /** What migrations were expected to take and took, newest first. */
  migrations(most: number): readonly LedgerEntry[];
}
