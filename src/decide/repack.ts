import { OFF } from '../domain/power.ts';
import { RESOURCE_COUNT } from '../domain/resources.ts';
import { mayBeSwitchedOff } from './evacuate.ts';
import { movableOn, packAnew } from './packing.ts';
import type { Situation } from './situation.ts';

/** So many hosts are unpacked at a time; where that leaves too little to choose from, more. */
const GROUP_SIZES = [48, 96];
/** Groups that are unpacked in one cycle. */
const MOST_TRIED = 256;
/** Part of the VMs of a group that will move for certain, to judge beforehand whether it could pay. */
const MOVING_AT_LEAST = 0.5;

/**
 * Takes all VMs off some hosts and packs them anew onto fewer, wherever that pays: what has been put where there was room
 * at the time leaves gaps in the end. The hosts that are used worst come first.
 */
export function repack(situation: Situation): void {
  let tried = 0;
  for (const size of GROUP_SIZES) {
    for (let isAnyFreed = true; isAnyFreed && tried < MOST_TRIED; ) {
      isAnyFreed = false;
      for (const group of groupsOf(leastUsedFirst(situation), size)) {
        tried += 1;
        const vms = movableOn(situation, group);
        const victim = group.find((host) => mayBeSwitchedOff(situation, host));
        // Groups that come later have more to move.
        if (victim !== undefined && !couldPay(situation, victim, vms)) return;
        isAnyFreed = victim !== undefined && repackGroup(situation, group, victim);
        if (isAnyFreed || tried >= MOST_TRIED) break;
      }
    }
  }
}

function groupsOf(hosts: readonly number[], size: number): number[][] {
  return Array.from({ length: Math.ceil(hosts.length / size) }, (_, n) => hosts.slice(n * size, (n + 1) * size));
}

/** By the resource that each has most left of. */
function leastUsedFirst(situation: Situation): number[] {
  const { draft, judge } = situation;
  const open = situation.hostsToLookAt().filter((host) => draft.vmCount[host]! > 0 && judge.openHost.isOpen(host));
  const used = new Map(open.map((host) => [host, leastShare(situation, host)]));
  return open.sort((a, b) => used.get(a)! - used.get(b)! || a - b);
}

function leastShare({ draft, targets }: Situation, host: number): number {
  const { capacity } = draft.snapshot.hosts;
  let least = 1;
  for (let r = 0; r < RESOURCE_COUNT; r++) {
    const room = capacity[r]![host]! * targets.ceilings[r]!;
    const used = draft.used(r)[host]!;
    if (used > 0 && room > 0) least = Math.min(least, used / room);
  }
  return least;
}

function repackGroup(situation: Situation, hosts: readonly number[], victim: number): boolean {
  const { draft, book } = situation;
  if (!book.hasRoomFor(1)) return false;
  const others = hosts.filter((host) => host !== victim);
  const trial = situation.trial();
  if (packAnew(situation, trial, victim, others)) {
    for (const host of hosts) {
      if (draft.vmCount[host] === 0 && mayBeSwitchedOff(situation, host)) trial.switch(host, 'off', OFF);
    }
    const changes = trial.netMoves().length + trial.switches.length;
    if (book.pays(trial.saving(), trial.onceCost) && book.hasRoomFor(changes)) {
      const because = `the VMs of ${hosts.length} hosts fit onto ${hosts.length - trial.switches.length} of them`;
      situation.accept(trial, { phase: 'improve', because });
      return true;
    }
  }
  trial.undo();
  return false;
}

function couldPay({ draft, costs, once, book }: Situation, victim: number, vms: readonly number[]): boolean {
  const moving = vms.reduce((sum, vm) => sum + once.ofLeaving(vm, draft.hostOf[vm]!), 0) * MOVING_AT_LEAST;
  return book.pays(costs.hostCost(victim), once.ofSwitchingOff(victim) + moving);
}
