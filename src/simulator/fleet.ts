import { indexById } from '../domain/columns.ts';
import type { Host } from '../domain/host.ts';
import type { Inventory } from '../domain/inventory.ts';
import { BOOTING, drawnWatts, EMPTYING, OFF, ON, POWER_STATES, SHUTTING_DOWN, SUSPECT } from '../domain/power.ts';
import type { Vm } from '../domain/vm.ts';
import { type Demands, type LoadSource, newDemands } from './load-source.ts';
import { Meter } from './meter.ts';
import { ServiceLevels } from './service-levels.ts';

const NONE = -1;
/** Processor time that a byte of migration costs at each end. */
const MHZ_PER_MIGRATED_BYTE_PER_S = 1e-6;

interface Touched {
  all: boolean;
  readonly hosts: Set<number>;
  readonly vms: Set<number>;
}

/** The state of all hosts and VMs in columns. It keeps its sums right; who may do what is judged elsewhere. */
export class Fleet {
  readonly hosts: readonly Host[];
  readonly vms: readonly Vm[];
  readonly hostIndex: ReadonlyMap<string, number>;
  readonly vmIndex: ReadonlyMap<string, number>;
  readonly power: Uint8Array;
  readonly lastPowerChangeAtMs: Float64Array;
  readonly lastArrivalAtMs: Float64Array;
  readonly lastMoveAtMs: Float64Array;
  /** Memory that is in use or promised, both ends of each migration counted. */
  readonly heldMemoryBytes: Float64Array;
  readonly hostOf: Int32Array;
  /** What each VM wants at this moment. */
  readonly wanted: Demands;
  /** How much of the time each guest is let run: 1, less while it is copied, 0 while it is stopped. */
  readonly pace: Float64Array;
  readonly usedMhz: Float64Array;
  readonly watts: Meter;
  readonly starvedCores: Meter;
  readonly hostsUp: Meter;
  readonly service: ServiceLevels;
  readonly isMigrating: Uint8Array;
  /** VMs that have not come yet, or have gone: they are nowhere, and take and want nothing. */
  readonly isAbsent: Uint8Array;
  /** What may look different from when somebody looked last. */
  readonly touched: Touched = { all: true, hosts: new Set(), vms: new Set() };
  readonly #loads: LoadSource;
  readonly #vcpus: Float64Array;
  readonly #coreMhz: Float64Array;
  readonly #migratedBytesPerS: Float64Array;
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;

  constructor(inventory: Inventory, loads: LoadSource, startMs: number, absent: ReadonlySet<string> = new Set()) {
    const { hosts, vms } = inventory;
    this.hosts = hosts;
    this.vms = vms;
    this.hostIndex = indexById(hosts.map((host) => host.id));
    this.vmIndex = indexById(vms.map((vm) => vm.id));
    this.power = Uint8Array.from(hosts, startingPower);
    this.lastPowerChangeAtMs = Float64Array.from(hosts, (host) => host.lastPowerChangeAtMs);
    this.lastArrivalAtMs = Float64Array.from(hosts, (host) => host.lastArrivalAtMs);
    this.lastMoveAtMs = Float64Array.from(vms, (vm) => vm.lastMoveAtMs);
    this.heldMemoryBytes = Float64Array.from(hosts, (host) => host.reserved.memoryBytes);
    this.hostOf = new Int32Array(vms.length).fill(NONE);
    this.wanted = newDemands(vms.length);
    this.pace = new Float64Array(vms.length).fill(1);
    this.usedMhz = new Float64Array(hosts.length);
    this.watts = new Meter(hosts.length, startMs);
    this.starvedCores = new Meter(hosts.length, startMs);
    this.hostsUp = new Meter(hosts.length, startMs);
    this.service = new ServiceLevels(hosts.length, vms.length, startMs);
    this.isMigrating = new Uint8Array(vms.length);
    this.isAbsent = Uint8Array.from(vms, ({ id }) => Number(absent.has(id)));
    this.#loads = loads;
    this.#vcpus = Float64Array.from(vms, (vm) => vm.vcpus);
    this.#coreMhz = Float64Array.from(hosts, (host) => host.capacity.cpuMhz / host.cores);
    this.#migratedBytesPerS = new Float64Array(hosts.length);
    this.#first = new Int32Array(hosts.length).fill(NONE);
    this.#next = new Int32Array(vms.length).fill(NONE);
    this.#previous = new Int32Array(vms.length).fill(NONE);
    for (let vm = vms.length - 1; vm >= 0; vm--) this.#begin(vm);
    this.readLoads(startMs);
  }

  readLoads(nowMs: number): void {
    this.#loads.read(nowMs, this.wanted);
    this.touched.all = true;
    for (let host = 0; host < this.hosts.length; host++) this.refresh(host, nowMs);
  }

  isOn(host: number): boolean {
    return this.power[host] === ON;
  }

  hasVms(host: number): boolean {
    return this.#first[host] !== NONE;
  }

  vmsOn(host: number): number[] {
    const list: number[] = [];
    for (let vm = this.#first[host]!; vm !== NONE; vm = this.#next[vm]!) list.push(vm);
    return list;
  }

  setPower(host: number, state: number, nowMs: number): void {
    this.power[host] = state;
    this.lastPowerChangeAtMs[host] = nowMs;
    this.touched.hosts.add(host);
    for (const vm of this.vmsOn(host)) this.touched.vms.add(vm);
    this.refresh(host, nowMs);
  }

  setPace(vm: number, pace: number, nowMs: number): void {
    this.pace[vm] = pace;
    this.touched.vms.add(vm);
    this.refresh(this.hostOf[vm]!, nowMs);
  }

  setMigrated(host: number, bytesPerS: number, nowMs: number): void {
    this.#migratedBytesPerS[host] = bytesPerS;
    this.refresh(host, nowMs);
  }

  hold(vm: number, host: number): void {
    this.heldMemoryBytes[host]! += this.vms[vm]!.demand.memoryBytes;
  }

  release(vm: number, host: number): void {
    this.heldMemoryBytes[host]! -= this.vms[vm]!.demand.memoryBytes;
  }

  /** False: more is held than there is, since somebody holds what others have not given back yet. */
  hasRoomForAll(host: number): boolean {
    return this.heldMemoryBytes[host]! <= this.hosts[host]!.capacity.memoryBytes;
  }

  /** Its memory on the target is held already; what it held on the source is given back by whoever held it. */
  arrive(vm: number, to: number, nowMs: number): void {
    const from = this.hostOf[vm]!;
    this.#leave(vm, from);
    this.#enter(vm, to);
    this.lastMoveAtMs[vm] = nowMs;
    this.lastArrivalAtMs[to] = nowMs;
    this.touched.vms.add(vm);
    this.touched.hosts.add(to);
    this.refresh(from, nowMs);
    this.refresh(to, nowMs);
  }

  appear(vm: number, on: number, nowMs: number): void {
    this.isAbsent[vm] = 0;
    this.#enter(vm, on);
    this.hold(vm, on);
    this.touched.all = true;
    this.refresh(on, nowMs);
  }

  vanish(vm: number, nowMs: number): void {
    const from = this.hostOf[vm]!;
    this.isAbsent[vm] = 1;
    this.#leave(vm, from);
    this.release(vm, from);
    this.service.recordVm(vm, nowMs, 0, 0, false);
    this.touched.all = true;
    this.refresh(from, nowMs);
  }

  /** What the VM wants: what it runs and what it waits for. */
  wantedMhz(vm: number): number {
    return Math.min(this.wanted.cpuMhz[vm]!, this.#vcpus[vm]! * this.#coreMhz[this.hostOf[vm]!]!);
  }

  memoryActiveBytes(vm: number): number {
    return Math.min(this.vms[vm]!.demand.memoryBytes, this.wanted.memoryActiveBytes[vm]!);
  }

  /** What a migration has to copy: pages that were active in a busy hour keep their content when the hour is over. */
  memoryInUseBytes(vm: number): number {
    return Math.max(this.vms[vm]!.memoryActiveBytes, this.memoryActiveBytes(vm));
  }

  /** Must be called whenever something that the host's draw depends on has changed. */
  refresh(host: number, nowMs: number): void {
    const { capacity, reserved, powerModel } = this.hosts[host]!;
    let wanted = 0;
    let runnable = 0;
    for (let vm = this.#first[host]!; vm !== NONE; vm = this.#next[vm]!) {
      const mhz = this.wantedMhz(vm);
      wanted += mhz;
      runnable += mhz * this.pace[vm]!;
    }
    const own = reserved.cpuMhz + this.#migratedBytesPerS[host]! * MHZ_PER_MIGRATED_BYTE_PER_S;
    const run = this.isOn(host) ? Math.min(runnable, Math.max(0, capacity.cpuMhz - own)) : 0;
    this.usedMhz[host] = this.isOn(host) ? Math.min(own + run, capacity.cpuMhz) : 0;
    this.starvedCores.setRate(host, (wanted - run) / this.#coreMhz[host]!, nowMs);
    const { power } = this;
    this.watts.setRate(host, drawnWatts(powerModel, power[host]!, this.usedMhz[host]! / capacity.cpuMhz), nowMs);
    this.hostsUp.setRate(host, power[host] === OFF ? 0 : 1, nowMs);
    this.#recordService(host, run, runnable, nowMs);
  }

  /** What a guest is slowed down by for its migration is nothing that its host fails to give. */
  #recordService(host: number, run: number, runnable: number, nowMs: number): void {
    const share = run < runnable ? run / runnable : 1;
    this.service.recordHost(host, nowMs, run, runnable);
    for (let vm = this.#first[host]!; vm !== NONE; vm = this.#next[vm]!) {
      const mhz = this.wantedMhz(vm);
      this.service.recordVm(vm, nowMs, mhz * this.pace[vm]! * share, mhz, this.isMigrating[vm] === 1);
    }
  }

  #begin(vm: number): void {
    const { id, host } = this.vms[vm]!;
    const at = this.hostIndex.get(host);
    if (at !== undefined && this.isAbsent[vm] === 1) {
      this.hostOf[vm] = at;
      return;
    }
    if (at === undefined) throw new Error(`VM ${id} is on ${host}, which is no host of this inventory`);
    if (!this.isOn(at)) throw new Error(`VM ${id} is on ${host}, which is ${POWER_STATES[this.power[at]!]}`);
    this.#enter(vm, at);
    this.hold(vm, at);
  }

  #enter(vm: number, host: number): void {
    this.hostOf[vm] = host;
    const first = this.#first[host]!;
    this.#previous[vm] = NONE;
    this.#next[vm] = first;
    if (first !== NONE) this.#previous[first] = vm;
    this.#first[host] = vm;
  }

  #leave(vm: number, host: number): void {
    const previous = this.#previous[vm]!;
    const next = this.#next[vm]!;
    if (previous === NONE) this.#first[host] = next;
    else this.#next[previous] = next;
    if (next !== NONE) this.#previous[next] = previous;
  }
}

/** Emptying is an intention and suspicion a judgement: a datacenter knows neither, and starts no host half way. */
function startingPower({ power }: Host): number {
  const state = POWER_STATES.indexOf(power);
  if (state === EMPTYING || state === BOOTING) return ON;
  return state === SUSPECT || state === SHUTTING_DOWN ? OFF : state;
}
