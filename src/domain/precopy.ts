import type { MigrationEstimate } from './plan.ts';
import { MEMORY } from './resources.ts';
import type { Snapshot } from './snapshot.ts';
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

/**
 * A guest has written to far more of its memory than it uses now (page caches, freed heaps), and pre-copy carries all
 * that was ever written: at least this share of what it is configured with.
 */
const TOUCHED_SHARE = 0.25;

function memoryToCopyBytes({ vms }: Snapshot, vm: number): number {
  return Math.max(vms.memoryActiveBytes[vm]!, TOUCHED_SHARE * vms.demand[MEMORY]![vm]!);
}

/** A live migration of this VM at this bandwidth. Disks that lie on its host are copied first, and kept up to date. */
export function estimateLive(snapshot: Snapshot, vm: number, bytesPerS: number): MigrationEstimate {
  const { vms } = snapshot;
  const memory = estimateMigration({
    memoryBytes: memoryToCopyBytes(snapshot, vm),
    dirtyBytesPerS: vms.dirtyBytesPerS[vm]!,
    writableSetBytes: vms.memoryActiveBytes[vm]!,
    bytesPerS,
  });
  const diskBytes = vms.localDiskBytes[vm]!;
  return diskBytes === 0
    ? memory
    : { ...memory, seconds: memory.seconds + diskBytes / bytesPerS, bytes: memory.bytes + diskBytes };
}

/** A quick one, waiting for room apart: how long saving takes, and then resuming. */
export function estimateQuick(
  snapshot: Snapshot,
  vm: number,
  savingBytesPerS: number,
  resumingBytesPerS: number,
): { readonly savingSeconds: number; readonly resumingSeconds: number; readonly bytes: number } {
  const bytes = memoryToCopyBytes(snapshot, vm) + snapshot.vms.localDiskBytes[vm]!;
  return {
    savingSeconds: SETUP_SECONDS / 2 + bytes / savingBytesPerS,
    resumingSeconds: SETUP_SECONDS / 2 + bytes / resumingBytesPerS,
    bytes,
  };
}

function throttled(throttle: number): number {
  return throttle === 0 ? FIRST_THROTTLE : Math.min(MOST_THROTTLE, throttle + MORE_THROTTLE);
}
