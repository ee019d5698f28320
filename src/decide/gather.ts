import { MEMORY, RESOURCES } from '../domain/resources.ts';
import type { Refusal, Violation } from '../domain/rule.ts';
import { amountWords } from '../domain/words.ts';
import { bestTarget } from './best-move.ts';
import { resourceWordsAt } from './loads.ts';
import type { Bundle } from './rules/affinity.ts';
import type { Situation } from './situation.ts';
import type { Trial } from './trial.ts';

/** So many places are tried for a bundle. */
const MOST_PLACES = 48;
/** Of one host, where single moves have not helped. */
const MOST_BUNDLES = 16;

/**
 * Brings all VMs of a bundle to one place, the one where that is cheapest, in one decision: all of them or none. False
 * where no place takes them all, or where they are together already and need not leave `leaving`.
 */
export function gather(situation: Situation, bundle: Bundle, because: string, leaving?: number): boolean {
  const trial = toBestPlace(situation, bundle, placesFor(situation, bundle), { isRepair: true, leaving });
  if (trial === undefined) return false;
  if (trial.moves.length > 0 && situation.book.hasRoomFor(trial.moves.length)) {
    situation.accept(trial, { phase: 'repair', policy: 'core', because });
    return true;
  }
  trial.undo();
  return false;
}

/** Why not even the largest place could hold them all, were it empty; undefined where one could. */
export function tooLargeToGather({ draft, judge, input }: Situation, { vms: ids }: Violation): Refusal | undefined {
  const { vms, hosts } = draft.snapshot;
  const bundle = judge.affinity?.broken().find(({ members }) => members.every((vm) => ids.includes(vms.ids[vm]!)));
  if (bundle === undefined) return undefined;
  const { members, placeOf, rule } = bundle;
  for (const [r, { name }] of RESOURCES.entries()) {
    const wanted = members.reduce((sum, vm) => sum + vms.demand[r]![vm]!, 0);
    const room = new Map<number, number>();
    for (let host = 0; host < hosts.ids.length; host++) {
      const of = hosts.capacity[r]![host]! * input.profile.evacuationCeilings[name];
      room.set(placeOf[host]!, (room.get(placeOf[host]!) ?? 0) + of);
    }
    const most = Math.max(...room.values());
    if (wanted <= most) continue;
    const because = `the VMs of rule ${rule.id} want ${amountWords(r, wanted)} together, and no ${rule.level} may give more than ${amountWords(r, most)}`;
    return {
      rule: 'affinity',
      because,
      remedy: `a larger ${rule.level}, smaller VMs, or fewer of them in rule ${rule.id}`,
    };
  }
  return undefined;
}

/** VMs that must be together, and of which none may leave alone, leave these hosts together wherever that pays. */
export function moveTogether(situation: Situation, hosts: readonly number[]): void {
  const { judge, draft } = situation;
  const { affinity } = judge;
  if (affinity === undefined) return;
  for (const host of hosts) {
    const bundles = new Set(draft.vmsOn(host).flatMap((vm) => affinity.bundlesOf(vm)));
    for (const bundle of [...bundles].slice(0, MOST_BUNDLES)) moveBundle(situation, host, bundle);
  }
}

function moveBundle(situation: Situation, host: number, bundle: Bundle): void {
  const { draft, book, costs } = situation;
  const { hosts, vms } = draft.snapshot;
  const phase = costs.terms.suffering(host) > 0 ? 'relieve' : 'improve';
  const because = `${hosts.ids[host]} was at ${resourceWordsAt(draft, host)}; rule ${bundle.rule.id} keeps ${bundle.members.map((vm) => vms.ids[vm]).join(', ')} together`;
  const here = bundle.placeOf[host]!;
  const elsewhere = placesFor(situation, bundle).filter((place) => place !== here);
  const trial = toBestPlace(situation, bundle, elsewhere, { isRepair: false, leaving: undefined });
  if (trial === undefined) return;
  if (book.pays(trial.saving(), trial.onceCost) && book.hasRoomFor(trial.moves.length))
    situation.accept(trial, { phase, because });
  else trial.undo();
}

interface Manner {
  /** What must be repaired does not wait for VMs to have rested. */
  readonly isRepair: boolean;
  /** A host that none of them may be on in the end. */
  readonly leaving: number | undefined;
}

/** All of them at the one of these places that gains most or loses least, on trial; undefined where none takes them. */
function toBestPlace(
  situation: Situation,
  bundle: Bundle,
  places: readonly number[],
  manner: Manner,
): Trial | undefined {
  const { book, judge } = situation;
  const { affinity } = judge;
  if (affinity === undefined) return undefined;
  affinity.underWay = bundle;
  let best: number | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const place of places) {
    const trial = moveTo(situation, bundle, place, manner);
    const gain = trial === undefined ? most : book.gain(trial.saving(), trial.onceCost);
    trial?.undo();
    if (gain <= most) continue;
    best = place;
    most = gain;
  }
  const trial = best === undefined ? undefined : moveTo(situation, bundle, best, manner);
  affinity.underWay = undefined;
  return trial;
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
function moveTo(situation: Situation, bundle: Bundle, place: number, { isRepair, leaving }: Manner): Trial | undefined {
  const { draft, judge, targets } = situation;
  const { members, placeOf } = bundle;
  const hosts = targets.all.filter((host) => placeOf[host] === place && host !== leaving);
  const trial = situation.trial();
  for (const vm of largestFirst(draft.snapshot.vms.demand[MEMORY]!, members)) {
    const on = draft.hostOf[vm]!;
    if (placeOf[on] === place && on !== leaving) continue;
    const best = judge.staysBecause(vm, isRepair) === undefined ? bestTarget(situation, vm, hosts) : undefined;
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
