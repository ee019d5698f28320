import { OFF } from '../domain/power.ts';
import { RESOURCE_COUNT } from '../domain/resources.ts';
import { mayBeSwitchedOff } from './evacuate.ts';
import type { Situation } from './situation.ts';
import type { Trial } from './trial.ts';

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
        isAnyFreed = victim !== undefined && repackGroup(situation, group, vms, victim);
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

function repackGroup(situation: Situation, hosts: readonly number[], vms: readonly number[], victim: number): boolean {
  const { draft, book } = situation;
  const others = hosts.filter((host) => host !== victim);
  const trial = situation.trial();
  for (const vm of vms) if (draft.hostOf[vm] !== victim) trial.move(vm, victim);
  if (new Packing(situation, trial, vms).onto(others)) {
    for (const host of hosts) {
      if (draft.vmCount[host] === 0 && mayBeSwitchedOff(situation, host)) trial.switch(host, 'off', OFF);
    }
    const changes = trial.netMoves().length + trial.switches.length;
    if (book.pays(trial.saving(), trial.onceCost) && book.hasRoomFor(changes)) {
      const because = `the VMs of ${hosts.length} hosts fit onto ${hosts.length - trial.switches.length} of them`;
      situation.accept(trial, trial.onceCost, { phase: 'improve', because });
      return true;
    }
  }
  trial.undo();
  return false;
}

/** Without those that must be with others: they would have to find a new place together. */
function movableOn({ draft, judge }: Situation, hosts: readonly number[]): number[] {
  const isMovable = (vm: number) =>
    judge.staysBecause(vm, false) === undefined && (judge.affinity?.bundlesOf(vm).length ?? 0) === 0;
  return hosts.flatMap((host) => draft.vmsOn(host).filter(isMovable));
}

function couldPay({ draft, costs, once, book }: Situation, victim: number, vms: readonly number[]): boolean {
  const moving = vms.reduce((sum, vm) => sum + once.ofLeaving(vm, draft.hostOf[vm]!), 0) * MOVING_AT_LEAST;
  return book.pays(costs.hostCost(victim), once.ofSwitchingOff(victim) + moving);
}

/** VMs that wait on one host, to be packed from there onto others. */
class Packing {
  readonly #situation: Situation;
  readonly #trial: Trial;
  readonly #waiting: Set<number>;
  /** Per resource, what those who wait want of it. */
  readonly #wanted: number[];

  constructor(situation: Situation, trial: Trial, vms: readonly number[]) {
    const { demand } = situation.draft.snapshot.vms;
    this.#situation = situation;
    this.#trial = trial;
    this.#waiting = new Set(vms);
    this.#wanted = demand.map((column) => vms.reduce((sum, vm) => sum + column[vm]!, 0));
  }

  /** Fills one host after the other; false as soon as it is clear that not all will find a place. */
  onto(hosts: readonly number[]): boolean {
    const { judge, targets } = this.#situation;
    const weights = this.#wanted.map((wanted, r) => wanted / Math.max(1, targets.largest[r]!));
    const room = this.#wanted.map((_, r) => hosts.reduce((sum, host) => sum + this.#room(r, host), 0));
    judge.capacity.forPeaks = true;
    for (const host of hosts) {
      if (this.#wanted.some((wanted, r) => wanted > room[r]! * (1 + ROUNDING))) break;
      room.forEach((_, r) => {
        room[r]! -= this.#room(r, host);
      });
      this.#fill(host, weights);
    }
    judge.capacity.forPeaks = false;
    return this.#waiting.size === 0;
  }

  #fill(host: number, weights: readonly number[]): void {
    const { demand } = this.#situation.draft.snapshot.vms;
    for (let vm = this.#bestFit(host, weights); vm !== undefined; vm = this.#bestFit(host, weights)) {
      this.#trial.move(vm, host);
      this.#waiting.delete(vm);
      for (let r = 0; r < RESOURCE_COUNT; r++) this.#wanted[r]! -= demand[r]![vm]!;
    }
  }

  /** The VM that leaves least room, what is wanted most weighing most. */
  #bestFit(host: number, weights: readonly number[]): number | undefined {
    const { judge, draft } = this.#situation;
    const { demand } = draft.snapshot.vms;
    const capacity = draft.snapshot.hosts.capacity.map((column) => Math.max(1, column[host]!));
    const free = capacity.map((_, r) => this.#room(r, host));
    let best: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const vm of this.#waiting) {
      let left = 0;
      for (let r = 0; r < RESOURCE_COUNT; r++) {
        const room = free[r]! - demand[r]![vm]!;
        if (room < 0) left = Number.POSITIVE_INFINITY;
        left += weights[r]! * (room / capacity[r]!) ** 2;
      }
      if (left >= least || !judge.permits(vm, host)) continue;
      best = vm;
      least = left;
    }
    return best;
  }

  #room(resource: number, host: number): number {
    const { draft, targets } = this.#situation;
    return draft.snapshot.hosts.capacity[resource]![host]! * targets.ceilings[resource]! - draft.used(resource)[host]!;
  }
}

/** Sums in another order differ by as much. */
const ROUNDING = 1e-9;
