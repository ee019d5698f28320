import { ON } from '../domain/power.ts';
import type { BestMove } from './best-move.ts';
import { acceptMove, bestPayingMove, bestTarget } from './best-move.ts';
import { resourceWordsAt } from './loads.ts';
import { cheapestToSwitchOn } from './power-choice.ts';
import type { Situation } from './situation.ts';

/** Suffering below this, in money per hour, is not worth looking at. */
const LEAST_SUFFERING = 1e-6;
/** Of each host, the VMs whose leaving helps most are tried. */
const MOST_VMS_PER_HOST = 12;
const MOST_VMS_PER_HOST_IN_LARGE_FLEET = 4;

/** Lowers what hurts now: hot hosts give VMs away, to hosts that are switched on for it if need be. */
export function relieve(situation: Situation): void {
  const { terms } = situation.costs;
  for (const host of worstFirst(situation)) {
    while (terms.suffering(host) > LEAST_SUFFERING && relieveOnce(situation, host));
    if (terms.suffering(host) > LEAST_SUFFERING && situation.input.power) switchOnFor(situation, host);
  }
}

function worstFirst(situation: Situation): number[] {
  const { draft, costs } = situation;
  const suffering = situation
    .hostsThatMayHurt()
    .filter((host) => draft.vmCount[host]! > 0)
    .map((host) => ({ host, cost: costs.terms.suffering(host) }))
    .filter(({ cost }) => cost > LEAST_SUFFERING);
  return suffering.sort((a, b) => b.cost - a.cost).map(({ host }) => host);
}

/** The one move off this host that saves most; false when none pays. */
export function relieveOnce(situation: Situation, host: number, phase: 'relieve' | 'improve' = 'relieve'): boolean {
  if (!situation.book.hasRoomFor(1)) return false;
  let best: BestMove | undefined;
  // In a large fleet, those who suffer from their distance to others have been seen to by `bringTogether`.
  const placesCount = situation.targets.isSmall || phase === 'relieve';
  for (const vm of mostReliefFirst(situation, host, placesCount)) {
    const move = bestPayingMove(situation, vm);
    if (move !== undefined && (best === undefined || move.savingPerHour > best.savingPerHour)) best = move;
  }
  if (best === undefined) return false;
  acceptMove(situation, best, phase);
  return true;
}

/** The VMs whose leaving would save most; their places count too, where asked, as if that cost could vanish. */
function mostReliefFirst(situation: Situation, host: number, placesCount: boolean): number[] {
  const { draft, costs, book, once, targets } = situation;
  const before = costs.terms.hostCost(host);
  const reliefs = draft.vmsOn(host).map((vm) => {
    draft.lift(vm);
    const relief = before - costs.terms.hostCost(host);
    draft.lower(vm);
    return { vm, relief: placesCount ? relief + costs.terms.vmCost(vm) : relief };
  });
  return reliefs
    .filter(({ vm, relief }) => book.pays(relief, once.ofMove(vm, host, host)))
    .sort((a, b) => b.relief - a.relief || a.vm - b.vm)
    .slice(0, targets.isSmall ? MOST_VMS_PER_HOST : MOST_VMS_PER_HOST_IN_LARGE_FLEET)
    .map(({ vm }) => vm);
}

/** Switches on one more host for this one's VMs, if that pays for itself. */
function switchOnFor(situation: Situation, hot: number): void {
  const { draft, judge, once, book } = situation;
  const fresh = cheapestToSwitchOn(situation);
  if (fresh === undefined || !book.hasRoomFor(2)) return;
  const { ids } = draft.snapshot.hosts;
  const because = `${ids[hot]} is at ${resourceWordsAt(draft, hot)} and no host that is on can relieve it`;
  const trial = situation.trial();
  trial.switch(fresh, 'on', ON);
  let onceCost = 0;
  for (const vm of mostReliefFirst(situation, hot, true)) {
    if (judge.staysBecause(vm, false) !== undefined) continue;
    const best = bestTarget(situation, vm, [fresh]);
    const price = once.ofMove(vm, hot, fresh);
    if (best === undefined || !book.pays(best.savingPerHour, price)) continue;
    trial.move(vm, fresh);
    onceCost += price;
  }
  if (trial.moves.length === 0 || !book.pays(trial.saving(), onceCost)) {
    trial.undo();
    return;
  }
  situation.accept(trial, onceCost, { phase: 'relieve', policy: 'core', because });
}

/** What still suffers when the search has come to its end, and why. */
export function tellOfSuffering(situation: Situation): void {
  const { draft, book } = situation;
  for (const host of worstFirst(situation)) {
    const id = draft.snapshot.hosts.ids[host]!;
    const because = `${id} suffers at ${resourceWordsAt(draft, host)}`;
    const refusal = { rule: 'payback', because: `no permitted move of a VM on ${id} pays back within the horizon` };
    book.refuse([], 0, 0, { phase: 'relieve', policy: 'core', because }, refusal);
  }
}
