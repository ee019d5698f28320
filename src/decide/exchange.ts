import { OFF, ON } from '../domain/power.ts';
import { RESOURCE_COUNT } from '../domain/resources.ts';
import { bestTarget } from './best-move.ts';
import { payingDeparturesFrom } from './departures.ts';
import { emptyOut } from './empty-out.ts';
import { easiestFirst, mayBeSwitchedOff } from './evacuate.ts';
import type { Situation } from './situation.ts';
import { sleepsOnBecause } from './sleep.ts';
import { squeeze } from './squeeze.ts';
import { swapOnTrial } from './swap.ts';
import type { Trial } from './trial.ts';

/** Hosts that are thought of as too many, and as missing. */
const MOST_TOO_MANY = 12;
const MOST_MISSING = 8;
/** Of all exchanges that can be thought of, so many are tried, the most promising first. */
const MOST_TRIED = 100;
/** The one that comes closest to paying is tried once more, with swaps, if no more than this share of all cost is missing. */
const NEARLY = 0.02;
/** Up to so many hosts, all of them are looked at for what follows from an exchange. */
const FEW_HOSTS = 16;
/** What hosts that come on may take over from others, as a share of what being on costs them. */
const TAKEN_OVER = 1;
/** What may be won back by moving others after a host was emptied, as a share of what it cost. */
const WON_BACK = 0.3;

/** Hosts to switch on and hosts to switch off, with all moves that follow. */
interface Exchange {
  readonly on: readonly number[];
  readonly off: readonly number[];
}

/** Other hosts for the same work, wherever that pays: the wrong ones may have been kept on. */
export function exchange(situation: Situation): void {
  while (exchangeOnce(situation));
}

function exchangeOnce(situation: Situation): boolean {
  const { book, costs } = situation;
  const order = easiestFirst(situation);
  let nearest: Exchange | undefined;
  let nearestGain = -NEARLY * book.gain(costs.total(), 0);
  const withoutRoom = new Set<string>();
  for (const candidate of promising(situation, order)) {
    const { on, off } = candidate;
    if (off.length > 1 && off.some((host) => withoutRoom.has(nameOf(on, [host])))) continue;
    const gain = tryOut(situation, candidate, order, false);
    if (gain === undefined) withoutRoom.add(nameOf(on, off));
    if (gain === undefined || gain < nearestGain) continue;
    if (gain > 0) return true;
    nearest = candidate;
    nearestGain = gain;
  }
  return nearest !== undefined && (tryOut(situation, nearest, order, true) ?? 0) > 0;
}

const nameOf = (on: readonly number[], off: readonly number[]): string => `${on.join()} for ${off.join()}`;

/** One host less, one more, one for another, and then one for two or two for one; the most hopeful of each first. */
function promising(situation: Situation, order: readonly number[]): Exchange[] {
  const { draft, targets } = situation;
  const on = order.filter((host) => draft.power[host] === ON);
  const missing = targets.all.filter((host) => mayBeSwitchedOn(situation, host)).slice(0, MOST_MISSING);
  const putToSleep = missing.filter((host) => draft.snapshot.hosts.power[host] === ON);
  const candidates = [
    ...each([[]], singles(on)),
    ...each(singles(missing), [[], ...singles(on), ...pairs(on.slice(0, MOST_TOO_MANY))]),
    ...each(pairs(putToSleep), singles(on)),
  ];
  const size = (exchange: Exchange) => Math.max(exchange.on.length, exchange.off.length);
  return candidates
    .filter((exchange) => leavesRoom(situation, exchange))
    .map((exchange) => ({ exchange, hope: hopeOf(situation, exchange) }))
    .filter(({ exchange, hope }) => exchange.off.length === 0 || hope + slackOf(situation, exchange) > 0)
    .sort((a, b) => size(a.exchange) - size(b.exchange) || b.hope - a.hope)
    .slice(0, MOST_TRIED)
    .map(({ exchange }) => exchange);
}

const each = (ons: readonly number[][], offs: readonly number[][]): Exchange[] =>
  ons.flatMap((on) => offs.map((off) => ({ on, off })));

const singles = (hosts: readonly number[]): number[][] => hosts.map((host) => [host]);

const pairs = (hosts: readonly number[]): number[][] =>
  hosts.flatMap((one, i) => hosts.slice(0, i).map((other) => [one, other]));

function mayBeSwitchedOn({ draft, input }: Situation, host: number): boolean {
  const { known, maintenance } = draft.snapshot.hosts;
  if (draft.power[host] !== OFF || known[host] !== 1 || maintenance[host] === 1) return false;
  return sleepsOnBecause(draft.snapshot, input.profile, host) === undefined;
}

/** Whether what all VMs want fits into what would be on, taken as one. */
function leavesRoom({ draft, targets }: Situation, { on, off }: Exchange): boolean {
  const { capacity } = draft.snapshot.hosts;
  for (let r = 0; r < RESOURCE_COUNT; r++) {
    let room = 0;
    for (const host of targets.all) {
      const staysOn = (draft.power[host] === ON && !off.includes(host)) || on.includes(host);
      room += (staysOn ? capacity[r]![host]! * targets.ceilings[r]! : 0) - draft.used(r)[host]!;
    }
    if (room < 0) return false;
  }
  return true;
}

/** What would be gained if the work of the hosts that go off cost nothing elsewhere, apart from the moves. */
function hopeOf(situation: Situation, { on, off }: Exchange): number {
  const { draft, once, book } = situation;
  let moving = 0;
  for (const host of off) {
    draft.forEachVmOn(host, (vm) => {
      moving += once.ofLeaving(vm, host);
    });
  }
  return gainOfSwitches(situation, { on, off }) - book.gain(0, -moving);
}

function gainOfSwitches(situation: Situation, { on, off }: Exchange): number {
  const { costs, once, book } = situation;
  const lost = on.reduce((sum, host) => sum + book.gain(standingCost(situation, host), once.ofSwitchingOn(host)), 0);
  return off.reduce((sum, host) => sum + book.gain(costs.hostCost(host), once.ofSwitchingOff(host)), 0) - lost;
}

function slackOf(situation: Situation, { on, off }: Exchange): number {
  const { book, costs } = situation;
  const takenOver = on.reduce((sum, host) => sum + standingCost(situation, host), 0) * TAKEN_OVER;
  const wonBack = off.reduce((sum, host) => sum + costs.hostCost(host), 0) * WON_BACK;
  return book.gain(takenOver + wonBack, 0);
}

/** Money per hour for being on, with nothing to do. */
function standingCost({ draft, costs }: Situation, host: number): number {
  const mark = draft.mark();
  draft.setPower(host, ON);
  const cost = costs.terms.hostCost(host) - costs.hostCost(host);
  draft.undo(mark);
  return cost;
}

/** What it gains, where that is accepted; or by how much it fails to pay, or undefined where there is no room for it. */
function tryOut(situation: Situation, each: Exchange, order: readonly number[], isSecond: boolean): number | undefined {
  const { book } = situation;
  const trial = situation.trial();
  const receivers = [...each.on, ...order.toReversed()].filter((host) => !each.off.includes(host));
  const hope = carryOut(situation, trial, each, receivers);
  if (hope !== undefined && hope > 0) {
    const around =
      receivers.length <= FEW_HOSTS ? receivers : [...trial.hosts].filter((host) => receivers.includes(host));
    polish(situation, trial, around);
    if (isSecond) {
      swapOnTrial(situation, trial, around);
      polish(situation, trial, around);
    }
    const saving = trial.saving();
    const gain = book.gain(saving, trial.onceCost);
    if (book.pays(saving, trial.onceCost) && book.hasRoomFor(trial.netMoves().length + trial.switches.length)) {
      situation.accept(trial, trial.onceCost, { phase: 'improve', because: words(situation, each) });
      return gain;
    }
    trial.undo();
    return Math.min(0, gain);
  }
  trial.undo();
  return hope === undefined ? undefined : Number.NEGATIVE_INFINITY;
}

/** Gives what may still be hoped for when all hosts that go off are empty; undefined where there is no room for that. */
function carryOut(
  situation: Situation,
  trial: Trial,
  each: Exchange,
  receivers: readonly number[],
): number | undefined {
  let hope: number | undefined = gainOfSwitches(situation, each) + slackOf(situation, each);
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

/** Every move that pays by itself after what the trial has done so far. */
function polish(situation: Situation, trial: Trial, hosts: readonly number[]): void {
  for (const host of hosts) {
    for (const { vm } of payingDeparturesFrom(situation, host)) {
      const best = bestTarget(situation, vm, hosts);
      if (best !== undefined && situation.book.pays(best.savingPerHour, best.onceCost)) trial.move(vm, best.to);
    }
  }
}

function words({ draft }: Situation, { on, off }: Exchange): string {
  const { ids } = draft.snapshot.hosts;
  const names = (hosts: readonly number[]) => hosts.map((host) => ids[host]!).join(' and ');
  if (off.length === 0) return `with ${names(on)} on, the others are less crowded or moves are spared`;
  if (on.length === 0) return `the others do the work of ${names(off)} for less`;
  return `${names(on)} does the work of ${names(off)} for less`;
}
