import type { MigrationEstimate } from './plan.ts';
import { MIB, SECOND } from './units.ts';

/** What pre-copy needs to know of a guest and its way. */
export interface PrecopyInput {
  readonly memoryBytes: number;
  readonly dirtyBytesPerS: number;
  /** Pages that the guest keeps writing: no round has to copy more than these. */
  readonly writableSetBytes: number;
  readonly bytesPerS: number;
}

/** The hypervisor stops the guest for the last round once that fits into this. */
export const ALLOWED_BLACKOUT_MS = 300;
/** Connecting, checking, handing over: paid by every migration, whatever its size. */
export const SETUP_SECONDS = 1;
const HANDOVER_BLACKOUT_MS = 30;
const MOST_ROUNDS = 30;
/** A guest that leaves more than half of a round for the next is slowed down, a little more with each round. */
const FIRST_THROTTLE = 0.2;
const MORE_THROTTLE = 0.1;
const MOST_THROTTLE = 0.99;

/**
 * Rounds of pre-copy: the first copies all memory in use, each further one what was dirtied meanwhile, until the rest
 * fits into the allowed blackout; then the guest is stopped and the rest is copied. Guests that write too fast are
 * throttled as hypervisors do it, so that nearly all converge in the end.
 */
export function estimateMigration(input: PrecopyInput): MigrationEstimate {
  const { bytesPerS, dirtyBytesPerS, writableSetBytes } = input;
  if (bytesPerS <= 0) return { seconds: Infinity, bytes: 0, rounds: 0, blackoutMs: 0, converges: false };
  const fitsInBlackout = (bytesPerS * ALLOWED_BLACKOUT_MS) / SECOND;
  let remaining = Math.max(input.memoryBytes, MIB);
  let bytes = 0;
  let rounds = 0;
  let throttle = 0;
  while (remaining > fitsInBlackout && rounds < MOST_ROUNDS) {
    const dirtied = Math.min((dirtyBytesPerS * (1 - throttle) * remaining) / bytesPerS, writableSetBytes);
    bytes += remaining;
    rounds += 1;
    if (dirtied > remaining / 2) throttle = throttled(throttle);
    remaining = dirtied;
  }
  const lastCopyMs = (remaining / bytesPerS) * SECOND;
  return {
    seconds: SETUP_SECONDS + (bytes + remaining) / bytesPerS,
    bytes: bytes + remaining,
    rounds: rounds + 1,
    blackoutMs: HANDOVER_BLACKOUT_MS + lastCopyMs,
    converges: remaining <= fitsInBlackout,
  };
}

function throttled(throttle: number): number {
  return throttle === 0 ? FIRST_THROTTLE : Math.min(MOST_THROTTLE, throttle + MORE_THROTTLE);
}
