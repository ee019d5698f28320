import { vmDoubtWords } from '../domain/doubt.ts';
import type { Draft } from '../domain/draft.ts';
import { ON } from '../domain/power.ts';
import type { Refusal } from '../domain/rule.ts';
import type { BestMove } from './best-move.ts';
import { acceptMove, bestPayingMove, bestTarget } from './best-move.ts';
import { type Departure, payingDeparturesFrom } from './departures.ts';
import { resourceWordsAt } from './loads.ts';
import type { Situation } from './situation.ts';

/** Suffering below this, in money per hour, is not worth looking at. */
const LEAST_SUFFERING = 1e-6;
/** Of each host, the VMs whose leaving helps most are tried. */
const MOST_VMS = 12;
const MOST_VMS_IN_LARGE_FLEET = 4;
/** Crowded hosts that one more host is switched on for at a time. */
const MOST_SERVED = 64;
/** The same of hosts that do not hurt: where the most hopeful finds nothing better, the others hardly will. */
const MOST_VMS_WITHOUT_NEED = 2;

/** Lowers what hurts now: hot hosts give VMs away, to hosts that are switched on for it if need be. */
export function relieve(situation: Situation): void {
  const { book, costs } = situation;
  for (const host of worstFirst(situation)) {
    const decided = book.decisions.length;
    const departures = payingDeparturesFrom(situation, host);
    const suffers = () => costs.terms.suffering(host) > LEAST_SUFFERING;
    giveAway(situation, host, 'relieve', suffers, departures);
    if (!suffers() || !situation.input.power) continue;
    const isAsBefore = book.decisions.length === decided;
    switchOnFor(situation, host, isAsBefore ? departures : payingDeparturesFrom(situation, host));
  }
  if (situation.input.power) while (switchOnForMany(situation));
}

/** Hosts that hurt, the worst first. */
export function worstFirst(situation: Situation, hosts: readonly number[] = situation.hostsThatMayHurt()): number[] {
  const { draft, costs } = situation;
  const suffering = hosts
    .filter((host) => draft.vmCount[host]! > 0)
    .map((host) => ({ host, cost: costs.terms.suffering(host) }))
    .filter(({ cost }) => cost > LEAST_SUFFERING);
  return suffering.sort((a, b) => b.cost - a.cost).map(({ host }) => host);
}

/** Moves VMs off this host, each where it gains most, for as long as that pays and somebody wants it. */
export function giveAway(
  situation: Situation,
  host: number,
  phase: 'relieve' | 'improve',
  isWanted: () => boolean = () => true,
  departures?: readonly Departure[],
): void {
  const giveSome = situation.targets.isSmall ? giveBest : giveInTurn;
  for (let known = departures; isWanted() && situation.book.hasRoomFor(1); known = undefined) {
    // Those who suffer from their distance to others have been seen to by `bringTogether`.
    const leaving = known ?? payingDeparturesFrom(situation, host, situation.targets.isSmall || phase === 'relieve');
    if (!giveSome(situation, leaving, phase, isWanted)) return;
  }
}

/** The one move off this host that gains most; false when none does. */
function giveBest(situation: Situation, departures: readonly Departure[], phase: 'relieve' | 'improve'): boolean {
  const { book } = situation;
  let best: BestMove | undefined;
  let most = 0;
  for (const { vm, hope } of departures.slice(0, MOST_VMS)) {
    if (best !== undefined && hope <= most) break;
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

/**
 * In a large fleet: those who may leave one after the other, the most hopeful first as things stood before the first of
 * them left. False when nobody left.
 */
function giveInTurn(
  situation: Situation,
  departures: readonly Departure[],
  phase: 'relieve' | 'improve',
  isWanted: () => boolean,
): boolean {
  const mostTries = phase === 'relieve' ? MOST_VMS_IN_LARGE_FLEET : MOST_VMS_WITHOUT_NEED;
  let tries = 0;
  let isAnyGone = false;
  for (const { vm } of departures) {
    if (tries >= mostTries || !situation.book.hasRoomFor(1)) break;
    const move = bestPayingMove(situation, vm);
    if (move !== undefined) {
      acceptMove(situation, move, phase);
      isAnyGone = true;
      if (!isWanted()) break;
    } else if (isAnyGone) {
      // Less is to be hoped for by now, and perhaps of others.
      break;
    } else {
      tries += 1;
    }
  }
  return isAnyGone;
}

/** Switches on one more host for this one's VMs, if that pays for itself. */
function switchOnFor(situation: Situation, hot: number, departures: readonly Departure[]): void {
  const { draft, once, book } = situation;
  const fresh = situation.sleepers.cheapest();
  if (fresh === undefined || !book.hasRoomFor(2)) return;
  const { ids } = draft.snapshot.hosts;
  const because = `${ids[hot]} is at ${resourceWordsAt(draft, hot)} and no host that is on can relieve it`;
  const trial = situation.trial();
  trial.switch(fresh, 'on', ON);
  for (const { vm } of departures.slice(0, MOST_VMS)) {
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

/**
 * Switches on one more host for all that are crowded, if that pays for them together: where each suffers a little, none
 * of them is worth a host of its own. False when it does not.
 */
function switchOnForMany(situation: Situation): boolean {
  const { draft, once, book, costs } = situation;
  const fresh = situation.sleepers.cheapest();
  const crowded = worstFirst(situation, situation.hostsToLookAt()).slice(0, MOST_SERVED);
  if (fresh === undefined || crowded.length < 2 || !book.hasRoomFor(2)) return false;
  const suffering = crowded.reduce((sum, host) => sum + costs.terms.suffering(host), 0);
  const trial = situation.trial();
  trial.switch(fresh, 'on', ON);
  if (!book.pays(suffering + Math.min(0, trial.saving()), trial.onceCost)) {
    trial.undo();
    return false;
  }
  const worst = crowded[0]!;
  const because = `${crowded.length} hosts are crowded, ${draft.snapshot.hosts.ids[worst]} at ${resourceWordsAt(draft, worst)}, and none that is on can relieve them`;
  for (const host of crowded) {
    for (const { vm } of payingDeparturesFrom(situation, host).slice(0, MOST_VMS_IN_LARGE_FLEET)) {
      const best = bestTarget(situation, vm, [fresh]);
      if (best !== undefined && book.pays(best.savingPerHour, once.ofMove(vm, host, fresh))) trial.move(vm, fresh);
    }
  }
  const changes = trial.moves.length + 1;
  if (trial.moves.length === 0 || !book.pays(trial.saving(), trial.onceCost) || !book.hasRoomFor(changes)) {
    trial.undo();
    return false;
  }
  situation.accept(trial, { phase: 'relieve', policy: 'core', because });
  return true;
}

/** What still suffers when the search has come to its end, and why. */
export function tellOfSuffering(situation: Situation): void {
  const { draft, book } = situation;
  for (const host of worstFirst(situation)) {
    const id = draft.snapshot.hosts.ids[host]!;
    const because = `${id} suffers at ${resourceWordsAt(draft, host)}`;
    book.refuse([], 0, 0, { phase: 'relieve', policy: 'core', because }, whyNothingHelps(draft, host));
  }
}

/** Nobody is moved on numbers that cannot be trusted: that then is the reason, and not the price. */
function whyNothingHelps(draft: Draft, host: number): Refusal {
  const { hosts, vms } = draft.snapshot;
  const here = draft.vmsOn(host);
  const doubtful = here.filter((vm) => vms.known[vm] !== 1);
  const on = `on ${hosts.ids[host]}`;
  const example = doubtful[0] === undefined ? '' : ` (${vmDoubtWords(draft.snapshot, doubtful[0])})`;
  if (doubtful.length === here.length) {
    return { rule: 'known', because: `the metrics of no VM ${on} can be trusted by now${example}` };
  }
  const except =
    example === '' ? '' : `; the metrics of ${doubtful.length} of ${here.length} cannot be trusted${example}`;
  return { rule: 'payback', because: `no permitted move of a VM ${on} pays back within the horizon${except}` };
}
