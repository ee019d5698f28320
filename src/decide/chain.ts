import { bestTarget } from './best-move.ts';
import { departuresFrom, payingDeparturesFrom } from './departures.ts';
import { resourceWordsAt } from './loads.ts';
import type { Situation } from './situation.ts';
import type { Trial } from './trial.ts';

/** VMs of a host that are tried, hosts that each would rather be on, and VMs there that might step aside. */
const MOST_VMS = 4;
const MOST_PLACES = 4;
const MOST_IN_THE_WAY = 6;

/** Where a VM finds no room, another steps aside for it, to a third host: both or none. */
export function chain(situation: Situation, hosts: readonly number[]): void {
  for (const host of hosts) while (chainOnce(situation, host));
}

function chainOnce(situation: Situation, host: number): boolean {
  const { book, draft } = situation;
  const { ids } = draft.snapshot.hosts;
  if (!book.hasRoomFor(2)) return false;
  const was = resourceWordsAt(draft, host);
  const places = placesToClear(situation);
  for (const { vm } of payingDeparturesFrom(situation, host).slice(0, MOST_VMS)) {
    const trial = stepAside(situation, vm, places, (each) => book.pays(each.saving(), each.onceCost));
    if (trial === undefined) continue;
    const to = draft.hostOf[vm]!;
    const because = `${ids[host]} was at ${was}; ${ids[to]} will be at ${resourceWordsAt(draft, to)} when one VM has made room for another`;
    situation.accept(trial, trial.onceCost, { phase: 'relieve', because });
    return true;
  }
  return false;
}

/** Hosts on which it may be worth while to make room: the emptiest of all. */
export function placesToClear({ targets }: Situation): readonly number[] {
  return targets.isSmall ? targets.all : targets.emptiest(MOST_PLACES);
}

/** Moves the VM to a host that has no room for it, and another away from there first; undefined where nothing will do. */
export function stepAside(
  situation: Situation,
  vm: number,
  places: readonly number[],
  isWorthIt: (trial: Trial) => boolean,
): Trial | undefined {
  const { draft, judge } = situation;
  for (const to of places) {
    if (to === draft.hostOf[vm] || judge.permits(vm, to) || !isOpenTo(situation, vm, to)) continue;
    const inTheWay = departuresFrom(situation, to).filter(({ vm: other }) => makesRoom(situation, vm, other));
    for (const { vm: other } of inTheWay.slice(0, MOST_IN_THE_WAY)) {
      const trial = situation.trial();
      if (leaves(situation, trial, other) && judge.permits(vm, to)) {
        trial.move(vm, to);
        if (isWorthIt(trial)) return trial;
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
  const best = bestTarget(situation, vm, situation.targets.candidates(vm, 'emptiest'));
  if (best !== undefined) trial.move(vm, best.to);
  return best !== undefined;
}

/** Whether the VM would have room where the other is now. */
function makesRoom({ draft, judge, targets }: Situation, vm: number, other: number): boolean {
  const { vms, hosts } = draft.snapshot;
  const host = draft.hostOf[other]!;
  return vms.demand.every((demand, r) => {
    const used = draft.used(r)[host]! - demand[other]! + demand[vm]!;
    const ceiling = judge.capacity.forRepair ? 1 : targets.ceilings[r]!;
    return used <= hosts.capacity[r]![host]! * ceiling;
  });
}
