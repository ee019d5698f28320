import type { Step } from '../domain/plan.ts';
import type { RecordedHook, RecordedStep, StepOutcome } from '../ports/journal.ts';
import { fromJson } from './lossless-json.ts';

export interface StepRow {
  readonly plan: string;
  readonly begun_at_ms: number;
  readonly step: string;
  readonly outcome: string | null;
}

export function recordedStep(row: StepRow): RecordedStep {
  return {
    step: fromJson<Step>(row.step),
    plan: row.plan,
    begunAtMs: row.begun_at_ms,
    outcome: row.outcome === null ? null : fromJson<StepOutcome>(row.outcome),
  };
}

export interface HookRow {
  readonly body: string;
  readonly outcome: string | null;
}

export function recordedHook({ body, outcome }: HookRow): RecordedHook {
  const hook = fromJson<Omit<RecordedHook, 'outcome'>>(body);
  return { ...hook, outcome: outcome === null ? null : fromJson<StepOutcome>(outcome) };
}
