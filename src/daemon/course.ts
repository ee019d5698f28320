import type { Settings } from '../config/settings.ts';
import type { Verdicts } from '../domain/decision.ts';
import type { Plan, StepStatus } from '../domain/plan.ts';
import type { Snapshot } from '../domain/snapshot.ts';

/** What steers a cycle and may change while the daemon runs. */
export type Course = Pick<Settings, 'mode' | 'power' | 'profile' | 'prices' | 'limits' | 'decideSeconds'>;

/** Puts what was decided in order of time, as the limits have it now. */
export type Planner = (snapshot: Snapshot, verdicts: Pick<Verdicts, 'decisions'>) => Plan;

/** The executor, as far as a cycle needs it. */
export interface Hands {
  readonly steps: readonly StepStatus[];
  /** Nothing is begun, because somebody said so. */
  readonly isPaused: boolean;
  adopt(plan: Plan, snapshot: Snapshot): void;
  /** What was planned no longer stands. */
  withdraw(): void;
}
