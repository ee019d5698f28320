import type { Change } from '../domain/change.ts';
import type { Phase } from '../domain/decision.ts';
import type { Snapshot } from '../domain/snapshot.ts';

/** Who goes first, as far as it is up to us. */
export const URGENCIES = ['repair', 'drain', 'relieve', 'improve'] as const;

/** Index into URGENCIES, the most urgent first. Emptying a host in maintenance is decided as a repair, and comes after those. */
export function urgencyOf(phase: Phase, change: Change, { hosts }: Snapshot): number {
  if (phase === 'repair' && change.kind === 'move') {
    const from = hosts.index.get(change.from);
    if (from !== undefined && hosts.maintenance[from] === 1) return URGENCIES.indexOf('drain');
  }
  return URGENCIES.indexOf(phase);
}
