import type { HostVerb } from '../../../src/serve/client.ts';
import { type Client, Refused } from '../../../src/serve/client.ts';
import type { SeededRandom } from '../../../src/simulator/random.ts';

const GOOD = { dryRun: false };
/** At most so many hosts are drained at a time: the others must have room for everybody. */
const MOST_DRAINED = 2;

/** What somebody was promised about a host: the promise was heard, or nobody knows whether it was given. */
type Promised = 'drained' | 'not drained' | 'unknown';

/** Orders things at random, and remembers what was acknowledged. */
export class Person {
  readonly #random: SeededRandom;
  readonly #hosts: readonly string[];
  readonly #vms: readonly string[];
  readonly #promised = new Map<string, Promised>();
  acknowledged = 0;

  constructor(random: SeededRandom, hosts: readonly string[], vms: readonly string[]) {
    this.#random = random;
    this.#hosts = hosts;
    this.#vms = vms;
  }

  /** Hosts of which a drain was acknowledged and not taken back. */
  get drained(): readonly string[] {
    return [...this.#promised].flatMap(([host, promised]) => (promised === 'drained' ? [host] : []));
  }

  isPromisedNot(host: string): boolean {
    return (this.#promised.get(host) ?? 'not drained') === 'not drained';
  }

  /** One order; a daemon that is killed meanwhile does not answer, and a refusal is an answer too. */
  async act(client: Client): Promise<void> {
    const what = this.#random.next();
    try {
      if (what < 0.25) await this.#drain(client);
      else if (what < 0.4) await this.#undrain(client);
      else if (what < 0.65) await client.migrate(this.#one(this.#vms), this.#one(this.#hosts), GOOD);
      else if (what < 0.9) await this.#switch(client);
      else await client.orderHost(what < 0.95 ? 'prove' : 'vouch', this.#one(this.#hosts), GOOD);
      this.acknowledged += 1;
    } catch (error) {
      if (!isNoAnswer(error) && !(error instanceof Refused)) throw error;
    }
  }

  async #drain(client: Client): Promise<void> {
    const open = [...this.#promised.values()].filter((promised) => promised !== 'not drained');
    if (open.length >= MOST_DRAINED) return this.#undrain(client);
    await this.#promise(client, 'drain', this.#one(this.#hosts), 'drained');
  }

  async #undrain(client: Client): Promise<void> {
    const open = [...this.#promised].filter(([, promised]) => promised !== 'not drained');
    const [host] = open[Math.floor(this.#random.next() * open.length)] ?? [];
    if (host !== undefined) await this.#promise(client, 'undrain', host, 'not drained');
  }

  /** Wakes what is off, or switches off what is drained: of the others hardly any is ever empty. */
  async #switch(client: Client): Promise<void> {
    const { items } = await client.hosts({ power: 'off' });
    const asleep = items.map(({ id }) => id);
    if (asleep.length > 0 && this.#random.next() < 0.5) await client.power(this.#one(asleep), 'on', GOOD);
    else await client.power(this.#one(this.drained.length > 0 ? this.drained : this.#hosts), 'off', GOOD);
  }

  async #promise(client: Client, verb: HostVerb, host: string, promised: Promised): Promise<void> {
    const before = this.#promised.get(host) ?? 'not drained';
    this.#promised.set(host, 'unknown');
    try {
      await client.orderHost(verb, host, GOOD);
      this.#promised.set(host, promised);
    } catch (error) {
      // It stands already, or is over already: that is what was not known.
      if (error instanceof Refused) this.#promised.set(host, isSettled(error) ? promised : before);
      throw error;
    }
  }

  #one(list: readonly string[]): string {
    return list[Math.floor(this.#random.next() * list.length)]!;
  }
}

const isSettled = ({ message }: Refused): boolean => /is being drained already|is not being drained/.test(message);

/** `fetch` says so when the other side goes in the middle of an answer. */
function isNoAnswer(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'Unreachable' || error.name === 'TypeError' || error.name === 'SyntaxError')
  );
}
