import type { HostId } from '../../domain/host.ts';
import type { Inventory } from '../../domain/inventory.ts';
import type { PowerState } from '../../domain/power.ts';
import type { Refusal } from '../../domain/rule.ts';
import type { Clock, Stop } from '../../ports/clock.ts';
import type { Driver, DriverEvent, Migration, MigrationAbilities, MigrationOrder } from '../../ports/driver.ts';
import type { SwitchEnd } from '../../ports/power-control.ts';
import type { Interning, SampleBatch } from '../../ports/samples.ts';
import type { DatacenterEvent } from '../../simulator/events.ts';
import type { VirtualDatacenter } from '../../simulator/virtual-datacenter.ts';
import { Orders, type Progressed } from './orders.ts';
import { Sampling } from './sampling.ts';

interface PowerWait {
  readonly host: HostId;
  readonly for: PowerState;
  readonly end: (end: SwitchEnd) => void;
}

const CLOSED = 'the driver has been closed';

/**
 * Lets a virtual datacenter live on a clock. The datacenter is advanced when its next event is due, and before anything is
 * asked or commanded. What happened is told from the clock's calls only, never from within a command.
 */
export class SimulatedDriver implements Driver {
  readonly name = 'simulated';
  readonly abilities: MigrationAbilities = { quick: true, caps: true, throttles: 'by itself', postCopy: false };
  readonly #datacenter: VirtualDatacenter;
  readonly #clock: Clock;
  readonly #orders = new Orders();
  readonly #listeners = new Set<(event: DriverEvent) => void>();
  readonly #samplings = new Set<Stop>();
  #waits: PowerWait[] = [];
  #stopAlarm: Stop = () => {};
  #isClosed = false;

  constructor({ datacenter, clock }: { readonly datacenter: VirtualDatacenter; readonly clock: Clock }) {
    this.#datacenter = datacenter;
    this.#clock = clock;
  }

  async inventory(): Promise<Inventory> {
    if (this.#isClosed) throw new Error(CLOSED);
    this.#catchUp();
    return this.#datacenter.inventory();
  }

  watch(listener: (event: DriverEvent) => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  sample(intervalMs: number, interning: Interning, receive: (batch: SampleBatch) => void): Stop {
    const sampling = new Sampling(this.#datacenter, interning);
    let stopAlarm: Stop = () => {};
    const take = () => {
      stopAlarm = this.#clock.after(intervalMs, take);
      this.#catchUp();
      for (const batch of sampling.batches()) receive(batch);
    };
    const stop = () => {
      stopAlarm();
      this.#samplings.delete(stop);
    };
    stopAlarm = this.#clock.after(0, take);
    this.#samplings.add(stop);
    return stop;
  }

  migrate(order: MigrationOrder, progressed: Progressed): Migration {
    const known = this.#orders.known(order.id);
    if (known !== undefined) return known;
    const migration = this.#orders.open(order, progressed, () => this.cancel(order.id));
    const refusal = this.#command(() => this.#datacenter.startMigration(order));
    if (refusal !== undefined) this.#orders.end(order.id, { state: 'failed', because: refusal.because });
    return migration;
  }

  switchOn(host: HostId): Promise<SwitchEnd> {
    return this.#switch(host, 'on', () => this.#datacenter.switchOn(host));
  }

  switchOff(host: HostId): Promise<SwitchEnd> {
    return this.#switch(host, 'off', () => this.#datacenter.switchOff(host));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopAlarm();
    for (const stop of [...this.#samplings]) stop();
    this.#listeners.clear();
    this.#orders.failAll(CLOSED);
    for (const wait of this.#waits) wait.end({ state: 'failed', because: CLOSED });
    this.#waits = [];
  }

  /** False: there is no such migration, or it is too late. */
  cancel(id: string): boolean {
    if (this.#isClosed) return false;
    this.#catchUp();
    return this.#datacenter.cancelMigration(id);
  }

  async #switch(host: HostId, to: 'on' | 'off', begin: () => Refusal | undefined): Promise<SwitchEnd> {
    const refusal = this.#command(begin);
    if (refusal !== undefined) return { state: 'failed', because: refusal.because };
    if (this.#datacenter.powerOf(host) === to) return { state: 'done' };
    const { promise, resolve: end } = Promise.withResolvers<SwitchEnd>();
    this.#waits.push({ host, for: to, end });
    return promise;
  }

  #command(begin: () => Refusal | undefined): Refusal | undefined {
    if (this.#isClosed) return { rule: 'driver', because: CLOSED };
    this.#catchUp();
    return begin();
  }

  /** Whatever this or the command after it lets happen is told soon, in its order. */
  #catchUp(): void {
    this.#datacenter.advanceTo(this.#clock.nowMs());
    this.#wakeAfter(0);
  }

  #wakeAfter(delayMs: number): void {
    this.#stopAlarm();
    this.#stopAlarm = this.#clock.after(delayMs, () => this.#wake());
  }

  #wake(): void {
    this.#datacenter.advanceTo(this.#clock.nowMs());
    const { nextEventAtMs, nowMs } = this.#datacenter;
    if (nextEventAtMs < Infinity) this.#wakeAfter(nextEventAtMs - nowMs);
    for (const event of this.#datacenter.takeEvents()) this.#tell(event);
  }

  #tell(event: DatacenterEvent): void {
    if (event.kind === 'migration') this.#orders.progress(event.id, event.state, event.progress);
    else if (event.kind === 'migration-ended') this.#orders.end(event.id, event.end);
    else this.#tellListeners(event);
  }

  #tellListeners(event: DriverEvent): void {
    if (event.kind === 'host-power') this.#endWaits(event.host, event.power);
    for (const listener of [...this.#listeners]) listener(event);
  }

  #endWaits(host: HostId, power: PowerState): void {
    const isOver = (wait: PowerWait) => wait.host === host && wait.for === power;
    const over = this.#waits.filter(isOver);
    this.#waits = this.#waits.filter((wait) => !isOver(wait));
    for (const wait of over) wait.end({ state: 'done' });
  }
}
