import { bestCandidate } from './best-move.ts';
import { departuresFrom } from './departures.ts';
import type { Situation } from './situation.ts';
import type { Trial } from './trial.ts';

/** In a large fleet, hosts on which room is made; on each, VMs that are asked to step aside. */
const MOST_PLACES = 4;
const MOST_IN_THE_WAY = 6;

/** Hosts on which it may be worth while to make room: the emptiest of all. */
export function placesToClear({ targets }: Situation): readonly number[] {
  return targets.isSmall ? targets.all : targets.emptiest(MOST_PLACES);
}

/** Moves the VM to a host that has no room for it, and another away from there first; undefined where nothing will do. */
export function makeWay(situation: Situation, vm: number, places: readonly number[]): Trial | undefined {
  const { draft, judge } = situation;
  for (const to of places) {
    if (to === draft.hostOf[vm] || judge.permits(vm, to) || !isOpenTo(situation, vm, to)) continue;
    const inTheWay = departuresFrom(situation, to).filter(({ vm: other }) => makesRoom(situation, vm, other));
    for (const { vm: other } of inTheWay.slice(0, MOST_IN_THE_WAY)) {
      const trial = situation.trial();
      if (leaves(situation, trial, other) && judge.permits(vm, to)) {
        trial.move(vm, to);
        return trial;
      }
      trial.undo();
    }
  }
  return undefined;
}

function isOpenTo({ judge }: Situation, vm: number, host: number): boolean {
  return judge.openHost.isOpen(host) && judge.fitness.permits(vm, host);
}

function leaves(situation: Situation, trial: Trial, vm: number): boolean {
  const best = bestCandidate(situation, vm, 'emptiest');
  if (best !== undefined) trial.move(vm, best.to);
  return best !== undefined;
}

/** Whether the VM would have room where the other is now. */
export function makesRoom({ draft, judge, targets }: Situation, vm: number, other: number): boolean {
  const { vms, hosts } = draft.snapshot;
  const host = draft.hostOf[other]!;
  for (let r = 0; r < vms.demand.length; r++) {
    const used = draft.used(r)[host]! - vms.demand[r]![other]! + vms.demand[r]![vm]!;
    const ceiling = judge.capacity.forRepair ? 1 : targets.ceilings[r]!;
    if (used > hosts.capacity[r]![host]! * ceiling) return false;
  }
  return true;
}
