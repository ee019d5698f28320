import type { Column } from '../domain/columns.ts';
import { ON, POWER_STATES } from '../domain/power.ts';
import { RESOURCES } from '../domain/resources.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { LOAD_BANDS, LOAD_RANKS, type LoadRank } from './catalogue/fleet.ts';
import { type FleetFigures, shareOf } from './fleet-figures.ts';
import type { Row } from './instruments.ts';

/** Where in the sorted loads each rank stands, from 0 (lowest) to 1 (highest). */
const PLACE: Readonly<Record<LoadRank, number>> = { lowest: 0, median: 0.5, p90: 0.9, highest: 1 };

export function hostPowerRows({ hosts }: Snapshot): Row<'power'>[] {
  const counts = POWER_STATES.map(() => 0);
  for (let h = 0; h < hosts.ids.length; h++) counts[hosts.power[h]!]! += 1;
  return POWER_STATES.map((power, state) => ({ labels: { power }, value: counts[state]! }));
}

export function loadRows({ shareOfOn }: FleetFigures): Row<'resource'>[] {
  return RESOURCES.map(({ name }, r) => ({ labels: { resource: name }, value: shareOfOn[r]! }));
}

/** Per resource, the loads of the hosts that are on, ascending. */
export function sortedLoads({ hosts }: Snapshot, { used }: FleetFigures): readonly Float64Array[] {
  const on = Array.from(hosts.ids.keys()).filter((h) => hosts.power[h] === ON);
  return RESOURCES.map((_, r) => Float64Array.from(on, (h) => shareOf(used[r]![h]!, hosts.capacity[r]![h]!)).sort());
}

export function hostLoadRows(loads: readonly Column[]): Row<'resource' | 'rank'>[] {
  return RESOURCES.flatMap(({ name: resource }, r) => {
    const { length } = loads[r]!;
    if (length === 0) return [];
    return LOAD_RANKS.map((rank) => ({
      labels: { resource, rank },
      value: loads[r]![Math.round(PLACE[rank] * (length - 1))]!,
    }));
  });
}

const FULL = LOAD_BANDS.length - 1;

export function hostsByLoadRows(loads: readonly Column[]): Row<'resource' | 'band'>[] {
  return RESOURCES.flatMap(({ name: resource }, r) => {
    const counts = LOAD_BANDS.map(() => 0);
    for (let i = 0; i < loads[r]!.length; i++) counts[bandOf(loads[r]![i]!)]! += 1;
    return LOAD_BANDS.map((band, b) => ({ labels: { resource, band }, value: counts[b]! }));
  });
}

/** A load that is just on the edge belongs to the band that ends there. */
function bandOf(load: number): number {
  return load > 1 ? FULL : Math.max(0, Math.ceil(load * FULL) - 1);
}
