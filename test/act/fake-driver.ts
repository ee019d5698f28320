import type { HostId } from '../../src/domain/host.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import type { PowerState } from '../../src/domain/power.ts';
import { GIB, MINUTE, SECOND } from '../../src/domain/units.ts';
import type { VmId } from '../../src/domain/vm.ts';
import type { Clock, Stop } from '../../src/ports/clock.ts';
import type { Driver, Migration, MigrationEnd, MigrationOrder, MigrationState } from '../../src/ports/driver.ts';
import type { SwitchEnd } from '../../src/ports/power-control.ts';

type Progressed = Parameters<Driver['migrate']>[1];

/**
 * How a migration goes: well, not at all, without end, or to an error; or well and nobody is told, or it is gone and nobody
 * is told.
 */
type Course = 'well' | 'stalls' | 'endless' | 'fails' | 'silent' | 'vanishes';

interface Underway {
  readonly order: MigrationOrder;
  readonly end: (end: MigrationEnd) => void;
  readonly stop: Stop;
  isSwitching: boolean;
}

const PACE_MS = SECOND;

/**
 * A datacenter behind the port that does what the test says, on the test's clock, and takes note of every command and of
 * everything that must never happen.
 */
export class FakeDriver implements Driver {
  readonly name = 'fake';
  /** Each command in the order in which it came. */
  readonly commands: string[] = [];
  readonly wrongs: string[] = [];
  /** What the next migrations of a VM do; the last counts for all that follow. */
  readonly courses = new Map<VmId, Course[]>();
  readonly secondsOf = new Map<VmId, number>();
  readonly neverSwitches = new Set<HostId>();
  readonly place = new Map<VmId, HostId>();
  readonly power = new Map<HostId, PowerState>();
  inventoryTrouble = '';
  /** When the last migration ended that went well. */
  lastEndMs = 0;
  readonly #clock: Clock;
  readonly #start: Inventory;
  readonly #underway = new Map<VmId, Underway>();
  readonly #orders = new Set<string>();
  readonly #mostAtOneHost: number;

  constructor(clock: Clock, start: Inventory, mostAtOneHost = 1) {
    this.#clock = clock;
    this.#start = start;
    this.#mostAtOneHost = mostAtOneHost;
    for (const vm of start.vms) this.place.set(vm.id, vm.host);
    for (const host of start.hosts) this.power.set(host.id, host.power);
  }

  /** The world as it is now. */
  get inventoryNow(): Inventory {
    return {
      ...this.#start,
      atMs: this.#clock.nowMs(),
      hosts: this.#start.hosts.map((host) => ({ ...host, power: this.power.get(host.id) ?? 'off' })),
      vms: this.#start.vms.flatMap((vm) => {
        const host = this.place.get(vm.id);
        return host === undefined ? [] : [{ ...vm, host }];
      }),
      flights: [...this.#underway.values()].map(({ order: { vm, from, to } }) => ({ vm, from, to })),
    };
  }

  async inventory(): Promise<Inventory> {
    if (this.inventoryTrouble !== '') throw new Error(this.inventoryTrouble);
    return this.inventoryNow;
  }

  migrate(order: MigrationOrder, progressed: Progressed): Migration {
    this.commands.push(`${order.id}: ${order.vm} ${order.from} → ${order.to}`);
    if (this.#orders.has(order.id)) this.wrongs.push(`${order.id} was ordered twice`);
    this.#orders.add(order.id);
    const { promise, resolve } = Promise.withResolvers<MigrationEnd>();
    const fly = { order, end: resolve, stop: () => {}, isSwitching: false };
    this.#begin(fly);
    this.#proceed(fly, progressed, 0, this.#nextCourse(order.vm));
    return { ended: promise, cancel: () => this.#cancel(order.vm) };
  }

  switchOn(host: HostId): Promise<SwitchEnd> {
    return this.#switch(host, 'booting', 'on', 3 * MINUTE);
  }

  switchOff(host: HostId): Promise<SwitchEnd> {
    for (const [vm, place] of this.place) if (place === host) this.wrongs.push(`${host} was switched off under ${vm}`);
    for (const { order } of this.#underway.values()) {
      if (order.to === host) this.wrongs.push(`${host} was switched off while ${order.vm} was coming`);
    }
    return this.#switch(host, 'shutting-down', 'off', MINUTE);
  }

  watch(): Stop {
    return () => {};
  }

  sample(): Stop {
    return () => {};
  }

  async close(): Promise<void> {}

  #nextCourse(vm: VmId): Course {
    const courses = this.courses.get(vm) ?? [];
    return (courses.length > 1 ? courses.shift() : courses[0]) ?? 'well';
  }

  #begin(fly: Underway): void {
    const { vm, from, to } = fly.order;
    if (this.place.get(vm) !== from) this.wrongs.push(`${vm} was ordered away from ${from}, where it is not`);
    for (const host of [from, to]) if (this.power.get(host) !== 'on') this.wrongs.push(`${vm}: ${host} is not on`);
    this.#underway.set(vm, fly);
    for (const host of [from, to]) this.#checkHost(host);
  }

  #checkHost(id: HostId): void {
    const flights = [...this.#underway.values()].map(({ order }) => order);
    const engaged = flights.filter(({ from, to }) => from === id || to === id).length;
    if (engaged > this.#mostAtOneHost) this.wrongs.push(`${engaged} migrations at ${id}`);
    const isHere = (vm: VmId) => this.place.get(vm) === id || this.#underway.get(vm)?.order.to === id;
    const used = this.#start.vms.reduce((sum, vm) => sum + (isHere(vm.id) ? vm.demand.memoryBytes : 0), 0);
    const capacity = this.#start.hosts.find((host) => host.id === id)?.capacity.memoryBytes ?? 0;
    if (used > capacity) this.wrongs.push(`${id} holds ${used} of ${capacity}`);
  }

  #proceed(fly: Underway, progressed: Progressed, passedMs: number, course: Course): void {
    const totalMs = (this.secondsOf.get(fly.order.vm) ?? 10) * SECOND;
    Object.assign(fly, {
      stop: this.#clock.after(PACE_MS, () => {
        const nowMs = passedMs + PACE_MS;
        const isNearlyOver = nowMs >= totalMs - PACE_MS && course !== 'endless' && course !== 'stalls';
        fly.isSwitching = isNearlyOver;
        const state: MigrationState = isNearlyOver ? 'switching' : 'copying';
        const copiedBytes = course === 'stalls' ? 1 : nowMs;
        progressed(state, { round: 1, copiedBytes, remainingBytes: GIB, bytesPerS: 1 });
        if (nowMs < totalMs || course === 'endless' || course === 'stalls')
          this.#proceed(fly, progressed, nowMs, course);
        else this.#finish(fly, totalMs, course);
      }),
    });
  }

  #finish({ order, end }: Underway, totalMs: number, course: Course): void {
    this.#underway.delete(order.vm);
    if (course === 'vanishes') return;
    if (course === 'fails') {
      end({ state: 'failed', because: 'the target refused' });
      return;
    }
    this.place.set(order.vm, order.to);
    this.lastEndMs = this.#clock.nowMs();
    if (course === 'silent') return;
    end({ state: 'done', seconds: totalMs / SECOND, bytes: GIB, blackoutMs: 50 });
  }

  #cancel(vm: VmId): boolean {
    const fly = this.#underway.get(vm);
    if (fly === undefined || fly.isSwitching) return false;
    fly.stop();
    this.#underway.delete(vm);
    fly.end({ state: 'cancelled' });
    return true;
  }

  #switch(host: HostId, meanwhile: PowerState, to: PowerState, tookMs: number): Promise<SwitchEnd> {
    this.commands.push(`${host} ${to}`);
    this.power.set(host, meanwhile);
    return new Promise((resolve) => {
      if (this.neverSwitches.has(host)) return;
      this.#clock.after(tookMs, () => {
        this.power.set(host, to);
        resolve({ state: 'done' });
      });
    });
  }
}
