import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../../../src/domain/units.ts';
import { ConnectionLost } from '../../../src/drivers/libvirt/connection.ts';
import { EventEar } from '../../../src/drivers/libvirt/events.ts';
import { Hypervisor } from '../../../src/drivers/libvirt/hypervisor.ts';
import { LIFECYCLE, RESUMED_BY_MIGRATION, STARTED_BY_MIGRATION } from '../../../src/drivers/libvirt/procedures.ts';
import { numberOf } from '../../../src/drivers/libvirt/typed-parameters.ts';
import { SystemClock } from '../../../src/wiring/clocks.ts';
import { Turns } from '../turns.ts';
import { addressOf } from './lab.ts';

const MOST_LOOKS = 120;
const PING_MS = 5 * SECOND;
const CONNECT_MS = SECOND;
const BUSY_OVER_MS = 4 * SECOND;
/** On the target of a migration that did not come about. */
const STOPPED_BY_FAILURE = 5;

export interface SeenMove {
  readonly vm: string;
  readonly from: string;
  readonly to: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly downtimeMs: number;
}

interface Arrival {
  readonly vm: string;
  readonly to: string;
  readonly startedAtMs: number;
  endedAtMs: number;
}

/** Listens to libvirt itself, beside Drover: what it saw is what happened. */
export class LibvirtWitness {
  readonly #hypervisors = new Map<string, Hypervisor>();
  readonly #arrivals: Arrival[] = [];
  readonly #departures: { vm: string; from: string; downtimeMs: number }[] = [];

  readonly #hosts: number;
  readonly #turns = new Turns();

  private constructor(hosts: number) {
    this.#hosts = hosts;
  }

  static async open(hosts: number): Promise<LibvirtWitness> {
    const witness = new LibvirtWitness(hosts);
    for (let tries = 1; witness.#hypervisors.size < hosts; tries++) {
      await witness.rejoin();
      if (tries === MOST_LOOKS) throw new Error('not all hosts can be listened to');
    }
    return witness;
  }

  /** Listens again to hosts that were off and are back. */
  async rejoin(): Promise<void> {
    for (let number = 1; number <= this.#hosts; number++) {
      if (!this.#hypervisors.has(`h${number}`))
        await this.#listen(`h${number}`, addressOf(number)).catch(() => undefined);
    }
  }

  close(): void {
    this.#turns.stop();
    for (const hypervisor of this.#hypervisors.values()) hypervisor.close();
  }

  /** Guests to the hosts that run them; one that loses its power while it is asked runs none. */
  async places(): Promise<Map<string, string[]>> {
    const places = new Map<string, string[]>();
    for (const [host, hypervisor] of this.#hypervisors) {
      for (const { name } of await hypervisor.domains().catch(ifLost([])))
        places.set(name, [...(places.get(name) ?? []), host]);
    }
    return places;
  }

  /** Over a few seconds, by libvirt's own counters; a host that is lost meanwhile is not busy. */
  async busiest(): Promise<{ readonly host: string; readonly share: number }> {
    const before = await this.#ticks();
    await sleep(BUSY_OVER_MS);
    const shares = [...(await this.#ticks())].map(([host, { busy, idle }]) => {
      const { busy: busyBefore = 0, idle: idleBefore = 0 } = before.get(host) ?? {};
      const [worked, rested] = [busy - busyBefore, idle - idleBefore];
      return { host, share: worked / Math.max(1, worked + rested) };
    });
    return shares.reduce((a, b) => (b.share > a.share ? b : a), { host: 'none', share: 0 });
  }

  async #ticks(): Promise<Map<string, { readonly busy: number; readonly idle: number }>> {
    const ticks = new Map<string, { readonly busy: number; readonly idle: number }>();
    for (const [host, hypervisor] of this.#hypervisors) {
      const stats = await hypervisor.cpuStats().catch(ifLost({}));
      const sum = (names: readonly string[]) => names.reduce((all, name) => all + (numberOf(stats, name) ?? 0), 0);
      ticks.set(host, { busy: sum(['kernel', 'user', 'intr']), idle: sum(['idle', 'iowait']) });
    }
    return ticks;
  }

  /** Waits until none is under way; what never ends is left to the judge. */
  async atRest(): Promise<void> {
    for (let looks = 0; looks < MOST_LOOKS && this.#arrivals.some(({ endedAtMs }) => endedAtMs === Infinity); looks++) {
      await sleep(SECOND / 4);
    }
  }

  /** Each arrival with the departure that its source told of: both come in the order in which they happened. */
  moves(): SeenMove[] {
    const departures = [...this.#departures];
    return this.#arrivals.map((arrival) => {
      const place = departures.findIndex(({ vm }) => vm === arrival.vm);
      const [departure] = place < 0 ? [] : departures.splice(place, 1);
      return { ...arrival, from: departure?.from ?? 'nobody saw', downtimeMs: departure?.downtimeMs ?? Number.NaN };
    });
  }

  /** Pairs of migrations that shared a host while both were under way, for sure: each began late and ended early. */
  overlaps(): string[] {
    const moves = this.moves();
    return moves.flatMap((a, index) =>
      moves.slice(index + 1).flatMap((b) => {
        const atOnce = a.startedAtMs < b.endedAtMs && b.startedAtMs < a.endedAtMs;
        const shared = [a.from, a.to].find((host) => host === b.from || host === b.to);
        return atOnce && shared !== undefined ? [`${a.vm} and ${b.vm} on ${shared}`] : [];
      }),
    );
  }

  async #listen(host: string, address: string): Promise<void> {
    const ear = new EventEar((event) => {
      if (event.kind === 'job-completed') {
        const downtimeMs = numberOf(event.values, 'downtime') ?? Number.NaN;
        this.#departures.push({ vm: event.domain.name, from: host, downtimeMs });
      } else if (event.kind === 'lifecycle') this.#hear(host, event.domain.name, event.event, event.detail);
    });
    const endpoint = { by: 'tcp', host: address, port: 16_509, opens: 'qemu:///system' } as const;
    const times = { pingMs: PING_MS, connectMs: CONNECT_MS };
    const heard = ear.hear.bind(ear);
    const hypervisor = await Hypervisor.open({ endpoint, tls: undefined, clock: new SystemClock(), ...times, heard });
    await ear.listen(hypervisor);
    this.#hypervisors.set(host, hypervisor);
    void hypervisor.over.then(() => this.#lost(host));
  }

  /** How its arrivals end nobody sees any more. */
  #lost(host: string): void {
    this.#hypervisors.delete(host);
    for (const arrival of this.#arrivals)
      if (arrival.to === host && arrival.endedAtMs === Infinity) arrival.endedAtMs = this.#turns.sinceMs;
  }

  /** The target makes room when a migration begins, and resumes the guest when it ends. */
  #hear(host: string, vm: string, event: number, detail: number): void {
    if (event === LIFECYCLE.started && detail === STARTED_BY_MIGRATION) {
      this.#arrivals.push({ vm, to: host, startedAtMs: this.#turns.ms, endedAtMs: Infinity });
    } else if (event === LIFECYCLE.resumed && detail === RESUMED_BY_MIGRATION) {
      const arrival = this.#arrivals.findLast((one) => one.vm === vm && one.to === host);
      if (arrival !== undefined) arrival.endedAtMs = this.#turns.sinceMs;
    } else if (event === LIFECYCLE.stopped && detail === STOPPED_BY_FAILURE) {
      const place = this.#arrivals.findLastIndex((one) => one.vm === vm && one.to === host);
      if (this.#arrivals[place]?.endedAtMs === Infinity) this.#arrivals.splice(place, 1);
    }
  }
}

function ifLost<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof ConnectionLost) return instead;
    throw error;
  };
}
