import type { Phase } from '../domain/decision.ts';
import { resourceWordsAt } from './loads.ts';
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

/**
 * The permitted target that leaves the fleet cheapest, the price of moving there included. Among equally good ones the
 * first, or where a measure is given the one with the lowest.
 */
export function bestTarget(
  situation: Situation,
  vm: number,
  candidates: readonly number[],
  measure?: (host: number) => number,
): Target | undefined {
  const { draft, judge, book, once, costs } = situation;
  const { terms } = costs;
  const from = draft.hostOf[vm]!;
  // A trial under way may have changed these: the present state is what counts, not what was accepted.
  const before = costs.presentHostCost(from) + terms.vmCost(vm);
  draft.lift(vm);
  const relief = before - terms.hostCost(from);
  let best: number | undefined;
  let savingPerHour = 0;
  let most = Number.NEGATIVE_INFINITY;
  let lowest = Number.POSITIVE_INFINITY;
  for (const to of candidates) {
    if (to === from || !judge.permits(vm, to)) continue;
    const without = costs.presentHostCost(to);
    draft.hover(vm, to);
    const saving = relief + without - terms.hostCost(to) - terms.vmCost(vm);
    draft.hoverHome(vm, from);
    const gain = book.gain(saving, once.ofMove(vm, from, to));
    if (gain <= most - ALIKE) continue;
    const measured = measure?.(to) ?? 0;
    if (gain < most + ALIKE && measured >= lowest) continue;
    best = to;
    most = gain;
    lowest = measured;
    savingPerHour = saving;
  }
  draft.lower(vm);
  return best === undefined ? undefined : { to: best, savingPerHour, onceCost: once.ofMove(vm, from, best) };
}

/** The best move of one VM that pays; undefined when none does. */
export function bestPayingMove(situation: Situation, vm: number): BestMove | undefined {
  const { draft, judge, book, targets } = situation;
  if (judge.staysBecause(vm, false) !== undefined) return undefined;
  const best = bestTarget(situation, vm, targets.candidates(vm, 'emptiest'));
  if (best === undefined || !book.pays(best.savingPerHour, best.onceCost)) return undefined;
  return { vm, from: draft.hostOf[vm]!, ...best };
}

export function acceptMove(situation: Situation, move: BestMove, phase: Phase): void {
  const { draft } = situation;
  const { hosts } = draft.snapshot;
  const was = resourceWordsAt(draft, move.from);
  const trial = situation.trial();
  trial.move(move.vm, move.to);
  const will = resourceWordsAt(draft, move.to);
  const because = `${hosts.ids[move.from]} was at ${was}; ${hosts.ids[move.to]} will be at ${will}`;
  situation.accept(trial, { phase, because });
}
