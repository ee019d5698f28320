import { CPU } from '../domain/resources.ts';
import { type Departure, departuresFrom } from './departures.ts';
import { resourceWordsAt } from './loads.ts';
import type { Situation } from './situation.ts';
import type { Trial } from './trial.ts';

/** Each host tries so many others, those with the lowest cost, and so many VMs of either. */
const MOST_PARTNERS = 4;
const MOST_OFFERS = 6;

/** The VMs of one host that might be exchanged for others. */
type Offers = readonly Departure[];

interface Swap {
  readonly one: number;
  readonly other: number;
}

/** Two VMs change places wherever that pays, those of the dearest of these hosts first. */
export function swap(situation: Situation, hosts: readonly number[]): void {
  const { draft, costs, judge } = situation;
  const dearestFirst = hosts
    .filter((host) => draft.vmCount[host]! > 0 && judge.openHost.isOpen(host))
    .sort((a, b) => costs.hostCost(b) - costs.hostCost(a) || a - b);
  swapAll(situation, dearestFirst);
}

/** The best swap of each host in turn, until none pays. */
function swapAll(situation: Situation, hosts: readonly number[]): void {
  const { draft, fruitlessSwaps: fruitless } = situation;
  const offers = new Map<number, Offers>();
  for (const host of hosts) {
    for (;;) {
      const others = partnersOf(situation, hosts).filter((to) => to !== host && !fruitless.has(host, to));
      const found = bestSwap(situation, host, others, offers);
      if (found === undefined) {
        fruitless.add(host, others);
        break;
      }
      const to = draft.hostOf[found.other]!;
      for (const changed of [host, to]) {
        offers.delete(changed);
        fruitless.forget(changed);
      }
      if (!situation.book.hasRoomFor(2)) return;
      acceptSwap(situation, found);
    }
  }
}

function bestSwap(
  situation: Situation,
  host: number,
  others: readonly number[],
  offers: Map<number, Offers>,
): Swap | undefined {
  let best: Swap | undefined;
  let most = 0;
  for (const to of others) {
    for (const mine of offersOf(situation, host, offers)) {
      for (const theirs of offersOf(situation, to, offers)) {
        if (mine.hope + theirs.hope <= most) break;
        const gain = gainOf(situation, mine, theirs, most);
        if (gain <= most) continue;
        best = { one: mine.vm, other: theirs.vm };
        most = gain;
      }
    }
  }
  return best;
}

/** Zero where it does not pay, is not allowed or is no better than what is known already. */
function gainOf(situation: Situation, mine: Departure, theirs: Departure, known: number): number {
  const { draft, costs, book, once } = situation;
  if (!book.pays(mine.savingPerHour + theirs.savingPerHour, mine.onceCost + theirs.onceCost)) return 0;
  // Where the larger one goes it gets dearer: that says soonest that it does not pay.
  const isLarger = draft.snapshot.vms.demand[CPU]![mine.vm]! > draft.snapshot.vms.demand[CPU]![theirs.vm]!;
  const [{ vm: one, savingPerHour: relief }, { vm: other }] = isLarger ? [mine, theirs] : [theirs, mine];
  if (!haveRoom(situation, one, other)) return 0;
  const a = draft.hostOf[one]!;
  const b = draft.hostOf[other]!;
  const onceCost = once.ofMove(one, a, b) + once.ofMove(other, b, a);
  const place = costs.terms.vmCost(other);
  const rise = hostCostAfter(situation, b, other, one) - costs.presentHostCost(b);
  if (book.gain(relief + place - rise, onceCost) <= known) return 0;
  const fall = costs.presentHostCost(a) - hostCostAfter(situation, a, one, other);
  const saving = fall - rise + costs.terms.vmCost(one) + place - placesCostAfter(situation, one, other);
  const gain = book.gain(saving, onceCost);
  return gain > known && book.pays(saving, onceCost) && isAllowed(situation, one, other) ? gain : 0;
}

function partnersOf({ costs, targets }: Situation, hosts: readonly number[]): readonly number[] {
  if (!targets.isModest) return targets.emptiest(MOST_PARTNERS);
  const cheapestFirst = hosts.toSorted((a, b) => costs.presentHostCost(a) - costs.presentHostCost(b) || a - b);
  return cheapestFirst.slice(0, MOST_PARTNERS);
}

function offersOf(situation: Situation, host: number, offers: Map<number, Offers>): Offers {
  const known = offers.get(host);
  if (known !== undefined) return known;
  const made = departuresFrom(situation, host).slice(0, MOST_OFFERS);
  offers.set(host, made);
  return made;
}

/** What the host would cost with one of its VMs gone and another in its place. */
function hostCostAfter({ draft, costs }: Situation, host: number, leaving: number, coming: number): number {
  const home = draft.hostOf[coming]!;
  draft.lift(leaving);
  draft.hover(coming, host);
  const after = costs.terms.hostCost(host);
  draft.hoverHome(coming, home);
  draft.lower(leaving);
  return after;
}

/** What both places would cost, as if the two VMs did not know each other. */
function placesCostAfter({ draft, costs }: Situation, one: number, other: number): number {
  const { terms } = costs;
  if (!terms.hasPlaces) return 0;
  const a = draft.hostOf[one]!;
  const b = draft.hostOf[other]!;
  draft.lift(one);
  draft.lift(other);
  draft.hover(one, b);
  draft.hover(other, a);
  const after = terms.vmCost(one) + terms.vmCost(other);
  draft.hoverHome(other, b);
  draft.hoverHome(one, a);
  draft.lower(other);
  draft.lower(one);
  return after;
}

/** The quick part of the rules, for the many that are looked at. */
function haveRoom({ draft, targets }: Situation, one: number, other: number): boolean {
  const { vms, hosts } = draft.snapshot;
  const a = draft.hostOf[one]!;
  const b = draft.hostOf[other]!;
  for (let r = 0; r < vms.demand.length; r++) {
    const more = vms.demand[r]![one]! - vms.demand[r]![other]!;
    if (more === 0) continue;
    const host = more > 0 ? b : a;
    const room = hosts.capacity[r]![host]! * targets.ceilings[r]!;
    if (draft.used(r)[host]! + Math.abs(more) > room) return false;
  }
  return true;
}

/** Each is judged at its new place with the other gone from there. */
function isAllowed({ draft, judge }: Situation, one: number, other: number): boolean {
  const a = draft.hostOf[one]!;
  const b = draft.hostOf[other]!;
  const mark = draft.mark();
  draft.move(one, b);
  const isOtherAllowed = judge.permits(other, a);
  draft.undo(mark);
  if (!isOtherAllowed) return false;
  draft.move(other, a);
  const isOneAllowed = judge.permits(one, b);
  draft.undo(mark);
  return isOneAllowed;
}

function changePlaces({ draft }: Situation, trial: Trial, { one, other }: Swap): void {
  const a = draft.hostOf[one]!;
  trial.move(one, draft.hostOf[other]!);
  trial.move(other, a);
}

function acceptSwap(situation: Situation, found: Swap): void {
  const { draft } = situation;
  const { hosts, vms } = draft.snapshot;
  const words = (vm: number) => `${hosts.ids[draft.hostOf[vm]!]} was at ${resourceWordsAt(draft, draft.hostOf[vm]!)}`;
  const names = `${vms.ids[found.one]} and ${vms.ids[found.other]}`;
  const because = `${names} change places: ${words(found.one)}, ${words(found.other)}`;
  const trial = situation.trial();
  changePlaces(situation, trial, found);
  situation.accept(trial, { phase: 'improve', because });
}
