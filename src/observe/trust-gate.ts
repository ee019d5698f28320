import { COUNTER_RESET } from '../ports/samples.ts';

/** Why data is not believed. Each cause is a word of its own in logs, metrics and the API. */
export const CAUSES = [
  'missing',
  'stale',
  'not-a-number',
  'negative',
  'beyond-capacity',
  'clock-skew',
  'counter-reset',
  'unit-jump',
  'frozen',
  'inventory-unreadable',
] as const;
export type Cause = (typeof CAUSES)[number];

/** A verdict as a number, for columns: zero is trust, anything else one more than the index of its cause. */
export const TRUSTED = 0;

export const verdictOf = (cause: Cause): number => CAUSES.indexOf(cause) + 1;

export function causeOf(verdict: number): Cause | undefined {
  return verdict === TRUSTED ? undefined : CAUSES[verdict - 1];
}

const MISSING = verdictOf('missing');
const STALE = verdictOf('stale');
const NOT_A_NUMBER = verdictOf('not-a-number');
const NEGATIVE = verdictOf('negative');
const BEYOND_CAPACITY = verdictOf('beyond-capacity');
const CLOCK_SKEW = verdictOf('clock-skew');
const RESET = verdictOf('counter-reset');

/** One sample by itself: `ceiling` is what it cannot exceed, `believedUntilMs` the latest instant that can have passed. */
export function judgeSample(value: number, atMs: number, ceiling: number, believedUntilMs: number): number {
  if (value === COUNTER_RESET) return RESET;
  if (!Number.isFinite(value) || !Number.isFinite(atMs)) return NOT_A_NUMBER;
  if (value < 0) return NEGATIVE;
  if (value > ceiling) return BEYOND_CAPACITY;
  if (atMs > believedUntilMs || atMs < 0) return CLOCK_SKEW;
  return TRUSTED;
}

/** Lately, so that one lucky sample proves nothing; of what was known a while ago, one new sample is enough. */
export const FEWEST_SAMPLES = 2;

/**
 * A whole window: how many samples it has had lately, how long ago the newest was taken, and how long ago it came in. What comes
 * in all the time and was too old already when it came was stamped by a clock that is behind.
 */
export function judgeWindow(samples: number, ageMs: number, arrivedMs: number, staleAfterMs: number): number {
  if (samples > 0 && ageMs > staleAfterMs) {
    return arrivedMs <= staleAfterMs && ageMs - arrivedMs > staleAfterMs ? CLOCK_SKEW : STALE;
  }
  return samples < FEWEST_SAMPLES ? MISSING : TRUSTED;
}

/** How data of one host or VM stands. Unknown is a state with a cause, never a number. */
export type Trust =
  | { readonly known: true; readonly sinceMs: number }
  | { readonly known: false; readonly cause: Cause; readonly sinceMs: number };
