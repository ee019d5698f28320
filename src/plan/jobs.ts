import type { Move, PowerSwitch } from '../domain/change.ts';
import type { Phase } from '../domain/decision.ts';
import type { MigrationEstimate } from '../domain/plan.ts';
import type { Passage } from './admission.ts';

/** A change that the accepted decisions ask for, after all of them. */
export interface Wanted<C> {
  readonly decision: string;
  readonly phase: Phase;
  readonly change: C;
}

/** A quick migration is being saved, then is saved and waits for room, and then runs on: it is being resumed. */
export type JobState = 'waiting' | 'running' | 'saving' | 'saved' | 'ended' | 'given up';

interface Timing {
  /** The tokens that it takes while it runs. */
  readonly passage: Passage;
  /** Index into URGENCIES. */
  readonly urgency: number;
  state: JobState;
  startMs: number;
  endMs: number;
  /** Those that it could not have started without. */
  after: readonly Job[];
}

/** A wanted move, or one half of a move by way of a third host, with what the timetable knows of it. */
export interface MoveJob extends Wanted<Move>, Timing {
  readonly kind: 'move';
  /** False for what was already in flight. */
  readonly own: boolean;
  readonly vm: number;
  readonly from: number;
  readonly to: number;
  readonly estimate: MigrationEstimate;
  readonly durationMs: number;
  /** How long the longest chain of moves is that begins with this one, as far as that was foreseen. */
  readonly chainMs: number;
  /** The first half of a stop-over, which this is the second half of. */
  readonly previous: MoveJob | undefined;
  /** Quick ones whose guests it could not have started without being saved. */
  afterSaved: readonly MoveJob[];
  /** Absent: live. */
  readonly quick?: { readonly savingMs: number; readonly resumingMs: number };
}

export interface SwitchJob extends Wanted<PowerSwitch>, Timing {
  readonly kind: 'switch';
  readonly own: boolean;
  readonly host: number;
  readonly durationMs: number;
}

export type Job = MoveJob | SwitchJob;

/** A job that cannot be done, and why. */
export interface GivenUp {
  readonly job: Job;
  readonly because: string;
}

export const notStarted = (): Pick<Timing, 'state' | 'startMs' | 'endMs' | 'after'> => ({
  state: 'waiting',
  startMs: 0,
  endMs: 0,
  after: [],
});
