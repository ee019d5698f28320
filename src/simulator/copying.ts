import type { MigrationProgress } from '../domain/plan.ts';
import type { Appointment } from './agenda.ts';
import type { MigrationEnd, MigrationOrder, MigrationState } from './events.ts';

/** A migration under way. */
export interface Copying {
  readonly order: MigrationOrder;
  readonly vm: number;
  readonly source: number;
  readonly target: number;
  readonly startedAtMs: number;
  state: MigrationState;
  round: number;
  /** What this round set out to copy, and what is left of it. */
  roundBytes: number;
  remainingBytes: number;
  /** Written since this round began: the next one. */
  dirtiedBytes: number;
  copiedBytes: number;
  bytesPerS: number;
  /** How far the guest is slowed down on purpose, so that it writes less than can be copied. */
  throttle: number;
  stoppedAtMs: number;
  blackoutMs: number;
  settledAtMs: number;
  due: Appointment;
  /** What it goes over at this moment, by the numbers that the networks give. */
  links: readonly number[];
  /** Quick ones: whether the guest is saved, where it will be resumed, and whether it is being so. */
  isSaved: boolean;
  landsOn: number;
  isLanding: boolean;
  /** How it ends once its guest runs again. */
  endsAs: Exclude<MigrationEnd, { readonly state: 'done' }> | undefined;
}

export const progressOf = ({ round, copiedBytes, remainingBytes, bytesPerS }: Copying): MigrationProgress => ({
  round,
  copiedBytes,
  remainingBytes,
  bytesPerS,
});
