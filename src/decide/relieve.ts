import { ON } from '../domain/power.ts';
import type { BestMove } from './best-move.ts';
import { acceptMove, bestPayingMove, bestTarget } from './best-move.ts';
import { payingDeparturesFrom } from './departures.ts';
import { resourceWordsAt } from './loads.ts';
import type { Situation } from './situation.ts';

/** Suffering below this, in money per hour, is not worth looking at. */
const LEAST_SUFFERING = 1e-6;
/** Of each host, the VMs whose leaving helps most are tried. */
const MOST_VMS = 12;
const MOST_VMS_IN_LARGE_FLEET = 4;

/** Lowers what hurts now: hot hosts give VMs away, to hosts that are switched on for it if need be. */
export function relieve(situation: Situation): void {
  const { terms } = situation.costs;
  for (const host of worstFirst(situation)) {
    while (terms.suffering(host) > LEAST_SUFFERING && relieveOnce(situation, host));
    if (terms.suffering(host) > LEAST_SUFFERING && situation.input.power) switchOnFor(situation, host);
  }
}

/** Hosts that hurt, the worst first. */
export function worstFirst(situation: Situation): number[] {
  const { draft, costs } = situation;
  const suffering = situation
    .hostsThatMayHurt()
    .filter((host) => draft.vmCount[host]! > 0)
    .map((host) => ({ host, cost: costs.terms.suffering(host) }))
    .filter(({ cost }) => cost > LEAST_SUFFERING);
  return suffering.sort((a, b) => b.cost - a.cost).map(({ host }) => host);
}

/** The one move off this host that gains most, or in a large fleet the first that pays; false when none does. */
export function relieveOnce(situation: Situation, host: number, phase: 'relieve' | 'improve' = 'relieve'): boolean {
  const { book, targets } = situation;
  if (!book.hasRoomFor(1)) return false;
  let best: BestMove | undefined;
  let most = 0;
  // In a large fleet, those who suffer from their distance to others have been seen to by `bringTogether`.
  const placesCount = targets.isSmall || phase === 'relieve';
  const departures = payingDeparturesFrom(situation, host, placesCount);
  for (const { vm, hope } of departures.slice(0, targets.isSmall ? MOST_VMS : MOST_VMS_IN_LARGE_FLEET)) {
    if (best !== undefined && (hope <= most || !targets.isSmall)) break;
    const move = bestPayingMove(situation, vm);
    if (move === undefined) continue;
    const gain = book.gain(move.savingPerHour, move.onceCost);
    if (best !== undefined && gain <= most) continue;
    best = move;
    most = gain;
  }
  if (best === undefined) return false;
  acceptMove(situation, best, phase);
  return true;
}

/** Switches on one more host for this one's VMs, if that pays for itself. */
function switchOnFor(situation: Situation, hot: number): void {
  const { draft, once, book } = situation;
  const fresh = situation.sleepers.cheapest();
  if (fresh === undefined || !book.hasRoomFor(2)) return;
  const { ids } = draft.snapshot.hosts;
  const because = `${ids[hot]} is at ${resourceWordsAt(draft, hot)} and no host that is on can relieve it`;
  const trial = situation.trial();
  trial.switch(fresh, 'on', ON);
  for (const { vm } of payingDeparturesFrom(situation, hot).slice(0, MOST_VMS)) {
    const best = bestTarget(situation, vm, [fresh]);
    const price = once.ofMove(vm, hot, fresh);
    if (best === undefined || !book.pays(best.savingPerHour, price)) continue;
    trial.move(vm, fresh);
  }
  if (trial.moves.length === 0 || !book.pays(trial.saving(), trial.onceCost)) {
    trial.undo();
    return;
  }
  situation.accept(trial, { phase: 'relieve', policy: 'core', because });
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
