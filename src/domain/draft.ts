import type { Column } from './columns.ts';
import { type CountedColumns, countedColumns } from './counted.ts';
import { type OFF, ON } from './power.ts';
import { CPU, RESOURCE_COUNT, RESOURCES } from './resources.ts';
import type { Snapshot } from './snapshot.ts';

/** Told of every move, undone ones included, when all sums are as they will be. */
export type MoveFollower = (vm: number, from: number, to: number) => void;
/** Told of every change of a host's power, undone ones included. */
export type PowerFollower = (host: number, before: number, after: number) => void;

const NONE = -1;
const CPU_VARIANCE = RESOURCE_COUNT;
const CPU_PEAK = RESOURCE_COUNT + 1;
const CPU_LOW = RESOURCE_COUNT + 2;
const CPU_SOON = RESOURCE_COUNT + 3;
const CPU_LATER = RESOURCE_COUNT + 4;
const FIRST_COUNTED = RESOURCE_COUNT + 5;
const POWER_CHANGE = -1;

/**
 * A snapshot plus what has been accepted so far. Moving and undoing cost O(1); undo gives back the very same totals, bit
 * for bit, because it restores them and does not subtract. A VM in flight has its place on its target, with all that it
 * wants; what cannot be shared out thinner is held on its source too until it has arrived, or else has come back.
 */
export class Draft {
  readonly snapshot: Snapshot;
  /** Resources beyond the built-in ones. */
  readonly counted: readonly CountedColumns[];
  readonly #hostOf: Int32Array;
  readonly #power: Uint8Array;
  /** What each VM adds to its host's sums: its demand per resource, then its CPU variance, then other CPU demands. */
  readonly #addends: readonly Column[];
  readonly #sums: readonly Float64Array[];
  readonly #vmCount: Int32Array;
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #inFlight: Uint8Array;
  /** By sum, what departing flights hold; nothing where none does. */
  readonly #held: (Float64Array | undefined)[] = [];
  readonly #powerFollowers: PowerFollower[] = [];
  readonly #moveFollowers: MoveFollower[] = [];
  /** Per change: vm (or POWER_CHANGE), from (or host), to (or the power state before). */
  readonly #log: number[] = [];
  /** Of each sum, what goes with a unit of CPU; worked out when first asked for. */
  #perCpu: readonly number[] | undefined;
  /** A stack of sums as they were, to be put back when a change is undone. */
  #savedSums = new Float64Array(1024);
  #savedCount = 0;

  constructor(snapshot: Snapshot) {
    const hostCount = snapshot.hosts.ids.length;
    const vmCount = snapshot.vms.ids.length;
    this.snapshot = snapshot;
    this.#hostOf = new Int32Array(vmCount);
    this.#power = Uint8Array.from(copied(snapshot.hosts.power));
    const { demand, cpuDeviationMhz, cpuPeakMhz, cpuLowMhz, cpuSoonMhz, cpuLaterMhz } = snapshot.vms;
    const cpuVariance = squared(cpuDeviationMhz);
    const others = [cpuPeakMhz, cpuLowMhz, cpuSoonMhz, cpuLaterMhz];
    const { hosts, vms, counted = [] } = snapshot;
    this.counted = counted.map((resource) => countedColumns(resource, hosts.ids, vms.ids));
    this.#addends = [...demand, cpuVariance, ...others, ...this.counted.map((resource) => resource.demand)];
    const { reserved } = snapshot.hosts;
    this.#sums = [
      ...reserved.map(copied),
      new Float64Array(hostCount),
      ...others.map(() => copied(reserved[CPU]!)),
      ...this.counted.map(() => new Float64Array(hostCount)),
    ];
    this.#vmCount = new Int32Array(hostCount);
    this.#first = new Int32Array(hostCount).fill(NONE);
    this.#next = new Int32Array(vmCount).fill(NONE);
    this.#previous = new Int32Array(vmCount).fill(NONE);
    this.#inFlight = new Uint8Array(vmCount);
    for (let vm = vmCount - 1; vm >= 0; vm--) this.#link(vm, snapshot.vms.host[vm]!);
    for (let s = 0; s < this.#sums.length; s++) sumUp(this.#sums[s]!, this.#addends[s]!, this.#hostOf);
    this.#holdFlights();
  }

  /** Host index of each VM. */
  get hostOf(): Column {
    return this.#hostOf;
  }

  /** Power state of each host, as an index into POWER_STATES. */
  get power(): Column {
    return this.#power;
  }

  /** Per resource, what each host has given away: to its VMs, its own reserve and what departing flights still hold. */
  used(resource: number): Column {
    return this.#sums[resource]!;
  }

  /**
   * How much of that departing flights still hold, where any do. Room that is held is not free, but nobody is worse off for
   * it, and soon it is free: rules count it, prices do not.
   */
  held(resource: number): Column | undefined {
    return this.#held[resource];
  }

  /** Sum of the squared CPU deviations of each host's VMs. */
  get cpuVariance(): Column {
    return this.#sums[CPU_VARIANCE]!;
  }

  /** Sum of the recent CPU peaks of each host's VMs. */
  get cpuPeak(): Column {
    return this.#sums[CPU_PEAK]!;
  }

  /** Sum of what each of the host's VMs wanted at least of late. */
  get cpuLow(): Column {
    return this.#sums[CPU_LOW]!;
  }

  /** Sum of what the host's VMs are expected to want soon. */
  get cpuSoon(): Column {
    return this.#sums[CPU_SOON]!;
  }

  get cpuLater(): Column {
    return this.#sums[CPU_LATER]!;
  }

  /** What each host has given away of one of the `counted` resources. */
  countedUsed(resource: number): Column {
    return this.#sums[FIRST_COUNTED + resource]!;
  }

  countedHeld(resource: number): Column | undefined {
    return this.#held[FIRST_COUNTED + resource];
  }

  get vmCount(): Column {
    return this.#vmCount;
  }

  isOn(host: number): boolean {
    return this.#power[host] === ON;
  }

  isInFlight(vm: number): boolean {
    return this.#inFlight[vm] === 1;
  }

  /** The first VM of the host, to go on from with `nextOn`; below zero where there is none. Nothing may move meanwhile. */
  firstOn(host: number): number {
    return this.#first[host]!;
  }

  /** The VM after this one on its host; below zero after the last. */
  nextOn(vm: number): number {
    return this.#next[vm]!;
  }

  /** Calls back for each VM of the host; the callback must not move VMs (see `vmsOn`). */
  forEachVmOn(host: number, visit: (vm: number) => void): void {
    for (let vm = this.#first[host]!; vm !== NONE; vm = this.#next[vm]!) visit(vm);
  }

  vmsOn(host: number): number[] {
    const list: number[] = [];
    this.forEachVmOn(host, (vm) => list.push(vm));
    return list;
  }

  followPower(follower: PowerFollower): void {
    this.#powerFollowers.push(follower);
  }

  followMoves(follower: MoveFollower): void {
    this.#moveFollowers.push(follower);
  }

  move(vm: number, to: number): void {
    const from = this.#hostOf[vm]!;
    this.#log.push(vm, from, to);
    this.#save(from);
    this.#save(to);
    this.#leave(vm, from);
    this.#settle(vm, to);
    for (const follower of this.#moveFollowers) follower(vm, from, to);
  }

  /**
   * Takes the VM off its host's sums, to look at what it would mean elsewhere (`hover`) without the cost of moving
   * it; until `lower` puts it back, nothing else may be changed.
   */
  lift(vm: number): void {
    const from = this.#hostOf[vm]!;
    this.#save(from);
    this.#count(vm, from, -1);
  }

  /** As if the lifted VM were on that host, until it hovers home. */
  hover(vm: number, host: number): void {
    this.#save(host);
    this.#count(vm, host, 1);
    this.#hostOf[vm] = host;
  }

  /** Ends hovering; those that hover at the same time come home in the reverse order. */
  hoverHome(vm: number, home: number): void {
    const host = this.#hostOf[vm]!;
    this.#vmCount[host]! -= 1;
    this.#restore(host);
    this.#hostOf[vm] = home;
  }

  lower(vm: number): void {
    const home = this.#hostOf[vm]!;
    this.#vmCount[home]! += 1;
    this.#restore(home);
  }

  /**
   * As if so much more of a resource were in use on the host, and with CPU its variance, peaks and forecasts as they go with
   * it on the whole. Until `comeBack` nothing else may be changed.
   */
  pretend(host: number, resource: number, more: number): void {
    this.#save(host);
    this.#swell(host, resource, more);
    if (resource !== CPU) return;
    this.#perCpu ??= this.#addends.map((column) => total(column) / Math.max(1, total(this.#addends[CPU]!)));
    for (let s = CPU_VARIANCE; s < FIRST_COUNTED; s++) this.#swell(host, s, more * this.#perCpu[s]!);
  }

  comeBack(host: number): void {
    this.#restore(host);
  }

  setPower(host: number, state: number): void {
    this.#log.push(POWER_CHANGE, host, this.#power[host]!);
    this.#switch(host, state);
  }

  /** A place in the list of changes, to come back to with `undo`. */
  mark(): number {
    return this.#log.length;
  }

  undo(mark: number): void {
    while (this.#log.length > mark) this.#undoLast();
  }

  /** VMs that are not where the snapshot has them, in index order; flights do not count. */
  movedVms(): number[] {
    const moved: number[] = [];
    const before = this.snapshot.vms.host;
    for (let vm = 0; vm < this.#hostOf.length; vm++) {
      if (this.#hostOf[vm] !== before[vm] && !this.isInFlight(vm)) moved.push(vm);
    }
    return moved;
  }

  hostsSwitched(to: typeof ON | typeof OFF): number[] {
    const switched: number[] = [];
    const before = this.snapshot.hosts.power;
    for (let host = 0; host < this.#power.length; host++) {
      if (this.#power[host] === to && before[host] !== to) switched.push(host);
    }
    return switched;
  }

  #undoLast(): void {
    const last = this.#log.pop()!;
    const second = this.#log.pop()!;
    const vm = this.#log.pop()!;
    if (vm === POWER_CHANGE) {
      this.#switch(second, last);
      return;
    }
    this.#leave(vm, last);
    this.#settle(vm, second);
    this.#restore(last);
    this.#restore(second);
    for (const follower of this.#moveFollowers) follower(vm, last, second);
  }

  #swell(host: number, s: number, more: number): void {
    this.#sums[s]![host] = Math.max(0, this.#sums[s]![host]! + more);
  }

  #switch(host: number, after: number): void {
    const before = this.#power[host]!;
    this.#power[host] = after;
    for (const follower of this.#powerFollowers) follower(host, before, after);
  }

  #save(host: number): void {
    const count = this.#savedCount + this.#sums.length;
    if (count > this.#savedSums.length) {
      const grown = new Float64Array(2 * this.#savedSums.length);
      grown.set(this.#savedSums);
      this.#savedSums = grown;
    }
    for (let s = 0; s < this.#sums.length; s++) this.#savedSums[this.#savedCount + s] = this.#sums[s]![host]!;
    this.#savedCount = count;
  }

  #restore(host: number): void {
    this.#savedCount -= this.#sums.length;
    for (let s = 0; s < this.#sums.length; s++) this.#sums[s]![host] = this.#savedSums[this.#savedCount + s]!;
  }

  #settle(vm: number, host: number): void {
    this.#addTo(vm, host, 1);
    this.#link(vm, host);
  }

  #link(vm: number, host: number): void {
    this.#vmCount[host]! += 1;
    this.#hostOf[vm] = host;
    const first = this.#first[host]!;
    this.#previous[vm] = NONE;
    this.#next[vm] = first;
    if (first !== NONE) this.#previous[first] = vm;
    this.#first[host] = vm;
  }

  #leave(vm: number, host: number): void {
    this.#count(vm, host, -1);
    const previous = this.#previous[vm]!;
    const next = this.#next[vm]!;
    if (previous === NONE) this.#first[host] = next;
    else this.#next[previous] = next;
    if (next !== NONE) this.#previous[next] = previous;
  }

  #count(vm: number, host: number, sign: 1 | -1): void {
    this.#addTo(vm, host, sign);
    this.#vmCount[host]! += sign;
  }

  #addTo(vm: number, host: number, sign: 1 | -1): void {
    for (let s = 0; s < this.#sums.length; s++) this.#sums[s]![host]! += sign * this.#addends[s]![vm]!;
  }

  #holdFlights(): void {
    const { hosts, vms, flights } = this.snapshot;
    for (const flight of flights) {
      const vm = vms.index.get(flight.vm);
      const from = hosts.index.get(flight.from);
      const to = hosts.index.get(flight.to);
      if (vm === undefined || from === undefined || to === undefined) continue;
      this.#inFlight[vm] = 1;
      this.#leave(vm, this.#hostOf[vm]!);
      this.#settle(vm, to);
      if (flight.quick !== 'saved') this.#hold(vm, from);
    }
  }

  /** A guest gets its processor and its network where it runs, one place at a time; the rest it has twice meanwhile. */
  #hold(vm: number, host: number): void {
    for (let s = 0; s < this.#sums.length; s++) {
      const amount = this.#addends[s]![vm]!;
      if (amount === 0 || !(s >= FIRST_COUNTED || RESOURCES[s]?.guaranteed)) continue;
      this.#sums[s]![host]! += amount;
      this.#held[s] ??= new Float64Array(this.#vmCount.length);
      this.#held[s]![host]! += amount;
    }
  }
}

/** Column by column, which is quicker than VM by VM; in the same order, so that rounding is the same. */
function sumUp(sums: Float64Array, addends: Column, hostOf: Int32Array): void {
  for (let vm = hostOf.length - 1; vm >= 0; vm--) sums[hostOf[vm]!]! += addends[vm]!;
}

function total(column: Column): number {
  let sum = 0;
  for (let i = 0; i < column.length; i++) sum += column[i]!;
  return sum;
}

function squared(column: Column): Float64Array {
  const squares = new Float64Array(column.length);
  for (let i = 0; i < squares.length; i++) squares[i] = column[i]! ** 2;
  return squares;
}

function copied(column: Column): Float64Array {
  const copy = new Float64Array(column.length);
  for (let i = 0; i < copy.length; i++) copy[i] = column[i]!;
  return copy;
}
