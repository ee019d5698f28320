import { Machines } from './machines.ts';
import {
  HOST_COUNT,
  hostKind,
  INTERVAL_SECONDS,
  MB_PER_S,
  START_SECONDS,
  vmKind,
  wantedShare,
  wattsAt,
} from './model.ts';
import { Records } from './records.ts';
import type { Setting } from './settings.ts';
import { burntMips, type Claim, dueMips, shareOut } from './sharing.ts';

export interface Migration {
  readonly vm: number;
  readonly to: number;
}

export interface Orders {
  readonly migrations: readonly Migration[];
  /** Hosts that are to be switched off as soon as they are empty. */
  readonly off: readonly number[];
  readonly on: readonly number[];
}

const HISTORY_LENGTH = 30;
const LAST_TICK = 287;
const NOWHERE = -1;
const WATT_SECONDS_PER_KWH = 3_600_000;

/** Something that happens between two ticks: migrations whose target has come up, and migrations that end. */
interface Moment {
  readonly atSeconds: number;
  readonly begin: Migration[];
  readonly end: Migration[];
}

/**
 * The datacenter of the experiment, by its own time line: demand, shares, records and energy are brought up to date at
 * ticks and at the ends of migrations, and nothing changes in between. The product's simulator integrates exactly, copies
 * by rounds and lets nothing happen for free; to bend it to these rules would have spoilt it.
 */
export class World {
  readonly vmCount: number;
  readonly setting: Setting;
  readonly machines: Machines;
  /** MIPS that each VM wants now. */
  readonly wanted: Float64Array;
  /** Per VM, the shares that it wanted at the last ticks, newest first. */
  readonly history: number[][];
  /** Per host, the VMs on it in order of arrival; those on their way to it too. */
  readonly lists: number[][] = Array.from({ length: HOST_COUNT }, () => []);
  /** Load of each host in MIPS as of the last update. */
  readonly usedMips = new Float64Array(HOST_COUNT);
  readonly records: Records;
  nowSeconds = START_SECONDS;
  migrationCount = 0;
  readonly #percents: readonly ArrayLike<number>[];
  readonly #hostOf: Int32Array;
  readonly #isMoving: Uint8Array;
  readonly #arriving: Set<number>[] = Array.from({ length: HOST_COUNT }, () => new Set());
  readonly #share: Float64Array;
  #updatedAtSeconds = 0;
  #wattSeconds = 0;

  constructor(percents: readonly ArrayLike<number>[], setting: Setting) {
    this.vmCount = percents.length;
    this.setting = setting;
    this.machines = new Machines(setting);
    this.wanted = new Float64Array(this.vmCount);
    this.history = percents.map(() => []);
    this.records = new Records(HOST_COUNT, this.vmCount);
    this.#percents = percents;
    this.#hostOf = new Int32Array(this.vmCount).fill(NOWHERE);
    this.#isMoving = new Uint8Array(this.vmCount);
    this.#share = new Float64Array(this.vmCount);
  }

  kindOf(vm: number) {
    return vmKind(vm, this.vmCount);
  }

  /** Host of the VM; -1 once it was removed. */
  hostOf(vm: number): number {
    return this.#hostOf[vm]!;
  }

  loadOf(host: number): number {
    const share = this.usedMips[host]! / hostKind(host).mips;
    return share > 1 && share < 1.01 ? 1 : share;
  }

  get running(): number[] {
    return Array.from(this.#hostOf.keys()).filter((vm) => this.#hostOf[vm] !== NOWHERE);
  }

  /** Of hosts that are on, in kWh; without switching. */
  get energyKwh(): number {
    return this.#wattSeconds / WATT_SECONDS_PER_KWH;
  }

  place(vm: number, host: number): void {
    this.#hostOf[vm] = host;
    this.wanted[vm] = wantedShare(this.#percents[vm]!, this.nowSeconds) * this.kindOf(vm).mips;
    this.lists[host]!.push(vm);
  }

  /** A whole day, with somebody deciding at each tick. */
  run(decide: (world: World) => Orders): void {
    this.machines.begin((host) => this.lists[host]!.length > 0);
    for (let tick = 1; tick <= LAST_TICK; tick++) {
      this.nowSeconds = START_SECONDS;
      for (let k = 0; k < tick; k++) this.nowSeconds += INTERVAL_SECONDS;
      this.#update(true);
      this.#carryOut(decide(this));
    }
  }

  #carryOut({ migrations, on, off }: Orders): void {
    const tickSeconds = this.nowSeconds;
    const targets = new Set([...on, ...migrations.map(({ to }) => to)]);
    const booting = new Set([...targets].filter((host) => this.machines.boot(host)));
    const { bootSeconds } = this.setting;
    const moments = new Map<number, Moment>();
    const momentAt = (atSeconds: number): Moment => {
      const known = moments.get(atSeconds) ?? { atSeconds, begin: [], end: [] };
      moments.set(atSeconds, known);
      return known;
    };
    const atOnce = migrations.filter(({ to }) => !booting.has(to));
    const later = migrations.filter(({ to }) => booting.has(to));
    this.migrationCount += migrations.length;
    this.#begin(atOnce);
    if (booting.size > 0) momentAt(tickSeconds + bootSeconds).begin.push(...later);
    for (const each of atOnce) momentAt(tickSeconds + this.#seconds(each)).end.push(each);
    for (const each of later) momentAt(tickSeconds + bootSeconds + this.#seconds(each)).end.push(each);
    const leaving = new Set(off);
    this.#switchOffEmpty(leaving);
    for (const { atSeconds, begin, end } of [...moments.values()].sort((a, b) => a.atSeconds - b.atSeconds)) {
      this.nowSeconds = atSeconds;
      this.#update(false);
      if (begin.length > 0 || end.length === 0) for (const host of booting) this.machines.up(host);
      this.#begin(begin);
      for (const each of end) this.#arrive(each);
      this.#switchOffEmpty(leaving);
      if (end.length > 0) this.#update(false);
    }
  }

  #seconds({ vm }: Migration): number {
    return this.kindOf(vm).memoryMb / MB_PER_S;
  }

  #begin(migrations: readonly Migration[]): void {
    const touched = new Set<number>();
    for (const { vm, to } of migrations) {
      this.#isMoving[vm] = 1;
      this.#arriving[to]!.add(vm);
      this.lists[to]!.push(vm);
      touched.add(to).add(this.#hostOf[vm]!);
    }
    for (const host of touched) this.#refresh(host);
  }

  #arrive({ vm, to }: Migration): void {
    remove(this.lists[this.#hostOf[vm]!]!, vm);
    this.#arriving[to]!.delete(vm);
    remove(this.lists[to]!, vm);
    this.lists[to]!.push(vm);
    this.#hostOf[vm] = to;
    this.#isMoving[vm] = 0;
  }

  #switchOffEmpty(leaving: ReadonlySet<number>): void {
    if (!this.setting.chargesSwitching) return;
    for (let host = 0; host < HOST_COUNT; host++) {
      const isWanted = this.setting.switchesOffEmpty || leaving.has(host);
      if (isWanted && this.lists[host]!.length === 0) this.machines.switchOff(host);
    }
  }

  /** New demand, shares, records and energy on all hosts; then VMs that want nothing go for good, where that is so. */
  #update(isTick: boolean): void {
    const { nowSeconds } = this;
    for (let vm = 0; vm < this.vmCount; vm++) {
      if (this.#hostOf[vm] === NOWHERE) continue;
      const share = wantedShare(this.#percents[vm]!, nowSeconds);
      this.#share[vm] = share;
      this.wanted[vm] = share * this.kindOf(vm).mips;
      if (!isTick) continue;
      const history = this.history[vm]!;
      history.unshift(share);
      if (history.length > HISTORY_LENGTH) history.pop();
    }
    const seconds = nowSeconds - this.#updatedAtSeconds;
    for (let host = 0; host < HOST_COUNT; host++) {
      const before = this.loadOf(host);
      this.#refresh(host);
      if (seconds > 0) this.#wattSeconds += this.#drawn(host, before, this.loadOf(host), seconds);
    }
    this.#updatedAtSeconds = nowSeconds;
    if (this.setting.removesIdle) this.#removeIdle();
  }

  #drawn(host: number, before: number, after: number, seconds: number): number {
    if (this.setting.chargesSwitching ? !this.machines.isOn(host) : before === 0) return 0;
    const kind = hostKind(host);
    const from = wattsAt(kind, before);
    return (from + (wattsAt(kind, after) - from) / 2) * seconds;
  }

  #removeIdle(): void {
    for (const list of this.lists) {
      for (const vm of list.filter((each) => this.#isMoving[each] === 0 && this.wanted[each] === 0)) {
        remove(list, vm);
        this.#hostOf[vm] = NOWHERE;
      }
    }
  }

  #refresh(host: number): void {
    const list = this.lists[host]!;
    const arriving = this.#arriving[host]!;
    const kind = hostKind(host);
    const claims = list.map((vm): Claim => {
      const phase = arriving.has(vm) ? 'arriving' : this.#isMoving[vm] === 1 ? 'leaving' : 'staying';
      return { wantedMips: this.wanted[vm]!, phase };
    });
    const given = shareOut(claims, kind);
    let usedMips = 0;
    let requestedMips = 0;
    let due = 0;
    list.forEach((vm, i) => {
      const { phase } = claims[i]!;
      usedMips += burntMips(given[i]!, phase);
      requestedMips += this.wanted[vm]!;
      due += phase === 'arriving' ? dueMips(claims[i]!, kind) : this.wanted[vm]!;
      if (phase === 'arriving') return;
      const record = { givenMips: given[i]!, requestedMips: this.wanted[vm]!, isMoving: phase === 'leaving' };
      this.records.vm(vm, record, this.nowSeconds);
    });
    this.usedMips[host] = usedMips;
    if (this.nowSeconds > INTERVAL_SECONDS) {
      const owed = this.setting.countsArrivingInFull ? requestedMips : due;
      this.records.host(host, { usedMips, requestedMips: owed, dueMips: due }, this.nowSeconds);
    }
  }
}

function remove(list: number[], vm: number): void {
  list.splice(list.indexOf(vm), 1);
}
