import type { Change } from './change.ts';
import type { Phase } from './decision.ts';

/** What a migration is expected to take. */
export interface MigrationEstimate {
  readonly seconds: number;
  readonly bytes: number;
  readonly rounds: number;
  readonly blackoutMs: number;
  /** False: the guest writes faster than it can be copied, even when it is throttled. */
  readonly converges: boolean;
  /** What the model alone says, where it was corrected by what migrations here were measured to take. */
  readonly modelled?: MigrationMeasured;
}

/** One command to one driver. */
export interface Step {
  readonly id: string;
  readonly decision: string;
  readonly phase: Phase;
  readonly change: Change;
  /** Steps that must have ended well before this one may start. */
  readonly after: readonly string[];
  /** Quick migrations whose guests must have been saved, and have left their hosts, before this one may start. */
  readonly afterSaved?: readonly string[];
  /** Absent: live. Quick: the guest is saved, leaves its host, and is resumed at the target once there is room. */
  readonly how?: 'quick';
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** Of quick ones: from when to when the guest should be on no host. */
  readonly savedAtMs?: number;
  readonly resumesAtMs?: number;
  readonly migration?: MigrationEstimate;
}

/** A change that was decided and cannot be carried out. */
export interface Impossible {
  readonly decision: string;
  readonly change: Change;
  readonly because: string;
}

/** Decisions ordered in time. */
export interface Plan {
  readonly id: string;
  readonly atMs: number;
  readonly steps: readonly Step[];
  readonly impossible: readonly Impossible[];
  readonly makespanMs: number;
  /** No order could be faster. */
  readonly lowerBoundMs: number;
}

export const STEP_STATES = [
  'queued',
  'preparing',
  'copying',
  'switching',
  'finishing',
  'running',
  'done',
  'overtaken',
  'failed',
  'cancelled',
] as const;

/** Migrations go through preparing … finishing; power switches are `running` meanwhile. */
export type StepState = (typeof STEP_STATES)[number];

export const ENDED: ReadonlySet<StepState> = new Set(['done', 'overtaken', 'failed', 'cancelled']);

/** How a step stands at one instant. */
export interface StepStatus {
  readonly step: Step;
  readonly plan: string;
  readonly state: StepState;
  /** For what waits: why. For what ended badly: why. Empty otherwise. */
  readonly because: string;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly progress: MigrationProgress | null;
  /** What a migration that is done really took, as its driver measured it. */
  readonly measured?: MigrationMeasured;
}

export interface MigrationMeasured {
  readonly seconds: number;
  readonly bytes: number;
  readonly blackoutMs: number;
}

export interface MigrationProgress {
  readonly round: number;
  readonly copiedBytes: number;
  readonly remainingBytes: number;
  readonly bytesPerS: number;
}
