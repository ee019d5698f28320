import { OFF, ON } from '../domain/power.ts';
import { bestTarget } from './best-move.ts';
import { type Departure, payingDeparturesFrom } from './departures.ts';
import { emptyOut } from './empty-out.ts';
import { mayBeSwitchedOff } from './evacuate.ts';
import { type Effort, interchange, SIMPLE } from './interchange.ts';
import type { Exchange, Prospects } from './prospects.ts';
import type { Situation } from './situation.ts';
import { squeeze } from './squeeze.ts';
import type { Trial } from './trial.ts';

/** Up to so many hosts, all of them are looked at for what follows from an exchange. */
const FEW_HOSTS = 16;
/** What may be won back by moving others after a host was emptied, as a share of all cost. */
const WON_BACK = 0.02;
/** When hosts that came on have taken over what they can, little more is won: what misses by this share of all cost is far off. */
const FAR_OFF = 0.02;
/** What misses by no more than this share of all cost after that may pay with changes of place. */
const NEARLY = 0.01;
/** Combinations of VMs that are thought over for that in a search. */
const MOST_THOUGHTS = 20_000;
/** In place of what an exchange gains, where there is no room for it, and where it can be seen not to pay. */
export const NO_ROOM = Number.NEGATIVE_INFINITY;
const HOPELESS = -Number.MAX_VALUE;

/** What exchanges have been found to gain, by their names, and how many decisions there were when all were looked through. */
export interface Tried {
  readonly gains: Map<string, number>;
  decided: number;
  tries: number;
  readonly effort: Effort;
}

export const nothingTried = (): Tried => ({ gains: new Map(), decided: -1, tries: 0, effort: { left: MOST_THOUGHTS } });

/** What is known while nothing is accepted: who is emptied most easily, and who would leave each host. */
interface Scan {
  readonly order: readonly number[];
  readonly departures: Map<number, readonly Departure[]>;
  readonly prospects: Prospects;
  readonly tried: Tried;
}

/** What the exchange gains, and more than nothing only where that has been accepted. */
export function tryOut(situation: Situation, each: Exchange, scan: Scan): number {
  const { book, costs } = situation;
  const trial = situation.trial();
  const receivers = [...each.on, ...scan.order.toReversed()].filter((host) => !each.off.includes(host));
  const hope = carryOut(situation, trial, each, receivers, scan);
  if (hope === undefined || hope <= 0) {
    trial.undo();
    return hope === undefined ? NO_ROOM : HOPELESS;
  }
  const around =
    receivers.length <= FEW_HOSTS ? receivers : [...trial.hosts].filter((host) => receivers.includes(host));
  fill(situation, trial, each.on, around, scan);
  const filled = book.gain(trial.saving(), trial.onceCost);
  if (filled > -FAR_OFF * book.gain(costs.total(), 0)) improveOnTrial(situation, trial, around, scan);
  const saving = trial.saving();
  const gain = book.gain(saving, trial.onceCost);
  if (book.pays(saving, trial.onceCost) && book.hasRoomFor(trial.netMoves().length + trial.switches.length)) {
    situation.accept(trial, { phase: 'improve', because: words(situation, each) });
    return gain;
  }
  trial.undo();
  return Math.min(0, gain);
}

/** Moves, and where it nearly pays by then, changes of place. */
function improveOnTrial(situation: Situation, trial: Trial, around: readonly number[], scan: Scan): void {
  const { book, costs } = situation;
  const changed = around.filter((host) => trial.hosts.has(host));
  polish(situation, trial, changed, around);
  if (book.gain(trial.saving(), trial.onceCost) < -NEARLY * book.gain(costs.total(), 0)) return;
  const { effort } = scan.tried;
  if (effort.left > 0) interchange(situation, trial, around, effort, { ...SIMPLE, changed: [...trial.hosts] });
}

/** Gives what may still be hoped for when all hosts that go off are empty; undefined where there is no room for that. */
function carryOut(
  situation: Situation,
  trial: Trial,
  each: Exchange,
  receivers: readonly number[],
  scan: Scan,
): number | undefined {
  let hope: number | undefined =
    scan.prospects.withoutMoving(each) + WON_BACK * situation.book.gain(situation.costs.total(), 0);
  for (const host of each.on) trial.switch(host, 'on', ON);
  for (const host of each.off) {
    hope = mayBeSwitchedOff(situation, host) ? clear(situation, trial, host, receivers, hope) : undefined;
    if (hope === undefined || hope <= 0) return hope;
    trial.switch(host, 'off', OFF);
  }
  return each.off.length === 0 ? Number.POSITIVE_INFINITY : hope;
}

/** One VM after the other; where that leads nowhere, by trial and error. */
function clear(
  situation: Situation,
  trial: Trial,
  host: number,
  receivers: readonly number[],
  hope: number,
): number | undefined {
  const stage = trial.stage();
  const left = emptyOut(situation, trial, host, receivers, hope);
  if (left !== undefined) return left;
  trial.backTo(stage);
  return squeeze(situation, trial, host, receivers) ? hope : undefined;
}

/** Hosts that came on take over whatever it pays to bring there. */
function fill(
  situation: Situation,
  trial: Trial,
  fresh: readonly number[],
  hosts: readonly number[],
  { departures }: Scan,
): void {
  if (fresh.length === 0) return;
  for (const host of hosts) {
    if (fresh.includes(host)) continue;
    const isAsBefore = !trial.hosts.has(host);
    const leaving = (isAsBefore ? departures.get(host) : undefined) ?? payingDeparturesFrom(situation, host);
    if (isAsBefore) departures.set(host, leaving);
    for (const departure of leaving) {
      if (fresh.some((to) => couldPay(situation, departure, to))) moveIfItPays(situation, trial, departure.vm, fresh);
    }
  }
}

/** What leaves first relieves a host most: who comes after may find that it no longer pays. */
function couldPay(
  { draft, judge, costs, book, once }: Situation,
  { vm, savingPerHour }: Departure,
  to: number,
): boolean {
  if (!judge.permits(vm, to)) return false;
  const { terms } = costs;
  const from = draft.hostOf[vm]!;
  const without = costs.presentHostCost(to);
  draft.lift(vm);
  draft.hover(vm, to);
  const saving = savingPerHour + without - terms.hostCost(to) - terms.vmCost(vm);
  draft.hoverHome(vm, from);
  draft.lower(vm);
  return book.pays(saving, once.ofMove(vm, from, to));
}

/** Every move that pays by itself after what the trial has done so far. */
function polish(situation: Situation, trial: Trial, hosts: readonly number[], to: readonly number[]): void {
  for (const host of hosts) {
    for (const { vm } of payingDeparturesFrom(situation, host)) moveIfItPays(situation, trial, vm, to);
  }
}

function moveIfItPays(situation: Situation, trial: Trial, vm: number, to: readonly number[]): void {
  const best = bestTarget(situation, vm, to);
  if (best !== undefined && situation.book.pays(best.savingPerHour, best.onceCost)) trial.move(vm, best.to);
}

function words({ draft }: Situation, { on, off }: Exchange): string {
  const { ids } = draft.snapshot.hosts;
  const names = (hosts: readonly number[]) => hosts.map((host) => ids[host]!).join(' and ');
  if (off.length === 0) return `with ${names(on)} on, the others are less crowded or moves are spared`;
  if (on.length === 0) return `the others do the work of ${names(off)} for less`;
  return `${names(on)} does the work of ${names(off)} for less`;
}
