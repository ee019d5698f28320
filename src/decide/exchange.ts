import { OFF, ON } from '../domain/power.ts';
import { RESOURCE_COUNT } from '../domain/resources.ts';
import type { Departure } from './departures.ts';
import { easiestFirst } from './evacuate.ts';
import { NO_ROOM, tryOut } from './exchange-trial.ts';
import { type Exchange, Prospects } from './prospects.ts';
import type { Situation } from './situation.ts';
import { sleepsOnBecause } from './sleep.ts';

/** Hosts that are thought of as too many, and as missing. */
const MOST_TOO_MANY = 12;
const MOST_MISSING = 8;
/** Of all exchanges that can be thought of, so many are tried, the most promising first. */
const MOST_TRIED = 40;
/** The one that comes closest to paying is tried once more, with swaps and chains, unless it misses by this share of all cost. */
const NEARLY = 0.02;
/** What has missed by this share of all cost is not tried again. */
const NOT_AGAIN = 0.003;

/** What exchanges have been found to gain, by their names, and how many decisions there were when all were looked through. */
export interface Tried {
  readonly gains: Map<string, number>;
  decided: number;
}

export const nothingTried = (): Tried => ({ gains: new Map(), decided: -1 });

/**
 * Other hosts for the same work, wherever that pays: the wrong ones may have been kept on. What is known to be far from
 * paying is not tried again.
 */
export function exchange(situation: Situation, tried: Tried): void {
  const { decisions } = situation.book;
  if (tried.decided === decisions.length) return;
  while (exchangeOnce(situation, tried.gains));
  tried.decided = decisions.length;
}

function exchangeOnce(situation: Situation, tried: Map<string, number>): boolean {
  const { book, costs } = situation;
  const order = easiestFirst(situation);
  const prospects = new Prospects(situation);
  const scan = { order, prospects, departures: new Map<number, readonly Departure[]>() };
  const total = book.gain(costs.total(), 0);
  let nearest: Exchange | undefined;
  let nearestGain = -NEARLY * total;
  for (const candidate of promising(situation, order, prospects)) {
    const { on, off } = candidate;
    const name = nameOf(on, off);
    if ((tried.get(name) ?? 0) < -NOT_AGAIN * total) continue;
    if (off.length > 1 && off.some((host) => tried.get(nameOf(on, [host])) === NO_ROOM)) continue;
    const gain = tryOut(situation, candidate, scan, false);
    if (gain > 0) return true;
    tried.set(name, gain);
    if (gain < nearestGain) continue;
    nearest = candidate;
    nearestGain = gain;
  }
  if (nearest === undefined) return false;
  const name = `${nameOf(nearest.on, nearest.off)}, closely`;
  if (tried.has(name)) return false;
  const gain = tryOut(situation, nearest, scan, true);
  tried.set(name, gain);
  return gain > 0;
}

const nameOf = (on: readonly number[], off: readonly number[]): string => `${on.join()} for ${off.join()}`;

/** One host less, one more, one for another, and then one for two or two for one; the most hopeful of each first. */
function promising(situation: Situation, order: readonly number[], prospects: Prospects): Exchange[] {
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
    .map((exchange) => ({ exchange, hope: prospects.of(exchange) }))
    .filter(({ hope }) => hope > 0)
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
