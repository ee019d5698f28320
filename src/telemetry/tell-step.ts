import type { StepStatus } from '../domain/plan.ts';
import { SECOND } from '../domain/units.ts';
import { stepKind } from './catalogue/labels.ts';
import { CATALOGUE } from './catalogue.ts';
import type { Instruments } from './instruments.ts';
import { reasonKind } from './reason-kind.ts';
import type { UndoneMoves } from './undone-moves.ts';

/** A step has ended, in whatever way. */
export function tellStepEnded(to: Instruments, status: StepStatus, undone: UndoneMoves): void {
  const { step, state, because, measured, progress } = status;
  const kind = stepKind(step.change);
  to.add(CATALOGUE.steps, 1, { kind, phase: step.phase, outcome: state });
  if (state !== 'done') {
    to.add(CATALOGUE.stepsNotDone, 1, { kind, outcome: state, reason: reasonKind(because, step.change) });
  }
  to.add(CATALOGUE.migrationBytes, measured?.bytes ?? progress?.copiedBytes ?? 0, { outcome: state });
  if (state !== 'done') return;
  if (step.change.kind === 'power') tellSwitched(to, status, step.change.to);
  else {
    if (undone.moved(step.change, status.endedAtMs ?? 0)) to.add(CATALOGUE.undone, 1);
    tellMigrated(to, status);
  }
}

function tellSwitched(to: Instruments, status: StepStatus, direction: 'on' | 'off'): void {
  const seconds = spanSeconds(status);
  if (seconds !== undefined) to.observeFor(status.step.decision, CATALOGUE.switchDuration, seconds, { to: direction });
}

function tellMigrated(to: Instruments, status: StepStatus): void {
  const { decision, migration: predicted } = status.step;
  const { measured } = status;
  const seconds = measured?.seconds ?? spanSeconds(status);
  if (seconds !== undefined) to.observeFor(decision, CATALOGUE.migrationDuration, seconds);
  if (measured !== undefined) to.observeFor(decision, CATALOGUE.migrationBlackout, measured.blackoutMs / SECOND);
  if (predicted === undefined) return;
  to.add(CATALOGUE.migrationPredicted, predicted.seconds);
  to.add(CATALOGUE.migrationPredictedBytes, predicted.bytes);
  to.add(CATALOGUE.migrationPredictedBlackout, predicted.blackoutMs / SECOND);
  if (seconds !== undefined && predicted.seconds > 0 && Number.isFinite(predicted.seconds)) {
    to.observeFor(decision, CATALOGUE.migrationError, seconds / predicted.seconds);
  }
}

function spanSeconds({ startedAtMs, endedAtMs }: StepStatus): number | undefined {
  return startedAtMs === null || endedAtMs === null ? undefined : (endedAtMs - startedAtMs) / SECOND;
}
