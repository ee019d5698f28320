import { SECOND } from '../../../src/domain/units.ts';
import { Hypervisor } from '../../../src/drivers/libvirt/hypervisor.ts';
import { STATS } from '../../../src/drivers/libvirt/procedures.ts';
import { numberOf } from '../../../src/drivers/libvirt/typed-parameters.ts';
import { SystemClock } from '../../../src/wiring/clocks.ts';
import { addressOf } from './lab.ts';

const LOOK_EVERY_MS = SECOND / 4;
const RUNNING = 1;

/** Looks all the time whether a guest runs on two hosts at once, beside whoever moves it. */
export class TwiceWatch {
  readonly #guest: string;
  readonly #hosts: readonly string[];
  readonly #hypervisors = new Map<string, Hypervisor>();
  readonly #seen = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #isClosed = false;
  #isLooking = false;
  #twiceBefore = '';

  constructor(hosts: readonly string[], guest: string) {
    this.#hosts = hosts;
    this.#guest = guest;
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
  }

  /** What was seen that must never be. */
  close(): string[] {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const hypervisor of this.#hypervisors.values()) hypervisor.close();
    return [...this.#seen];
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const running = await Promise.all(this.#hosts.map((host) => this.#runsOn(host).catch(() => false)));
    this.#isLooking = false;
    const places = this.#hosts.filter((_, index) => running[index]);
    // Hosts answer one after the other: a guest that switches in between is seen twice, once.
    const twice = places.length > 1 ? places.join(' and ') : '';
    if (twice !== '' && twice === this.#twiceBefore) this.#seen.add(`it was seen to run on ${twice} at once`);
    this.#twiceBefore = twice;
  }

  async #runsOn(host: string): Promise<boolean> {
    const hypervisor = this.#hypervisors.get(host) ?? (await this.#connect(host));
    const guests = await hypervisor.stats(STATS.state);
    const guest = guests.find(({ domain }) => domain.name === this.#guest);
    return guest !== undefined && numberOf(guest.values, 'state.state') === RUNNING;
  }

  async #connect(host: string): Promise<Hypervisor> {
    const endpoint = {
      by: 'tcp',
      host: addressOf(Number(host.slice(1))),
      port: 16_509,
      opens: 'qemu:///system',
    } as const;
    const times = { pingMs: SECOND, connectMs: SECOND };
    const hypervisor = await Hypervisor.open({
      endpoint,
      tls: undefined,
      clock: new SystemClock(),
      ...times,
      heard: () => {},
    });
    if (this.#isClosed) hypervisor.close();
    this.#hypervisors.set(host, hypervisor);
    void hypervisor.over.then(() => this.#hypervisors.delete(host));
    return hypervisor;
  }
}
