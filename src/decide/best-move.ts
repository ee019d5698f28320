import type { Phase } from '../domain/decision.ts';
import { resourceWordsAt } from './loads.ts';
import type { Situation } from './situation.ts';

export interface BestMove {
  readonly vm: number;
  readonly from: number;
  readonly to: number;
  readonly savingPerHour: number;
  readonly onceCost: number;
}

/** The permitted target that leaves the fleet cheapest. The price of moving is the same for all to a good approximation. */
export function bestTarget(
  situation: Situation,
  vm: number,
  candidates: readonly number[],
): { readonly to: number; readonly savingPerHour: number } | undefined {
  const { draft, judge } = situation;
  const { terms } = situation.costs;
  const from = draft.hostOf[vm]!;
  // A trial under way may have changed these: the present state is what counts, not what was accepted.
  const before = terms.hostCost(from) + terms.vmCost(vm);
  draft.lift(vm);
  const relief = before - terms.hostCost(from);
  let best: number | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (const to of candidates) {
    if (to === from || !judge.permits(vm, to)) continue;
    const now = terms.hostCost(to);
    const added = draft.hoverOver(vm, to, () => terms.hostCost(to) + terms.vmCost(vm)) - now;
    if (added < lowest) {
      lowest = added;
      best = to;
    }
  }
  draft.lower(vm);
  return best === undefined ? undefined : { to: best, savingPerHour: relief - lowest };
}

/** The best move of one VM that pays; undefined when none does. */
export function bestPayingMove(situation: Situation, vm: number): BestMove | undefined {
  const { draft, judge, once, book, targets } = situation;
  if (judge.staysBecause(vm, false) !== undefined) return undefined;
  const from = draft.hostOf[vm]!;
  const best = bestTarget(situation, vm, targets.candidates(vm, 'emptiest'));
  if (best === undefined || best.savingPerHour <= 0) return undefined;
  const onceCost = once.ofMove(vm, from, best.to);
  return book.pays(best.savingPerHour, onceCost) ? { vm, from, onceCost, ...best } : undefined;
}

export function acceptMove(situation: Situation, move: BestMove, phase: Phase): void {
  const { draft } = situation;
  const { hosts } = draft.snapshot;
  const was = resourceWordsAt(draft, move.from);
  const trial = situation.trial();
  trial.move(move.vm, move.to);
  const will = resourceWordsAt(draft, move.to);
  const because = `${hosts.ids[move.from]} was at ${was}; ${hosts.ids[move.to]} will be at ${will}`;
  situation.accept(trial, move.onceCost, { phase, because });
}
