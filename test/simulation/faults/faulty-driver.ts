import type { Inventory } from '../../../src/domain/inventory.ts';
import { MINUTE, SECOND } from '../../../src/domain/units.ts';
import type { Progressed } from '../../../src/drivers/simulated/orders.ts';
import type { Stop } from '../../../src/ports/clock.ts';
import type { Driver, DriverEvent, Migration, MigrationOrder } from '../../../src/ports/driver.ts';
import type { SwitchEnd } from '../../../src/ports/power-control.ts';
import type { Interning, SampleBatch } from '../../../src/ports/samples.ts';
import { between } from '../../../src/simulator/random.ts';
import { type Land, whatRuns } from '../land.ts';
import { FaultyMigration } from './faulty-migration.ts';
import { FaultySamples } from './faulty-samples.ts';
import type { Fault } from './kinds.ts';
import type { Pulse } from './pulse.ts';

const LONGEST_DELAY_MS = 20 * MINUTE;
const SHARE = 0.5;

/** The driver as one life of the daemon has it: the real one, over the real virtual datacenter, with faults in between. */
export class FaultyDriver implements Driver {
  readonly name: string;
  readonly abilities: NonNullable<Driver['abilities']>;
  readonly #land: Land;
  readonly #pulse: Pulse;

  constructor(land: Land, pulse: Pulse) {
    this.#land = land;
    this.#pulse = pulse;
    this.name = land.driver.name;
    this.abilities = land.driver.abilities;
  }

  inventory(): Promise<Inventory> {
    return this.#pulse.kept(this.#inventory());
  }

  watch(listener: (event: DriverEvent) => void): Stop {
    const { board, driver, news, sight } = this.#land;
    const hear = (event: DriverEvent) => {
      if (board.isAt('inventory-fails')) return;
      if (board.befalls('events-lost', SHARE)) {
        board.struck('events-lost', []);
        return;
      }
      const told = { ...event, atMs: event.atMs + sight.driverSkewMs };
      this.#pulse.whenAwake(() => listener(told));
      if (!board.befalls('events-twice', SHARE)) return;
      board.struck('events-twice', []);
      this.#pulse.whenAwake(() => listener(told));
    };
    news.add(hear);
    return driver.watch(hear);
  }

  sample(intervalMs: number, interning: Interning, receive: (batch: SampleBatch) => void): Stop {
    const { driver } = this.#land;
    const samples = new FaultySamples(this.#land, interning, (batch) => this.#pulse.whenAwake(() => receive(batch)));
    return driver.sample(intervalMs, interning, (batch) => samples.take(batch));
  }

  migrate(order: MigrationOrder, progressed: Progressed): Migration {
    if (this.#pulse.isDead) return DEAD;
    const { board, witness } = this.#land;
    if (board.befalls('migration-throws', SHARE / 2)) {
      board.struck('migration-throws', [order.vm, order.from, order.to], order.id);
      throw new Error('the driver cannot be reached');
    }
    witness.note({ kind: 'migration ordered', by: 'drover', order });
    return new FaultyMigration(this.#land, order, progressed, this.#pulse);
  }

  switchOn(host: string, order = ''): Promise<SwitchEnd> {
    if (this.#pulse.isDead) return NEVER;
    const { driver, witness } = this.#land;
    witness.note({ kind: 'switch ordered', by: 'drover', host, to: 'on', id: order });
    if (this.#befalls('switch-on-ignored', host)) return NEVER;
    if (this.#befalls('switch-on-fails', host))
      return this.#pulse.kept(Promise.resolve({ state: 'failed', because: 'the BMC does not answer' }));
    const end = driver.switchOn(host);
    if (this.#befalls('switch-on-misreported', host))
      return this.#pulse.kept(Promise.resolve({ state: 'failed', because: 'the BMC gave no clear answer' }));
    return this.#switched(host, end);
  }

  switchOff(host: string, order = ''): Promise<SwitchEnd> {
    if (this.#pulse.isDead) return NEVER;
    const { driver, witness } = this.#land;
    witness.note({ kind: 'switch ordered', by: 'drover', host, to: 'off', id: order });
    if (this.#befalls('switch-off-ignored', host)) return NEVER;
    return this.#switched(host, driver.switchOff(host));
  }

  /** The datacenter outlives those who drive it. */
  async close(): Promise<void> {}

  async #inventory(): Promise<Inventory> {
    const { board, clock, driver, sight } = this.#land;
    if (board.isAt('inventory-fails')) throw new Error('connection refused');
    const hangsMs = board.leftMs('inventory-hangs');
    if (hangsMs > 0) await new Promise<void>((done) => clock.after(hangsMs, done));
    const inventory = whatRuns(await driver.inventory(), this.#land.stopped);
    if (!this.#pulse.isDead) sight.inventoryReadAt(clock.nowMs());
    return { ...inventory, atMs: inventory.atMs + sight.driverSkewMs };
  }

  async #switched(host: string, end: Promise<SwitchEnd>): Promise<SwitchEnd> {
    const { board, clock } = this.#land;
    const ended = await end;
    if (this.#befalls('switch-answers-late', host)) {
      const lateMs = between(board.chance('switch-answers-late'), SECOND, LONGEST_DELAY_MS);
      await new Promise<void>((done) => clock.after(lateMs, done));
    }
    return this.#pulse.kept(Promise.resolve(ended));
  }

  #befalls(fault: Fault, host: string): boolean {
    const isStruck = this.#land.board.befalls(fault, SHARE);
    if (isStruck) this.#land.board.struck(fault, [host]);
    return isStruck;
  }
}

const NEVER = new Promise<never>(() => undefined);
const DEAD: Migration = { ended: NEVER, cancel: () => false };
