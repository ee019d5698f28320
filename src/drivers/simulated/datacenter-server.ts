import { lstatSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Refusal } from '../../domain/rule.ts';
import type { Clock, Stop } from '../../ports/clock.ts';
import type { VirtualDatacenter } from '../../simulator/virtual-datacenter.ts';
import { Lines } from './lines.ts';
import { OrderLog } from './order-log.ts';
import { type Ask, plainBatch, type Question, type Questions, type Tell } from './protocol.ts';
import { SimulatedDriver } from './simulated-driver.ts';

export interface Hosted {
  readonly datacenter: VirtualDatacenter;
  readonly clock: Clock;
  /** Datacenter seconds per real second. */
  readonly speed: number;
  readonly socketPath: string;
}

export interface RunningDatacenter {
  close(): Promise<void>;
}

/** Lets others drive a datacenter of this process. It lives on when they go, and so do the migrations they began. */
export async function serveDatacenter(hosted: Hosted): Promise<RunningDatacenter | Refusal> {
  const driver = new SimulatedDriver(hosted);
  const orders = new OrderLog();
  const guests = new Set<Guest>();
  const server = createServer((socket) => {
    const guest = new Guest(socket, { ...hosted, driver, orders });
    guests.add(guest);
    socket.on('close', () => {
      guest.leave();
      guests.delete(guest);
    });
  });
  const refusal = await listening(server, hosted.socketPath);
  if (refusal !== undefined) return refusal;
  return {
    close: async () => {
      for (const guest of guests) guest.leave();
      await driver.close();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

interface GuestParts extends Hosted {
  readonly driver: SimulatedDriver;
  readonly orders: OrderLog;
}

/** Samples for somebody who does not read them are left out beyond this. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;

/** One connection: what is asked there, and what is told there. */
class Guest {
  readonly #socket: Socket;
  readonly #parts: GuestParts;
  readonly #lines: Lines<Tell, Ask>;
  readonly #samplings = new Map<number, Stop>();
  readonly #stopWatching: Stop;

  constructor(socket: Socket, parts: GuestParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#lines = new Lines(socket, (ask) => this.#asked(ask));
    this.#stopWatching = parts.driver.watch((event) => this.#lines.send({ what: 'event', event, ...this.#now() }));
    socket.on('error', () => socket.destroy());
  }

  leave(): void {
    this.#stopWatching();
    for (const stop of this.#samplings.values()) stop();
    this.#samplings.clear();
    this.#socket.destroy();
  }

  #asked(ask: Ask): void {
    if (ask.what === 'migrate') this.#migrate(ask);
    else if (ask.what === 'sample') this.#sample(ask);
    else if (ask.what === 'stop-sampling') this.#stopSampling(ask.series);
    else void this.#answer(ask);
  }

  async #answer(ask: Extract<Ask, { readonly number: number }>): Promise<void> {
    const { number } = ask;
    try {
      const answer = await this.#answerTo(ask);
      this.#lines.send({ what: 'answer', number, answer, ...this.#now() });
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      this.#lines.send({ what: 'failed', number, because, ...this.#now() });
    }
  }

  async #answerTo(ask: Extract<Ask, { readonly number: number }>): Promise<Questions[Question]['answer']> {
    const { datacenter, driver, orders, speed } = this.#parts;
    if (ask.what === 'hello') return { speed, hostIds: datacenter.hostIds, vmIds: datacenter.vmIds };
    if (ask.what === 'inventory') return driver.inventory();
    if (ask.what === 'orders') return orders.notes;
    if (ask.what === 'cancel') return driver.cancel(ask.id);
    const { host, to, order } = ask;
    const ended = orders.note({ id: order, kind: 'switch', host, to, ...this.#at() });
    const end = await (to === 'on' ? driver.switchOn(host) : driver.switchOff(host));
    ended(end, this.#parts.clock.nowMs());
    return end;
  }

  #migrate({ order }: Extract<Ask, { readonly what: 'migrate' }>): void {
    const { driver, orders, clock } = this.#parts;
    const { id } = order;
    const ended = orders.note({ id, kind: 'migrate', order, ...this.#at() });
    const migration = driver.migrate(order, (state, progress) =>
      this.#lines.send({ what: 'migration', id, state, progress, ...this.#now() }),
    );
    void migration.ended.then((end) => {
      ended(end, clock.nowMs());
      this.#lines.send({ what: 'migration-ended', id, end, ...this.#now() });
    });
  }

  #sample({ intervalMs, series }: Extract<Ask, { readonly what: 'sample' }>): void {
    const { datacenter, driver } = this.#parts;
    this.#stopSampling(series);
    const hosts = new Map(datacenter.hostIds.map((id, number) => [id, number]));
    const vms = new Map(datacenter.vmIds.map((id, number) => [id, number]));
    const interning = { host: (id: string) => hosts.get(id)!, vm: (id: string) => vms.get(id)! };
    const stop = driver.sample(intervalMs, interning, (batch) => {
      if (this.#lines.waitingBytes > MOST_WAITING_BYTES) return;
      this.#lines.send({ what: 'samples', series, batch: plainBatch(batch), ...this.#now() });
    });
    this.#samplings.set(series, stop);
  }

  #stopSampling(series: number): void {
    this.#samplings.get(series)?.();
    this.#samplings.delete(series);
  }

  #now = () => ({ nowMs: this.#parts.clock.nowMs() });
  #at = () => ({ atMs: this.#parts.clock.nowMs() });
}

/** A socket that a process left behind when it died is taken over; one that somebody answers at is not. */
async function listening(server: Server, path: string): Promise<Refusal | undefined> {
  const first = await listen(server, path);
  if (first?.code !== 'EADDRINUSE') return first && refuse(path, first.message);
  if (!lstatSync(path).isSocket()) return refuse(path, 'a file that is no socket stands there');
  if (await isAnswered(path)) return refuse(path, 'another datacenter listens there already');
  unlinkSync(path);
  const second = await listen(server, path);
  return second && refuse(path, second.message);
}

const refuse = (path: string, because: string): Refusal => ({
  rule: 'socket',
  because: `no datacenter can be served at ${path}: ${because}`,
});

function listen(server: Server, path: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(path, () => {
      server.off('error', resolve);
      resolve(undefined);
    });
  });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
