/** What the daemon says in its log about a cycle: sentences for people. */

import type { DrainReport } from '../act/executor.ts';
import { changeWords, subjectKey } from '../domain/change.ts';
import { type Decision, isAccepted, type Verdicts } from '../domain/decision.ts';
import { someOf } from '../domain/decision-words.ts';
import { ENDED, type StepStatus } from '../domain/plan.ts';
import { spanWords } from '../domain/words.ts';

const MOST_REFUSALS_NAMED = 3;

/**
 * Accepted decisions about something that is not queued or under way already. Where a VM that waits is now to go
 * elsewhere, that is no news: what has been done is told when it is done.
 */
export function newDecisions(verdicts: Verdicts, steps: readonly StepStatus[]): readonly Decision[] {
  const standing = steps.filter((status) => !ENDED.has(status.state));
  const known = new Set(standing.map((status) => subjectKey(status.step.change)));
  const isNew = (decision: Decision) => decision.changes.some((change) => !known.has(subjectKey(change)));
  return verdicts.decisions.filter((decision) => isAccepted(decision) && isNew(decision));
}

/** Why nothing is known so far. */
export const noSnapshotWords = (troubles: readonly string[]): string =>
  ['no snapshot has been taken yet', ...troubles].join(': ');

/** Why a cycle came to nothing. */
export function nothingToDo(verdicts: Verdicts): string {
  const refusals = verdicts.decisions.flatMap((decision) => decision.refusal?.because ?? []);
  if (refusals.length === 0) return 'nothing to do: no change would pay back';
  return `nothing to do: ${refusals.length} proposals refused: ${someOf(refusals, MOST_REFUSALS_NAMED, '; ')}`;
}

export function stepSentence({ step, state, because, startedAtMs, endedAtMs }: StepStatus): string {
  // An embedded datacenter begins anew with each start: what an earlier one left behind may lie in its future.
  const isSpan = startedAtMs !== null && endedAtMs !== null && endedAtMs >= startedAtMs;
  const took = isSpan ? ` after ${spanWords(endedAtMs - startedAtMs)}` : '';
  return `${changeWords(step.change)}: ${state}${took}${because === '' ? '' : `: ${because}`}`;
}

/** What became of the work that was under way at a stop. */
export function drainSentence({ finished, cancelledInFlight, failed, cancelledQueued }: DrainReport): string {
  const parts = [
    [finished, 'finished'],
    [cancelledInFlight, 'cancelled'],
    [failed, 'failed'],
  ] as const;
  const words = parts.filter(([count]) => count > 0).map(([count, word]) => `${counted(count, 'step')} ${word}`);
  if (cancelledQueued > 0) words.push(`${counted(cancelledQueued, 'queued step')} dropped`);
  return `stopped: ${words.length === 0 ? 'nothing was under way' : words.join(', ')}`;
}

export const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
