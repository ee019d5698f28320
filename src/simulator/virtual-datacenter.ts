import type { Inventory } from '../domain/inventory.ts';
import { BOOTING, OFF, ON, POWER_STATES, type PowerState, SHUTTING_DOWN } from '../domain/power.ts';
import type { Refusal } from '../domain/rule.ts';
import { SECOND } from '../domain/units.ts';
import { Agenda } from './agenda.ts';
import { absentAtFirst, type Coming, Comings } from './comings.ts';
import type { DatacenterEvent, MigrationOrder } from './events.ts';
import { Fleet } from './fleet.ts';
import type { LoadSource } from './load-source.ts';
import { type HostMeasures, measureHosts, measureVms, type VmMeasures } from './measures.ts';
import { Migrations } from './migrations.ts';
import { Picture } from './picture.ts';
import { seededRandom } from './random.ts';
import type { ServiceFigures } from './service-levels.ts';
import { Talk, type TalkBytes } from './talk.ts';
import { type Tallied, Tally } from './tally.ts';

export interface DatacenterSetup {
  readonly inventory: Inventory;
  readonly loads: LoadSource;
  readonly startMs: number;
  /** Loads are read at multiples of this and hold in between. Default: ten seconds. */
  readonly loadStepMs?: number;
  /** What goes into and out of a rack at once by migrations; absent or zero: it is never what is too narrow. */
  readonly rackUplinkBytesPerS?: number;
  /** Of the boots, those after which the host is not there; it is off again then. Which, goes by the seed. */
  readonly bootFailures?: { readonly share: number; readonly seed: number };
  /** VMs that come and go; all others are there all the time. */
  readonly comings?: readonly Coming[];
}

/** Sums since the start. */
export interface Readings {
  readonly atMs: number;
  readonly energyWattHours: number;
  readonly starvedCoreHours: number;
  readonly hostHoursUp: number;
  readonly service: ServiceFigures;
  readonly talkBytes: TalkBytes;
  readonly tallied: Tallied;
}

/**
 * A datacenter that exists in numbers only. Time goes on when it is told to; between load steps and events nothing
 * changes, so sums over time are exact, and it makes no difference in how many steps time is advanced.
 */
export class VirtualDatacenter {
  readonly #inventory: Inventory;
  readonly #agenda: Agenda;
  readonly #fleet: Fleet;
  readonly #migrations: Migrations;
  readonly #picture: Picture;
  readonly #talk: Talk;
  readonly #tally: Tally;
  readonly #loadStepMs: number;
  readonly #bootFails: () => boolean;
  #nextLoadAtMs: number;
  /** Grows until taken: who advances time takes them. */
  #events: DatacenterEvent[] = [];

  constructor(setup: DatacenterSetup) {
    const { inventory, loads, startMs, loadStepMs = 10 * SECOND, comings = [] } = setup;
    this.#inventory = inventory;
    this.#agenda = new Agenda(startMs);
    this.#fleet = new Fleet(inventory, loads, startMs, absentAtFirst(comings));
    this.#migrations = new Migrations(
      this.#fleet,
      this.#agenda,
      (event) => this.#happened(event),
      setup.rackUplinkBytesPerS,
    );
    new Comings(this.#fleet, this.#migrations, this.#agenda).enter(comings);
    this.#picture = new Picture(this.#fleet, this.#migrations);
    this.#talk = new Talk(inventory.flows, this.#fleet, startMs);
    this.#tally = new Tally((vm) => this.#sessionsOf(vm));
    this.#loadStepMs = loadStepMs;
    this.#bootFails = bootFailing(setup.bootFailures);
    this.#nextLoadAtMs = startMs + loadStepMs;
  }

  get nowMs(): number {
    return this.#agenda.nowMs;
  }

  /** When something will happen that is not just load; Infinity: nothing is under way. */
  get nextEventAtMs(): number {
    return this.#agenda.nextAtMs();
  }

  /** Lets everything happen that is due by then. Going back is not possible and does nothing. */
  advanceTo(atMs: number): void {
    for (;;) {
      const nextMs = Math.min(this.#nextLoadAtMs, this.#agenda.nextAtMs());
      if (nextMs > atMs) break;
      if (nextMs === this.#nextLoadAtMs) this.#stepLoads();
      else this.#agenda.callNext();
    }
    this.#agenda.nowMs = Math.max(this.#agenda.nowMs, atMs);
  }

  startMigration(order: MigrationOrder): Refusal | undefined {
    return this.#migrations.start(order);
  }

  /** False: there is no such migration, or its guest is being switched over. */
  cancelMigration(id: string): boolean {
    return this.#migrations.cancel(id);
  }

  /** A host that is on or booting is left as it is. */
  switchOn(id: string): Refusal | undefined {
    const host = this.#fleet.hostIndex.get(id);
    if (host === undefined) return { rule: 'existence', because: `there is no host ${id}` };
    const power = this.#fleet.power[host]!;
    if (power === SHUTTING_DOWN) return { rule: 'power', because: `${id} is shutting down` };
    if (power === OFF) this.#boot(host);
    return undefined;
  }

  /** A host that is off or shutting down is left as it is. */
  switchOff(id: string): Refusal | undefined {
    const host = this.#fleet.hostIndex.get(id);
    if (host === undefined) return { rule: 'existence', because: `there is no host ${id}` };
    const power = this.#fleet.power[host]!;
    if (power === OFF || power === SHUTTING_DOWN) return undefined;
    if (this.#migrations.uses(host)) return { rule: 'power', because: `a migration to or from ${id} is under way` };
    const vms = this.#fleet.vmsOn(host).length;
    if (vms > 0) return { rule: 'power', because: `${vms} VMs are on ${id}` };
    if (power === BOOTING) return { rule: 'power', because: `${id} is booting` };
    this.#setPower(host, SHUTTING_DOWN);
    const { shutdownSeconds } = this.#fleet.hosts[host]!.powerModel;
    this.#agenda.enter(shutdownSeconds * SECOND, () => this.#setPower(host, OFF));
    return undefined;
  }

  /** The host dies and boots again; its VMs are down until it is back, and migrations that need it fail. */
  crash(id: string): Refusal | undefined {
    const host = this.#fleet.hostIndex.get(id);
    if (host === undefined) return { rule: 'existence', because: `there is no host ${id}` };
    if (!this.#fleet.isOn(host)) return { rule: 'power', because: `${id} is not on` };
    this.#migrations.failOn(host);
    this.#boot(host);
    return undefined;
  }

  powerOf(id: string): PowerState | undefined {
    const host = this.#fleet.hostIndex.get(id);
    return host === undefined ? undefined : POWER_STATES[this.#fleet.power[host]!];
  }

  hostOf(vm: string): string | undefined {
    const index = this.#fleet.vmIndex.get(vm);
    const isThere = index !== undefined && this.#fleet.isAbsent[index] === 0;
    return isThere ? this.#fleet.hosts[this.#fleet.hostOf[index]!]!.id : undefined;
  }

  /** Everything as it is at this instant. */
  inventory(): Inventory {
    return { ...this.#inventory, atMs: this.nowMs, ...this.#picture.taken(), flights: this.#migrations.flights() };
  }

  measure(): { readonly hosts: HostMeasures; readonly vms: VmMeasures } {
    const vms = measureVms(this.#fleet, this.#migrations);
    return { hosts: measureHosts(this.#fleet, vms), vms };
  }

  /** Of its processors, what each host uses; NaN: it is not on. */
  hostShares(): Float64Array {
    const fleet = this.#fleet;
    const shareOf = (host: number) => fleet.usedMhz[host]! / fleet.hosts[host]!.capacity.cpuMhz;
    return Float64Array.from(fleet.hosts.keys(), (host) => (fleet.isOn(host) ? shareOf(host) : Number.NaN));
  }

  /** In the order of the measures' columns. */
  get hostIds(): readonly string[] {
    return this.#fleet.hosts.map((host) => host.id);
  }

  get vmIds(): readonly string[] {
    return this.#fleet.vms.map((vm) => vm.id);
  }

  /** Drawn by all hosts since the start. */
  get energyWattHours(): number {
    return this.#fleet.watts.totalHours(this.nowMs);
  }

  /** Processor time that guests wanted and did not get since the start. */
  get starvedCoreHours(): number {
    return this.#fleet.starvedCores.totalHours(this.nowMs);
  }

  /** All that has been metered and counted since the start. */
  readings(): Readings {
    const { hostsUp, service } = this.#fleet;
    return {
      atMs: this.nowMs,
      energyWattHours: this.energyWattHours,
      starvedCoreHours: this.starvedCoreHours,
      hostHoursUp: hostsUp.totalHours(this.nowMs),
      service: service.figures(this.nowMs),
      talkBytes: this.#talk.bytes(this.nowMs),
      tallied: this.#tally.taken(),
    };
  }

  /** What has happened since the last call. */
  takeEvents(): readonly DatacenterEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #happened(event: DatacenterEvent): void {
    this.#events.push(event);
    this.#tally.note(event);
    if (event.kind === 'vm-moved') this.#talk.moved(this.#fleet.vmIndex.get(event.vm)!, event.atMs);
  }

  #sessionsOf(vm: string): number {
    return this.#fleet.wanted.liveSessions[this.#fleet.vmIndex.get(vm)!]!;
  }

  #stepLoads(): void {
    this.#agenda.nowMs = this.#nextLoadAtMs;
    this.#nextLoadAtMs += this.#loadStepMs;
    this.#migrations.settleAll();
    this.#fleet.readLoads(this.#agenda.nowMs);
    this.#talk.loadsChanged(this.#agenda.nowMs);
    this.#migrations.reportAll();
  }

  #boot(host: number): void {
    this.#setPower(host, BOOTING);
    const { bootSeconds } = this.#fleet.hosts[host]!.powerModel;
    this.#agenda.enter(bootSeconds * SECOND, () => this.#endBoot(host));
  }

  #endBoot(host: number): void {
    const isBootFailure = this.#bootFails();
    this.#setPower(host, isBootFailure ? OFF : ON, isBootFailure);
  }

  #setPower(host: number, state: number, isBootFailure = false): void {
    this.#fleet.setPower(host, state, this.nowMs);
    const { id } = this.#fleet.hosts[host]!;
    const event = { kind: 'host-power', host: id, power: POWER_STATES[state]!, atMs: this.nowMs } as const;
    this.#happened(isBootFailure ? { ...event, isBootFailure } : event);
    if (state === ON) this.#migrations.roomMayHaveCome();
  }
}

function bootFailing(failures: DatacenterSetup['bootFailures']): () => boolean {
  if (failures === undefined) return () => false;
  const random = seededRandom(failures.seed);
  return () => random.next() < failures.share;
}
