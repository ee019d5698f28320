import { MINUTE } from '../domain/units.ts';

/**
 * A snapshot knows the load at four times: lately (the lowest and the highest of the slow window), now (the mean of the
 * fast one), soon and later (forecasts). How long these spans are is configured, and here they are taken to be what they
 * are on an ordinary day. Between two of them the load is taken to go in a straight line.
 */
export const LATELY_MS = 40 * MINUTE;
export const SOON_MS = 30 * MINUTE;
export const LATER_MS = 120 * MINUTE;

/** What is expected so far ahead; beyond the last forecast, that. */
export function ahead(aheadMs: number, now: number, soon: number, later: number): number {
  if (aheadMs <= 0) return now;
  if (aheadMs <= SOON_MS) return between(now, soon, aheadMs / SOON_MS);
  return between(soon, later, Math.min(1, (aheadMs - SOON_MS) / (LATER_MS - SOON_MS)));
}

/** The extreme of the last so many milliseconds, given that of the slow window; farther back nobody has looked. */
export function lately(withinMs: number, now: number, extreme: number): number {
  return between(now, extreme, Math.min(1, Math.max(0, withinMs) / LATELY_MS));
}

const between = (a: number, b: number, share: number): number => a + (b - a) * share;
