/**
 * What must never be, judged at the datacenter alone: it shares no code with the planner, the executor or the journal.
 */
import type { Inventory } from '../../../src/domain/inventory.ts';
import { type Connection, openConnection } from '../../../src/drivers/simulated/connection.ts';
import type { OrderNote } from '../../../src/drivers/simulated/order-log.ts';

export class Judge {
  readonly #connection: Connection;
  readonly #vms: readonly string[];
  #judged = 0;
  readonly #orders = new Set<string>();

  private constructor(connection: Connection, vms: readonly string[]) {
    this.#connection = connection;
    this.#vms = vms;
  }

  static async at(socket: string): Promise<Judge> {
    const nothing = () => undefined;
    const connection = await openConnection(socket, { heard: nothing, told: nothing, lost: nothing });
    if ('because' in connection) throw new Error(connection.because);
    const { vms } = await connection.ask('inventory', {});
    return new Judge(connection, vms.map(({ id }) => id).sort());
  }

  look(): Promise<Inventory> {
    return this.#connection.ask('inventory', {});
  }

  /** How many orders the datacenter was given. */
  get orders(): number {
    return this.#judged;
  }

  /** What is wrong with the datacenter as it is, and with the orders that came since the last time, a sentence each. */
  async faults(): Promise<string[]> {
    const orders = await this.#connection.ask('orders', {});
    const fresh = orders.slice(this.#judged);
    this.#judged = orders.length;
    return [...placeFaults(await this.look(), this.#vms), ...fresh.flatMap((order) => this.#orderFaults(order))];
  }

  /** How all orders ended that were to be refused had they not been safe. */
  async refusals(): Promise<string[]> {
    const orders = await this.#connection.ask('orders', {});
    return orders.flatMap(({ id, ended, ...order }) => {
      if (ended === undefined || ended.end.state !== 'failed') return [];
      const { because } = ended.end;
      const isUnsafe = order.kind === 'switch' || /is being migrated|is not on$|and not on /.test(because);
      return isUnsafe ? [`order ${id} should never have been given: ${because}`] : [];
    });
  }

  close(): void {
    this.#connection.close();
  }

  #orderFaults({ id }: OrderNote): string[] {
    const isTwice = this.#orders.has(id);
    this.#orders.add(id);
    if (id === '') return ['an order came without the id of its step'];
    return isTwice ? [`step ${id} was ordered twice`] : [];
  }
}

function placeFaults({ hosts, vms, flights }: Inventory, expected: readonly string[]): string[] {
  const power = new Map(hosts.map((host) => [host.id, host.power]));
  const ids = vms.map(({ id }) => id).sort();
  const targets = flights.map(({ vm }) => vm);
  return [
    ...expected.filter((id) => !ids.includes(id)).map((id) => `${id} is lost`),
    ...ids.filter((id, i) => id === ids[i - 1]).map((id) => `${id} is there twice`),
    ...targets.filter((id, i) => targets.indexOf(id) !== i).map((id) => `${id} moves to two places`),
    ...vms
      .filter(({ host }) => power.get(host) !== 'on')
      .map(({ id, host }) => `${id} is on ${host}, which is ${power.get(host)}`),
    ...flights
      .filter(({ to }) => power.get(to) !== 'on')
      .map(({ vm, to }) => `${vm} moves to ${to}, which is ${power.get(to)}`),
  ];
}
