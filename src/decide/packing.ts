import { RESOURCE_COUNT } from '../domain/resources.ts';
import type { Situation } from './situation.ts';
import type { Trial } from './trial.ts';

/**
 * Takes all VMs that may move off the hosts and packs them anew, onto all but the one. False where they do not fit: the
 * trial is then to be undone.
 */
export function packAnew(situation: Situation, trial: Trial, victim: number, others: readonly number[]): boolean {
  const { draft } = situation;
  const vms = movableOn(situation, [victim, ...others]);
  for (const vm of vms) if (draft.hostOf[vm] !== victim) trial.move(vm, victim);
  return new Packing(situation, trial, vms).onto(others) && draft.vmCount[victim] === 0;
}

/** Without those that must be with others: they would have to find a new place together. */
export function movableOn({ draft, judge }: Situation, hosts: readonly number[]): number[] {
  const isMovable = (vm: number) => judge.mayMove(vm) && (judge.affinity?.bundlesOf(vm).length ?? 0) === 0;
  return hosts.flatMap((host) => draft.vmsOn(host).filter(isMovable));
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
