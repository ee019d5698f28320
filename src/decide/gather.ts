import { MEMORY } from '../domain/resources.ts';
import { bestTarget } from './best-move.ts';
import type { Bundle } from './rules/affinity.ts';
import type { Situation } from './situation.ts';
import type { Trial } from './trial.ts';

/** So many places are tried for a bundle. */
const MOST_PLACES = 48;

/**
 * Brings all VMs of a bundle to one place, the one where that is cheapest, in one decision: all of them or none. False
 * where no place takes them all, or where they are together already and need not leave `leaving`.
 */
export function gather(situation: Situation, bundle: Bundle, because: string, leaving?: number): boolean {
  const { book, judge } = situation;
  const { affinity } = judge;
  if (affinity === undefined) return false;
  affinity.underWay = bundle;
  let best: number | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const place of placesFor(situation, bundle)) {
    const trial = moveTo(situation, bundle, place, leaving);
    const gain = trial === undefined ? most : book.gain(trial.saving(), trial.onceCost);
    trial?.undo();
    if (gain <= most) continue;
    best = place;
    most = gain;
  }
  const trial = best === undefined ? undefined : moveTo(situation, bundle, best, leaving);
  affinity.underWay = undefined;
  if (trial === undefined) return false;
  const isWanted = trial.moves.length > 0 && book.hasRoomFor(trial.moves.length);
  if (isWanted) situation.accept(trial, { phase: 'repair', policy: 'core', because });
  else trial.undo();
  return isWanted;
}

/** Where they are, then where the largest of them could go. */
function placesFor({ draft, targets }: Situation, bundle: Bundle): number[] {
  const { members, placeOf } = bundle;
  const hosts = [
    ...members.map((vm) => draft.hostOf[vm]!),
    ...targets.candidates(largestFirst(draft.snapshot.vms.demand[MEMORY]!, members)[0]!, 'emptiest'),
  ];
  return [...new Set(hosts.map((host) => placeOf[host]!))].slice(0, MOST_PLACES);
}

/** Undefined where one of them cannot get there; the trial is undone then. */
function moveTo(situation: Situation, bundle: Bundle, place: number, leaving: number | undefined): Trial | undefined {
  const { draft, judge, targets } = situation;
  const { members, placeOf } = bundle;
  const hosts = targets.all.filter((host) => placeOf[host] === place && host !== leaving);
  const trial = situation.trial();
  for (const vm of largestFirst(draft.snapshot.vms.demand[MEMORY]!, members)) {
    const on = draft.hostOf[vm]!;
    if (placeOf[on] === place && on !== leaving) continue;
    const best = judge.staysBecause(vm, true) === undefined ? bestTarget(situation, vm, hosts) : undefined;
    if (best === undefined) {
      trial.undo();
      return undefined;
    }
    trial.move(vm, best.to);
  }
  return trial;
}

function largestFirst(size: { readonly [vm: number]: number }, vms: readonly number[]): number[] {
  return [...vms].sort((a, b) => size[b]! - size[a]! || a - b);
}
