import { OFF, ON } from '../domain/power.ts';
import { CPU } from '../domain/resources.ts';
import type { Situation } from './situation.ts';
import { sleepsOnBecause } from './sleep.ts';

/** The host that is off and gives most CPU for what it costs to run. */
export function cheapestToSwitchOn(situation: Situation): number | undefined {
  const { draft, costs, targets, input } = situation;
  const { capacity, known, maintenance } = draft.snapshot.hosts;
  let cheapest: number | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (const host of targets.all) {
    if (draft.power[host] !== OFF || known[host] !== 1 || maintenance[host] === 1) continue;
    if (sleepsOnBecause(draft.snapshot, input.profile, host) !== undefined) continue;
    const mark = draft.mark();
    draft.setPower(host, ON);
    const price = (costs.terms.hostCost(host) - costs.hostCost(host)) / Math.max(1, capacity[CPU]![host]!);
    draft.undo(mark);
    if (price >= lowest) continue;
    lowest = price;
    cheapest = host;
  }
  return cheapest;
}
