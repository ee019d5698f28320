import type { TermChange } from '../domain/decision.ts';
import { HOST_DEFAULTS, type Host } from '../domain/host.ts';
import { type Inventory, toInventory, toSnapshot } from '../domain/inventory.ts';
import { OFF, ON } from '../domain/power.ts';
import { countRefusals } from '../domain/refusals.ts';
import { amountsOf } from '../domain/resources.ts';
import type { Refusal, Rule } from '../domain/rule.ts';
import type { Flow } from '../domain/traffic.ts';
import { SECOND } from '../domain/units.ts';
import type { Vm } from '../domain/vm.ts';
import { spanWords } from '../domain/words.ts';
import type { DecideInput } from './input.ts';
import { resourceWordsAt } from './loads.ts';
import { withoutFaulty } from './policy-fault.ts';
import { Situation } from './situation.ts';

export const MOST_STARS = 5;

/** A VM that does not run yet, with whom it will talk and from whom it must be kept apart. */
export interface Arrival {
  readonly vm: Omit<Vm, 'host'>;
  readonly flows: readonly Flow[];
  readonly rules: readonly Rule[];
}

/** What it would mean to start the VM on one host. */
export interface Placement {
  readonly host: string;
  /** 5 for the cheapest and whatever is as good, 1 for the dearest, 0 where a rule forbids it. */
  readonly stars: number;
  readonly refusal?: Refusal;
  readonly terms: readonly TermChange[];
  /** What the whole fleet would cost more per hour; negative where the VM makes it cheaper. */
  readonly addedPerHour: number;
  readonly mustBeSwitchedOn: boolean;
  readonly because: string;
}

/** For a new VM and every host, best first. The ids of the VM and of those that it names must be known to fit the fleet. */
export function placeVm(input: DecideInput, arrival: Arrival): readonly Placement[] {
  return withoutFaulty(input.policies, (policies) => placements({ ...input, policies }, arrival)).result;
}

function placements(input: DecideInput, arrival: Arrival): readonly Placement[] {
  const waitingRoom = roomBeside(input);
  const without = new Situation({ ...input, snapshot: toSnapshot(waitingRoom.inventory) }).costs.totals;
  const situation = new Situation({ ...input, snapshot: toSnapshot(withArrival(waitingRoom, arrival)) });
  const vm = situation.draft.snapshot.vms.index.get(arrival.vm.id)!;
  const hosts = situation.targets.all.filter((host) => host !== situation.draft.hostOf[vm]);
  const unrated = hosts.map((host) => placement(situation, vm, host, without));
  return starred(unrated, input.profile.leastSavingPerHour);
}

/** Why no host takes the VM: each rule that forbids some, with an example; undefined where one does. */
export function nowhereBecause(placements: readonly Placement[]): string | undefined {
  if (placements.some(({ refusal }) => refusal === undefined)) return undefined;
  const parts = countRefusals(placements.flatMap(({ refusal }) => refusal ?? [])).map(({ rule, count, because }) => {
    return `${rule} forbids ${count} (${because})`;
  });
  return parts.length === 0 ? 'there is no host' : parts.join('; ');
}

interface WaitingRoom {
  readonly id: string;
  readonly inventory: Inventory;
}

/** Room for everybody. */
const VAST = 1e15;

/**
 * A VM has to be somewhere. Until it is placed it is on a host that is switched off and has room for everybody; the fleet
 * is priced with that host but without the VM first, so that what the host itself costs cancels out.
 */
function roomBeside({ snapshot }: DecideInput): WaitingRoom {
  const inventory = toInventory(snapshot);
  let id = 'waiting';
  while (snapshot.hosts.index.has(id)) id += '-';
  const room: Host = { ...HOST_DEFAULTS, id, capacity: amountsOf(() => VAST), power: 'off', rack: id, site: id };
  return { id, inventory: { ...inventory, hosts: [...inventory.hosts, room] } };
}

function withArrival({ id, inventory }: WaitingRoom, { vm, flows, rules }: Arrival): Inventory {
  return {
    ...inventory,
    vms: [...inventory.vms, { ...vm, host: id }],
    flows: [...inventory.flows, ...flows],
    rules: [...inventory.rules, ...rules],
  };
}

type Unrated = Omit<Placement, 'stars'>;

/** `without`: per term, what the fleet costs without the VM. */
function placement(situation: Situation, vm: number, host: number, without: Float64Array): Unrated {
  const { draft, judge, costs } = situation;
  const mustBeSwitchedOn = isToBeSwitchedOn(situation, host);
  const trial = situation.trial();
  if (mustBeSwitchedOn) trial.switch(host, 'on', ON);
  const refusal = judge.refusal(vm, host);
  trial.move(vm, host);
  const changes = trial.termChanges();
  const load = resourceWordsAt(draft, host);
  trial.undo();
  const terms = costs.terms.names.map((term, t) => {
    return { term, beforePerHour: without[t]!, afterPerHour: costs.totals[t]! + changes[t]! };
  });
  return {
    host: draft.snapshot.hosts.ids[host]!,
    ...(refusal === undefined ? {} : { refusal }),
    terms,
    addedPerHour: terms.reduce((sum, { beforePerHour, afterPerHour }) => sum + afterPerHour - beforePerHour, 0),
    mustBeSwitchedOn,
    because: refusal?.because ?? `it will be at ${load}${mustBeSwitchedOn ? bootWords(situation, host) : ''}`,
  };
}

function isToBeSwitchedOn({ draft, input }: Situation, host: number): boolean {
  const { known, maintenance } = draft.snapshot.hosts;
  return input.power && draft.power[host] === OFF && known[host] === 1 && maintenance[host] === 0;
}

function bootWords({ draft }: Situation, host: number): string {
  const { hosts, pools } = draft.snapshot;
  const { bootSeconds } = pools.powerModels[hosts.powerModel[host]!]!;
  return `, once it has been switched on, which takes ${spanWords(bootSeconds * SECOND)}`;
}

/**
 * Five for the cheapest and for all that nobody could tell from it; below that by quarters of the way to the dearest host
 * that is allowed.
 */
function starred(unrated: readonly Unrated[], unnoticeablePerHour: number): Placement[] {
  const allowed = unrated.filter(({ refusal }) => refusal === undefined).map(({ addedPerHour }) => addedPerHour);
  const best = allowed.reduce((least, added) => Math.min(least, added), Number.POSITIVE_INFINITY);
  const span = allowed.reduce((most, added) => Math.max(most, added), Number.NEGATIVE_INFINITY) - best;
  const starsOf = ({ refusal, addedPerHour }: Unrated): number => {
    if (refusal !== undefined) return 0;
    const dearer = addedPerHour - best;
    if (dearer <= unnoticeablePerHour) return MOST_STARS;
    return Math.min(MOST_STARS - 1, MOST_STARS - Math.ceil((dearer / span) * (MOST_STARS - 1)));
  };
  return unrated
    .map((each) => ({ ...each, stars: starsOf(each) }))
    .sort((a, b) => rank(a) - rank(b) || a.addedPerHour - b.addedPerHour || (a.host < b.host ? -1 : 1));
}

const rank = ({ refusal }: Placement): number => (refusal === undefined ? 0 : 1);
