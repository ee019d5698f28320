import { ON } from '../domain/power.ts';
import { CPU, MEMORY } from '../domain/resources.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { FleetFigures } from './fleet-figures.ts';
import type { Row } from './instruments.ts';

const COUNTED = { cpu: CPU, memory: MEMORY } as const;

export function failoverRows(snapshot: Snapshot, figures: FleetFigures): Row<'resource'>[] {
  return Object.entries(COUNTED).map(([resource, r]) => ({
    labels: { resource },
    value: hostsThatMayFail(snapshot, figures, r),
  }));
}

/** Hosts that take nothing on cannot stand in for others; what runs on them has to be carried all the same. */
function hostsThatMayFail({ hosts }: Snapshot, { used }: FleetFigures, resource: number): number {
  const capacity = hosts.capacity[resource]!;
  const sizes: number[] = [];
  let load = 0;
  for (let h = 0; h < hosts.ids.length; h++) {
    load += used[resource]![h]!;
    if (hosts.power[h] === ON && hosts.known[h] === 1 && hosts.maintenance[h] === 0) sizes.push(capacity[h]!);
  }
  sizes.sort((a, b) => b - a);
  let left = sizes.reduce((sum, size) => sum + size, 0);
  let failed = 0;
  while (failed < sizes.length && left - sizes[failed]! >= load) left -= sizes[failed++]!;
  return failed;
}
