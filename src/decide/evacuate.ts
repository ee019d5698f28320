import { OFF } from '../domain/power.ts';
import { CPU, MEMORY } from '../domain/resources.ts';
import type { Refusal } from '../domain/rule.ts';
import { bestTarget } from './best-move.ts';
import { resourceWordsAt } from './loads.ts';
import type { Situation } from './situation.ts';
import type { Trial } from './trial.ts';

/** In a large fleet, stop after so many hosts in a row that could not be emptied. */
const MOST_FAILURES_IN_A_ROW = 64;

/** Empties hosts and switches them off wherever that pays: all of a host's moves and its switching off, or nothing. */
export function evacuate(situation: Situation): void {
  const order = easiestFirst(situation);
  // Hosts that will be emptied last are the best targets: what goes there need not move again.
  const keepers = order.toReversed();
  let failures = 0;
  for (const host of order) {
    if (failures >= MOST_FAILURES_IN_A_ROW) return;
    const refusal = evacuateOne(situation, host, keepers);
    failures = refusal === undefined ? 0 : failures + 1;
  }
}

/** Most running cost per byte that would have to be copied; empty hosts come first. */
function easiestFirst(situation: Situation): number[] {
  const { draft, costs, judge, once } = situation;
  const promising = situation
    .hostsToLookAt()
    .filter((host) => judge.openHost.isOpen(host))
    .map((host) => {
      const moving = draft.vmsOn(host).reduce((sum, vm) => sum + once.ofMove(vm, host, host), 0);
      return { host, promise: costs.hostCost(host) / (once.ofSwitchingOff(host) + moving) };
    });
  return promising.sort((a, b) => b.promise - a.promise).map(({ host }) => host);
}

function evacuateOne(situation: Situation, host: number, keepers: readonly number[]): Refusal | undefined {
  const { draft, judge, reserve, book, once } = situation;
  const forbidden = judge.staysOnBecause(host) ?? reserve.refusal(host) ?? immovable(situation, host);
  if (forbidden !== undefined) return forbidden;
  const because = `${draft.snapshot.hosts.ids[host]} is at ${resourceWordsAt(draft, host)}; the others have room for its VMs`;
  const trial = situation.trial();
  const movesCost = empty(situation, trial, host, keepers);
  if (movesCost === undefined) {
    trial.undo();
    return { rule: 'capacity', because: 'its VMs do not all fit elsewhere' };
  }
  trial.switch(host, 'off', OFF);
  const onceCost = movesCost + once.ofSwitchingOff(host);
  if (!book.pays(trial.saving(), onceCost) || !book.hasRoomFor(trial.moves.length + 1)) {
    trial.undo();
    return { rule: 'payback', because: 'it does not pay back within the horizon' };
  }
  situation.accept(trial, onceCost, { phase: 'improve', because });
  return undefined;
}

function immovable({ draft, judge }: Situation, host: number): Refusal | undefined {
  for (const vm of draft.vmsOn(host)) {
    const stays = judge.staysBecause(vm, false);
    if (stays !== undefined) return stays;
  }
  return undefined;
}

/** Moves every VM off the host; gives what that costs once, or undefined where one of them can go nowhere. */
function empty(situation: Situation, trial: Trial, host: number, keepers: readonly number[]): number | undefined {
  const { judge, once, targets } = situation;
  judge.capacity.forPeaks = true;
  let cost: number | undefined = 0;
  for (const vm of largestFirst(situation, host)) {
    const candidates = targets.isSmall ? keepers : targets.candidates(vm, 'fullest');
    const best = bestTarget(situation, vm, candidates);
    if (best === undefined) {
      cost = undefined;
      break;
    }
    trial.move(vm, best.to);
    cost += once.ofMove(vm, host, best.to);
  }
  judge.capacity.forPeaks = false;
  return cost;
}

function largestFirst({ draft }: Situation, host: number): number[] {
  const { hosts, vms } = draft.snapshot;
  const size = (vm: number) =>
    vms.cpuPeakMhz[vm]! / hosts.capacity[CPU]![host]! + vms.demand[MEMORY]![vm]! / hosts.capacity[MEMORY]![host]!;
  return draft.vmsOn(host).sort((a, b) => size(b) - size(a) || a - b);
}
