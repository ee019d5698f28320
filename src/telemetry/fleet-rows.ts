import { ON, POWER_STATES } from '../domain/power.ts';
import { RESOURCES } from '../domain/resources.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { LOAD_RANKS, type LoadRank } from './catalogue.ts';
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

export function hostLoadRows({ hosts }: Snapshot, { used }: FleetFigures): Row<'resource' | 'rank'>[] {
  const on = Array.from(hosts.ids.keys()).filter((h) => hosts.power[h] === ON);
  if (on.length === 0) return [];
  return RESOURCES.flatMap(({ name }, r) => {
    const loads = Float64Array.from(on, (h) => shareOf(used[r]![h]!, hosts.capacity[r]![h]!)).sort();
    return LOAD_RANKS.map((rank) => ({
      labels: { resource: name, rank },
      value: loads[Math.round(PLACE[rank] * (loads.length - 1))]!,
    }));
  });
}
