import type { MigrationEstimate } from '../domain/plan.ts';
import { estimateMigration } from '../domain/precopy.ts';
import type { Limits } from '../domain/profile.ts';
import { MEMORY } from '../domain/resources.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { slotsPerHost } from './admission.ts';

/**
 * A guest has written to far more of its memory than it uses now (page caches, freed heaps), and pre-copy carries all
 * that was ever written: at least this share of what it is configured with.
 */
const TOUCHED_SHARE = 0.25;

export function memoryToCopyBytes({ vms }: Snapshot, vm: number): number {
  return Math.max(vms.memoryActiveBytes[vm]!, TOUCHED_SHARE * vms.demand[MEMORY]![vm]!);
}

export function estimateMove(snapshot: Snapshot, vm: number, bytesPerS: number): MigrationEstimate {
  return estimateMigration({
    memoryBytes: memoryToCopyBytes(snapshot, vm),
    dirtyBytesPerS: snapshot.vms.dirtyBytesPerS[vm]!,
    writableSetBytes: snapshot.vms.memoryActiveBytes[vm]!,
    bytesPerS,
  });
}

/** How many migrations may share a host's migration network, given how many there are at it at all. */
export function streamsAt(limits: Limits, migrations: number): number {
  const slots = slotsPerHost(limits);
  return Math.max(1, slots === 0 ? migrations : Math.min(slots, migrations));
}
