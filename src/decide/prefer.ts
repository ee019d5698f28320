import { acceptMove, bestTarget } from './best-move.ts';
import type { Situation } from './situation.ts';

/** VMs that a preferred rule would rather see elsewhere go there, or anywhere better, where that pays. */
export function prefer(situation: Situation): void {
  const { costs, judge, book, targets, draft } = situation;
  const preferences = costs.terms.preferences;
  if (preferences === undefined) return;
  for (const { vm, hosts } of [...preferences.unmet()]) {
    if (!book.hasRoomFor(1)) return;
    if (!judge.mayMove(vm)) continue;
    const candidates = targets.isSmall ? targets.all : [...new Set([...hosts, ...targets.candidates(vm, 'emptiest')])];
    const best = bestTarget(situation, vm, candidates);
    if (best === undefined || !book.pays(best.savingPerHour, best.onceCost)) continue;
    acceptMove(situation, { vm, from: draft.hostOf[vm]!, ...best }, 'improve');
  }
}
