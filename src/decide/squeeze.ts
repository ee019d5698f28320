import { CPU, RESOURCE_COUNT } from '../domain/resources.ts';
import type { VmColumns } from '../domain/snapshot.ts';
import { movableOn } from './packing.ts';
import type { Situation } from './situation.ts';
import type { Trial } from './trial.ts';

/** Places that are tried for VMs, over and over again, before it is given up. */
const MOST_STEPS = 200;

/**
 * Finds every VM of some hosts a place on all of them but one, by trial and error: for each, largest first, its own place
 * if it can stay, else the others, the fullest first; where nothing is left for one, those before it are thought over.
 * False where it found nothing: the trial is then to be undone.
 */
export function squeeze(situation: Situation, trial: Trial, victim: number, receivers: readonly number[]): boolean {
  const { draft, judge } = situation;
  const hosts = receivers.filter((host) => host !== victim && judge.openHost.isOpen(host));
  const vms = movableOn(situation, [victim, ...hosts]);
  const places = new Search(situation, vms, hosts).places();
  if (places === undefined) return false;
  const moving = vms.filter((vm, i) => places[i] !== draft.hostOf[vm]);
  for (const vm of moving) if (draft.hostOf[vm] !== victim) trial.move(vm, victim);
  judge.capacity.forPeaks = true;
  const isDone = moving.every((vm) => {
    const to = places[vms.indexOf(vm)]!;
    if (!judge.permits(vm, to)) return false;
    trial.move(vm, to);
    return true;
  });
  judge.capacity.forPeaks = false;
  return isDone && draft.vmCount[victim] === 0;
}

/** On numbers alone: what VMs want of each resource, and of CPU at their peaks, against what hosts have free. */
class Search {
  readonly #situation: Situation;
  readonly #vms: number[];
  readonly #order: number[];
  readonly #hosts: readonly number[];
  /** Per VM and per host, side by side. */
  readonly #wanted: Float64Array;
  readonly #free: Float64Array;
  readonly #placeOf: Int32Array;
  #steps = 0;

  constructor(situation: Situation, vms: number[], hosts: readonly number[]) {
    const { draft, targets } = situation;
    const { capacity } = draft.snapshot.hosts;
    this.#situation = situation;
    this.#vms = vms;
    this.#hosts = hosts;
    this.#wanted = wantedBy(vms, draft.snapshot.vms);
    this.#placeOf = new Int32Array(vms.length).fill(-1);
    this.#free = new Float64Array(hosts.length * WIDTH);
    hosts.forEach((host, at) => {
      for (let r = 0; r < WIDTH; r++) {
        const resource = r === PEAK ? CPU : r;
        const used = r === PEAK ? draft.cpuPeak : draft.used(r);
        this.#free[at * WIDTH + r] = capacity[resource]![host]! * targets.ceilings[resource]! - used[host]!;
      }
    });
    const size = vms.map((_, i) => this.#sizeOf(i));
    this.#order = vms.map((_, i) => i).sort((a, b) => size[b]! - size[a]! || a - b);
    vms.forEach((vm, i) => {
      const at = hosts.indexOf(draft.hostOf[vm]!);
      if (at >= 0) this.#add(i, at, 1);
    });
  }

  places(): readonly number[] | undefined {
    return this.#place(0) ? Array.from(this.#placeOf, (at) => this.#hosts[at]!) : undefined;
  }

  #place(n: number): boolean {
    if (n === this.#order.length) return true;
    const i = this.#order[n]!;
    for (const at of this.#preferred(i)) {
      if (this.#steps++ > MOST_STEPS) return false;
      this.#placeOf[i] = at;
      this.#add(i, at, -1);
      if (this.#place(n + 1)) return true;
      this.#add(i, at, 1);
    }
    return false;
  }

  #preferred(i: number): number[] {
    const { draft, judge } = this.#situation;
    const vm = this.#vms[i]!;
    const home = this.#hosts.indexOf(draft.hostOf[vm]!);
    const fitting: number[] = [];
    for (let at = 0; at < this.#hosts.length; at++) {
      if (this.#fits(i, at) && (at === home || judge.fitness.permits(vm, this.#hosts[at]!))) fitting.push(at);
    }
    const rank = (at: number) => (at === home ? -1 : this.#free[at * WIDTH]!);
    return fitting.sort((a, b) => rank(a) - rank(b));
  }

  #fits(i: number, at: number): boolean {
    for (let r = 0; r < WIDTH; r++) if (this.#wanted[i * WIDTH + r]! > this.#free[at * WIDTH + r]!) return false;
    return true;
  }

  #add(i: number, at: number, sign: 1 | -1): void {
    for (let r = 0; r < WIDTH; r++) this.#free[at * WIDTH + r]! += sign * this.#wanted[i * WIDTH + r]!;
  }

  #sizeOf(i: number): number {
    const { largest } = this.#situation.targets;
    return largest.reduce((sum, most, r) => sum + this.#wanted[i * WIDTH + r]! / Math.max(1, most), 0);
  }
}

const PEAK = RESOURCE_COUNT;
const WIDTH = RESOURCE_COUNT + 1;

function wantedBy(vms: readonly number[], { demand, cpuPeakMhz }: VmColumns): Float64Array {
  const wanted = new Float64Array(vms.length * WIDTH);
  for (let r = 0; r < WIDTH; r++) {
    const column = r === PEAK ? cpuPeakMhz : demand[r]!;
    for (let i = 0; i < vms.length; i++) wanted[i * WIDTH + r] = column[vms[i]!]!;
  }
  return wanted;
}
