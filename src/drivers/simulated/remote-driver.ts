import type { HostId } from '../../domain/host.ts';
import type { Inventory } from '../../domain/inventory.ts';
import type { Refusal } from '../../domain/rule.ts';
import { SECOND } from '../../domain/units.ts';
import type { Stop } from '../../ports/clock.ts';
import type { Driver, DriverEvent, Migration, MigrationOrder } from '../../ports/driver.ts';
import type { SwitchEnd } from '../../ports/power-control.ts';
import type { Interning, SampleBatch } from '../../ports/samples.ts';
import { type Connection, openConnection, type Told } from './connection.ts';
import { Orders, type Progressed } from './orders.ts';
import type { Hello, PlainBatch } from './protocol.ts';
import { RemoteClock } from './remote-clock.ts';

const CLOSED = 'the driver has been closed';
const RECONNECT_MS = SECOND;

interface Sampling {
  readonly intervalMs: number;
  readonly interning: Interning;
  readonly receive: (batch: SampleBatch) => void;
}

export interface RemoteDatacenter {
  readonly driver: Driver;
  readonly clock: RemoteClock;
}

/** The driver of a datacenter that `serveDatacenter` lets others drive, and its clock. */
export async function openRemoteDatacenter(path: string): Promise<RemoteDatacenter | Refusal> {
  const clock = new RemoteClock();
  const driver = new RemoteDriver(path, clock);
  const refusal = await driver.connect();
  return refusal ?? { driver, clock };
}

/**
 * The simulated driver over a socket. When the connection is lost, what was under way counts as failed here and goes on
 * there; it connects again by itself.
 */
class RemoteDriver implements Driver {
  readonly name = 'simulated';
  readonly #path: string;
  readonly #clock: RemoteClock;
  readonly #orders = new Orders();
  /** Orders that have not come so far that it would be too late. */
  readonly #cancellable = new Set<string>();
  readonly #listeners = new Set<(event: DriverEvent) => void>();
  readonly #samplings = new Map<number, Sampling>();
  #series = 0;
  #connection: Connection | undefined;
  #hello: Hello = { speed: 1, hostIds: [], vmIds: [] };
  #lostBecause = 'it is not connected';
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(path: string, clock: RemoteClock) {
    this.#path = path;
    this.#clock = clock;
  }

  async connect(): Promise<Refusal | undefined> {
    const opened = await openConnection(this.#path, {
      heard: (nowMs) => this.#clock.hear(nowMs),
      told: (message) => this.#told(message),
      lost: (because) => this.#lost(because),
    });
    if ('because' in opened) return opened;
    this.#connection = opened;
    this.#hello = await opened.ask('hello', {});
    this.#clock.goAt(this.#hello.speed);
    for (const [series, { intervalMs }] of this.#samplings) opened.tell({ what: 'sample', intervalMs, series });
    return undefined;
  }

  async inventory(): Promise<Inventory> {
    return this.#there().ask('inventory', {});
  }

  watch(listener: (event: DriverEvent) => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  sample(intervalMs: number, interning: Interning, receive: (batch: SampleBatch) => void): Stop {
    const series = ++this.#series;
    this.#samplings.set(series, { intervalMs, interning, receive });
    this.#connection?.tell({ what: 'sample', intervalMs, series });
    return () => {
      this.#samplings.delete(series);
      this.#connection?.tell({ what: 'stop-sampling', series });
    };
  }

  migrate(order: MigrationOrder, progressed: Progressed): Migration {
    const known = this.#orders.known(order.id);
    if (known !== undefined) return known;
    const watched: Progressed = (state, progress) => {
      if (state === 'switching' || state === 'finishing') this.#cancellable.delete(order.id);
      progressed(state, progress);
    };
    const migration = this.#orders.open(order, watched, () => this.#cancel(order.id));
    this.#cancellable.add(order.id);
    void migration.ended.then(() => this.#cancellable.delete(order.id));
    if (this.#connection !== undefined) this.#connection.tell({ what: 'migrate', order });
    else this.#orders.end(order.id, { state: 'failed', because: this.#lostBecause });
    return migration;
  }

  switchOn(host: HostId, order = ''): Promise<SwitchEnd> {
    return this.#switch(host, 'on', order);
  }

  switchOff(host: HostId, order = ''): Promise<SwitchEnd> {
    return this.#switch(host, 'off', order);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#listeners.clear();
    this.#samplings.clear();
    this.#connection?.close();
    this.#connection = undefined;
    this.#lostBecause = CLOSED;
    this.#orders.failAll(CLOSED);
  }

  /** As far as is known here: the datacenter may have got further, and then the migration ends well after all. */
  #cancel(id: string): boolean {
    if (this.#connection === undefined || !this.#cancellable.has(id)) return false;
    this.#connection.ask('cancel', { id }).catch(() => undefined);
    return true;
  }

  async #switch(host: HostId, to: 'on' | 'off', order: string): Promise<SwitchEnd> {
    try {
      return await this.#there().ask('switch', { host, to, order });
    } catch (error) {
      return { state: 'failed', because: error instanceof Error ? error.message : String(error) };
    }
  }

  #there(): Connection {
    if (this.#connection === undefined) throw new Error(this.#lostBecause);
    return this.#connection;
  }

  #told(message: Told): void {
    if (message.what === 'migration') this.#orders.progress(message.id, message.state, message.progress);
    else if (message.what === 'migration-ended') this.#orders.end(message.id, message.end);
    else if (message.what === 'event') this.#tellListeners(message.event);
    else this.#receive(message.series, message.batch);
  }

  #tellListeners(event: DriverEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  #receive(series: number, { kind, entity, metric, value, atMs }: PlainBatch): void {
    const sampling = this.#samplings.get(series);
    if (sampling === undefined) return;
    const ids = kind === 'host' ? this.#hello.hostIds : this.#hello.vmIds;
    const { interning, receive } = sampling;
    const intern = (id: string) => (kind === 'host' ? interning.host(id) : interning.vm(id));
    receive({
      kind,
      length: entity.length,
      entity: Uint32Array.from(entity, (number) => intern(ids[number]!)),
      metric: Uint8Array.from(metric),
      value: Float64Array.from(value),
      atMs: Float64Array.from(atMs),
    });
  }

  #lost(because: string): void {
    if (this.#isClosed) return;
    this.#connection = undefined;
    this.#lostBecause = because;
    this.#orders.failAll(because);
    this.#tellListeners({ kind: 'lost', because, atMs: this.#clock.nowMs() });
    this.#retryLater();
  }

  #retryLater(): void {
    this.#retry = setTimeout(() => void this.#connectAgain(), RECONNECT_MS);
  }

  async #connectAgain(): Promise<void> {
    const refusal = await this.connect().catch((error: Error) => error);
    if (this.#isClosed) return this.#connection?.close();
    if (refusal !== undefined && this.#connection === undefined) this.#retryLater();
  }
}
