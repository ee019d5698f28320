import type { Burden, Detector, Rule } from './detectors.ts';
import { HOST_COUNT, hostKind, wattsAt } from './model.ts';
import { shareOut } from './sharing.ts';
import type { World } from './world.ts';

const HISTORY_LENGTH = 30;

/** One host while targets are sought: what is on it, tentatively. */
class Seat implements Burden {
  readonly vms: number[];
  readonly mips: number;
  readonly history = new Float64Array(HISTORY_LENGTH);
  wantedMips = 0;
  largestMb = 0;
  memoryMb = 0;
  givenMips = 0;
  freeMips = 0;
  readonly #world: World;
  readonly #host: number;

  constructor(world: World, host: number) {
    this.#world = world;
    this.#host = host;
    this.mips = hostKind(host).mips;
    this.vms = [...world.lists[host]!];
    this.#recount();
  }

  add(vm: number): void {
    this.vms.push(vm);
    this.#recount();
  }

  take(vm: number): void {
    this.vms.splice(this.vms.lastIndexOf(vm), 1);
    this.#recount();
  }

  /** Sums in the order of arrival, always from the start: the last bit decides ties. */
  #recount(): void {
    const world = this.#world;
    const kind = hostKind(this.#host);
    this.history.fill(0);
    this.wantedMips = 0;
    this.memoryMb = 0;
    this.largestMb = 0;
    this.freeMips = kind.mips;
    for (const vm of this.vms) {
      const { mips, memoryMb } = world.kindOf(vm);
      const shares = world.history[vm]!;
      for (let i = 0; i < shares.length; i++) this.history[i]! += (shares[i]! * mips) / kind.mips;
      this.wantedMips += world.wanted[vm]!;
      this.freeMips -= Math.min(world.wanted[vm]!, kind.coreMips);
      this.memoryMb += memoryMb;
      this.largestMb = Math.max(this.largestMb, memoryMb);
    }
    const claims = this.vms.map((vm) => ({ wantedMips: world.wanted[vm]!, phase: 'staying' as const }));
    this.givenMips = shareOut(claims, kind).reduce((sum, given) => sum + given, 0);
    if (this.freeMips < 0) this.freeMips = 0;
  }
}

/** The published search for a target, on what has been chosen so far. */
export class Placement {
  readonly excluded = new Set<number>();
  readonly #world: World;
  readonly #detect: Detector;
  readonly #rule: Rule;
  readonly #seats: Seat[];

  constructor(world: World, detect: Detector, rule: Rule) {
    this.#world = world;
    this.#detect = detect;
    this.#rule = rule;
    this.#seats = Array.from({ length: HOST_COUNT }, (_, host) => new Seat(world, host));
  }

  isOverloaded(host: number): boolean {
    return this.#detect(this.#seats[host]!);
  }

  exclude(host: number): void {
    this.excluded.add(host);
  }

  listOf(host: number): readonly number[] {
    return this.#seats[host]!.vms;
  }

  add(vm: number, host: number): void {
    this.#seats[host]!.add(vm);
  }

  take(vm: number, host: number): void {
    this.#seats[host]!.take(vm);
  }

  smallestOn(host: number): number | undefined {
    let smallest: number | undefined;
    for (const vm of this.#seats[host]!.vms) {
      if (smallest === undefined || this.#mb(vm) < this.#mb(smallest)) smallest = vm;
    }
    return smallest;
  }

  /** Free to be passed over: nothing runs there. Where hosts have to be switched, one with idle VMs does not sleep. */
  isAsleep(host: number): boolean {
    if (this.#world.setting.chargesSwitching) return this.#world.lists[host]!.length === 0;
    return this.#world.usedMips[host] === 0;
  }

  leastUsed(done: ReadonlySet<number>): number | undefined {
    let least: number | undefined;
    let load = 1;
    for (let host = 0; host < HOST_COUNT; host++) {
      if (done.has(host) || this.isAsleep(host) || this.#world.loadOf(host) >= load) continue;
      least = host;
      load = this.#world.loadOf(host);
    }
    return least;
  }

  /** The host where it adds least watts; the first of equals. */
  targetFor(vm: number): number | undefined {
    const wanted = this.#world.wanted[vm]!;
    let best: number | undefined;
    let least = Number.MAX_VALUE;
    for (let host = 0; host < HOST_COUNT; host++) {
      const seat = this.#seats[host]!;
      if (this.excluded.has(host) || !this.#hasRoom(vm, wanted, seat, host)) continue;
      const watts = this.#addedWatts(wanted, seat, host);
      if (watts >= least || this.#wouldOverload(vm, seat, host)) continue;
      best = host;
      least = watts;
    }
    return best;
  }

  #hasRoom(vm: number, wanted: number, seat: Seat, host: number): boolean {
    if (hostKind(host).coreMips < wanted || seat.freeMips < wanted) return false;
    const { enforcesMemory, memoryMb } = this.#world.setting;
    return !enforcesMemory || seat.memoryMb + this.#mb(vm) <= memoryMb;
  }

  /** The older version looks at what hosts did when they were last updated, and not at what was chosen since. */
  #busyMips(seat: Seat, host: number): number {
    return this.#rule === '3.0' ? this.#world.usedMips[host]! : seat.givenMips;
  }

  #addedWatts(wanted: number, seat: Seat, host: number): number {
    const kind = hostKind(host);
    const after = (this.#busyMips(seat, host) + wanted) / kind.mips;
    return wattsAt(kind, after) - wattsAt(kind, this.#world.loadOf(host));
  }

  #wouldOverload(vm: number, seat: Seat, host: number): boolean {
    if (this.#busyMips(seat, host) === 0) return false;
    seat.add(vm);
    const isOverloaded = this.#detect(seat);
    seat.take(vm);
    return isOverloaded;
  }

  #mb(vm: number): number {
    return this.#world.kindOf(vm).memoryMb;
  }
}
