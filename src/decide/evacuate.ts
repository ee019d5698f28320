import { OFF } from '../domain/power.ts';
import { CPU } from '../domain/resources.ts';
import { emptyOut } from './empty-out.ts';
import { resourceWordsAt } from './loads.ts';
import type { Situation } from './situation.ts';

/** In a large fleet, stop after so many hosts in a row that could not be emptied. */
const MOST_FAILURES_IN_A_ROW = 64;

/** Empties hosts and switches them off wherever that pays: all of a host's moves and its switching off, or nothing. */
export function evacuate(situation: Situation): void {
  const order = easiestFirst(situation);
  // Hosts that will be emptied last are the best targets: what goes there need not move again.
  const keepers = order.toReversed();
  let failures = 0;
  for (const host of order) {
    if (failures >= MOST_FAILURES_IN_A_ROW || !situation.book.hasRoomFor(1)) return;
    failures = evacuateOne(situation, host, keepers) ? 0 : failures + 1;
  }
}

/**
 * Most running cost per byte that would have to be copied, those that are dear for what they can do before the others;
 * empty hosts come first.
 */
export function easiestFirst(situation: Situation, hosts: readonly number[] = situation.hostsToLookAt()): number[] {
  const { draft, costs, judge, once } = situation;
  const capacity = draft.snapshot.hosts.capacity[CPU]!;
  const promising = hosts
    .filter((host) => judge.openHost.isOpen(host))
    .map((host) => {
      const moving = draft.vmsOn(host).reduce((sum, vm) => sum + once.ofLeaving(vm, host), 0);
      const dearness = costs.hostCost(host) / Math.max(1, capacity[host]!);
      const price = Math.max(LEAST_PRICE, once.ofSwitchingOff(host) + moving);
      return { host, promise: (dearness ** DEARNESS_COUNTS * costs.hostCost(host)) / price };
    });
  return promising.sort((a, b) => b.promise - a.promise || a.host - b.host).map(({ host }) => host);
}

/** A host that is dear by a quarter comes before one with half as much to copy. */
const DEARNESS_COUNTS = 3;

/** What costs nothing, or less, is still ranked. */
const LEAST_PRICE = 1e-9;

function evacuateOne(situation: Situation, host: number, keepers: readonly number[]): boolean {
  const { draft, book, costs, once } = situation;
  if (!mayBeSwitchedOff(situation, host)) return false;
  const because = `${draft.snapshot.hosts.ids[host]} is at ${resourceWordsAt(draft, host)}; the others have room for its VMs`;
  const trial = situation.trial();
  const mostGain = book.gain(costs.hostCost(host), once.ofSwitchingOff(host));
  if ((emptyOut(situation, trial, host, keepers, mostGain) ?? 0) > 0) {
    trial.switch(host, 'off', OFF);
    if (book.pays(trial.saving(), trial.onceCost) && book.hasRoomFor(trial.moves.length + 1)) {
      situation.accept(trial, { phase: 'improve', because });
      return true;
    }
  }
  trial.undo();
  return false;
}

export function mayBeSwitchedOff({ draft, judge, reserve }: Situation, host: number): boolean {
  if (judge.staysOnBecause(host) !== undefined || reserve.refusal(host) !== undefined) return false;
  return draft.vmsOn(host).every((vm) => judge.mayMove(vm));
}
