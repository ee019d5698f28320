import { acceptMove, bestPayingMove } from './best-move.ts';
import { giveAway } from './relieve.ts';
import type { Situation } from './situation.ts';

/** Talkers that are far apart, dearest first, each to where it is cheapest. */
export function bringTogether(situation: Situation): void {
  const { costs, draft, book } = situation;
  if (!costs.terms.hasPairs) return;
  const { rowStart } = draft.snapshot.traffic;
  const talkers: { vm: number; cost: number }[] = [];
  for (const host of situation.hostsToLookAt()) {
    draft.forEachVmOn(host, (vm) => {
      if (rowStart[vm] === rowStart[vm + 1]) return;
      const cost = costs.terms.vmCostAtRest(vm);
      if (book.pays(cost, 0)) talkers.push({ vm, cost });
    });
  }
  for (const { vm } of talkers.sort((a, b) => b.cost - a.cost || a.vm - b.vm)) {
    if (!book.hasRoomFor(1)) return;
    const move = bestPayingMove(situation, vm);
    if (move !== undefined) acceptMove(situation, move, 'improve');
  }
}

/** Any single move that pays, host by host, until none is left. */
export function settle(situation: Situation): void {
  const { draft, costs } = situation;
  const dearestFirst = situation
    .hostsToLookAt()
    .filter((host) => draft.vmCount[host]! > 0)
    .sort((a, b) => costs.hostCost(b) - costs.hostCost(a));
  for (const host of dearestFirst) giveAway(situation, host, 'improve');
}
