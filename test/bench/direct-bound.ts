import type { PlanUnderTest } from '../kit/plan-checker.ts';

/**
 * No order of the wanted moves could be faster, were there room enough: the busiest host, all work over as many pairs as
 * the hosts make, the longest move. Detours that a plan makes are its own affair and do not count.
 */
export function directBoundMs({ plan, decisions, inventory }: PlanUnderTest): number {
  const msOf = new Map<string, number>();
  for (const { change, startsAtMs, endsAtMs } of plan.steps) {
    if (change.kind === 'move' && !msOf.has(change.vm)) msOf.set(change.vm, endsAtMs - startsAtMs);
  }
  const atHost = new Map<string, number>();
  let total = 0;
  for (const change of decisions.flatMap(({ changes }) => changes)) {
    const ms = change.kind === 'move' ? msOf.get(change.vm) : undefined;
    if (change.kind !== 'move' || ms === undefined) continue;
    total += ms;
    for (const host of [change.from, change.to]) atHost.set(host, (atHost.get(host) ?? 0) + ms);
  }
  const longest = [...msOf.values()].reduce((a, b) => Math.max(a, b), 0);
  const busiest = [...atHost.values()].reduce((a, b) => Math.max(a, b), 0);
  return Math.max(total / Math.floor(inventory.hosts.length / 2), busiest, longest);
}
