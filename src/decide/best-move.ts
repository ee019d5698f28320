import type { Phase } from '../domain/decision.ts';
import { resourceWordsAt } from './loads.ts';
import { moveWords } from './move-words.ts';
import type { Situation } from './situation.ts';

export interface Target {
  readonly to: number;
  readonly savingPerHour: number;
  readonly onceCost: number;
}

export interface BestMove extends Target {
  readonly vm: number;
  readonly from: number;
}

/** Money below which two targets are equally good: sums in another order differ by as much. */
const ALIKE = 1e-12;

/** The permitted target among these that leaves the fleet cheapest, the price of moving there included. */
export function bestTarget(situation: Situation, vm: number, hosts: readonly number[]): Target | undefined {
  const { judge } = situation;
  return bestPermitted(
    situation,
    vm,
    hosts.filter((to) => judge.permits(vm, to)),
  );
}

/** The same among the hosts that the index suggests. */
export function bestCandidate(situation: Situation, vm: number, first: 'emptiest' | 'fullest'): Target | undefined {
  const { targets } = situation;
  const candidates = targets.candidates(vm, first);
  return targets.isSmall ? bestTarget(situation, vm, candidates) : bestPermitted(situation, vm, candidates);
}

/** Among equally good ones the first. */
function bestPermitted(situation: Situation, vm: number, hosts: readonly number[]): Target | undefined {
  const { draft, book, once, costs, budget } = situation;
  const { terms } = costs;
  const from = draft.hostOf[vm]!;
  budget.step();
  // A trial under way may have changed these: the present state is what counts, not what was accepted.
  const before = costs.presentHostCost(from) + terms.vmCostAtRest(vm);
  draft.lift(vm);
  const relief = before - terms.hostCost(from);
  terms.lookAround(vm);
  let best = from;
  let savingPerHour = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < hosts.length; i++) {
    const to = hosts[i]!;
    if (to === from) continue;
    const without = costs.presentHostCost(to);
    draft.hover(vm, to);
    const saving = relief + without - terms.hostCost(to) - terms.costWhereItHovers(vm);
    draft.hoverHome(vm, from);
    const gain = book.gain(saving, once.ofMove(vm, from, to));
    if (gain < most + ALIKE) continue;
    best = to;
    most = gain;
    savingPerHour = saving;
  }
  draft.lower(vm);
  return best === from ? undefined : { to: best, savingPerHour, onceCost: once.ofMove(vm, from, best) };
}

/** The best move of one VM that pays; undefined when none does. */
export function bestPayingMove(situation: Situation, vm: number): BestMove | undefined {
  const { draft, judge, book } = situation;
  if (!judge.mayMove(vm)) return undefined;
  const best = bestCandidate(situation, vm, 'emptiest');
  if (best === undefined || !book.pays(best.savingPerHour, best.onceCost)) return undefined;
  return { vm, from: draft.hostOf[vm]!, ...best };
}

export function acceptMove(situation: Situation, { vm, from, to }: BestMove, phase: Phase): void {
  const was = resourceWordsAt(situation.draft, from);
  const trial = situation.trial();
  trial.move(vm, to);
  const because = moveWords(situation, { vm, from, was }, trial.termChanges());
  situation.accept(trial, { phase, because });
}
