import type { HostId } from '../../domain/host.ts';
import type { PowerState } from '../../domain/power.ts';
import { SECOND } from '../../domain/units.ts';
import { spanWords } from '../../domain/words.ts';
import type { Clock, Stop } from '../../ports/clock.ts';
import type { SwitchEnd } from '../../ports/power-control.ts';
import type { RemotePower } from '../../ports/remote-power.ts';
import type { HostLink } from './host-link.ts';

export interface HostPowerParts {
  readonly links: ReadonlyMap<HostId, HostLink>;
  readonly remote: RemotePower | undefined;
  readonly clock: Clock;
  readonly tell: (host: HostId, power: PowerState) => void;
}

const failed = (because: string): SwitchEnd => ({ state: 'failed', because });
const DONE: SwitchEnd = { state: 'done' };
/** A booted host's libvirt must answer within so many times its usual boot, and at least so long. */
const BOOT_FACTOR = 4;
const MOST_ASKED = 16;
const LEAST_BOOT_MS = 600 * SECOND;

/** Whether hosts are on: what answers is; of what does not answer, its remote power is asked. */
export class HostPower {
  readonly #parts: HostPowerParts;
  readonly #states = new Map<HostId, PowerState>();
  readonly #toAsk = new Set<HostId>();
  readonly #asked = new Set<HostId>();
  readonly #arrivals = new Map<HostId, Set<() => void>>();

  constructor(parts: HostPowerParts) {
    this.#parts = parts;
  }

  /** What is not known to be off counts as on: its guests may well be running. */
  stateOf(host: HostId): PowerState {
    return this.#states.get(host) ?? 'on';
  }

  /** It answers again. */
  arrived(host: HostId): void {
    for (const arrive of this.#arrivals.get(host) ?? []) arrive();
    if (this.stateOf(host) === 'off') this.#become(host, 'on');
  }

  /** It does not answer: is it off? Few are asked at a time, as for some each question takes a process. */
  ask(host: HostId): void {
    if (this.#parts.remote === undefined || this.#asked.has(host)) return;
    this.#toAsk.add(host);
    this.#askNext();
  }

  /** Nobody wants to know any more. */
  close(): void {
    this.#toAsk.clear();
  }

  #askNext(): void {
    for (const host of this.#toAsk) {
      if (this.#asked.size === MOST_ASKED) return;
      this.#toAsk.delete(host);
      this.#asked.add(host);
      void this.#askNow(host).finally(() => {
        this.#asked.delete(host);
        this.#askNext();
      });
    }
  }

  async #askNow(host: HostId): Promise<void> {
    if (this.stateOf(host) !== 'on') return;
    const isOn = await this.#parts.remote?.isOn(host).catch(() => undefined);
    const link = this.#parts.links.get(host);
    if (isOn !== false || link?.hypervisor !== undefined || this.stateOf(host) !== 'on') return;
    this.#become(host, 'off');
    link?.lostPower();
  }

  async switchOn(host: HostId): Promise<SwitchEnd> {
    const { links, remote } = this.#parts;
    const link = links.get(host);
    if (link === undefined) return failed(`there is no host ${host}`);
    if (link.hypervisor !== undefined) return DONE;
    if (remote === undefined) return failed(`nothing is configured that could switch ${host} on: give it a bmc`);
    const before = this.stateOf(host);
    this.#become(host, 'booting');
    const end = await remote.switchOn(host).catch((error: unknown) => failed(messageOf(error)));
    const arrived = end.state === 'done' ? await this.#arrival(link) : end;
    this.#become(host, arrived.state === 'done' ? 'on' : before);
    return arrived;
  }

  /** Whoever asks has looked that nothing runs there any more. */
  async switchOff(host: HostId): Promise<SwitchEnd> {
    const { links, remote } = this.#parts;
    const link = links.get(host);
    if (link === undefined) return failed(`there is no host ${host}`);
    if (this.stateOf(host) === 'off') return DONE;
    if (remote === undefined) return failed(`nothing is configured that could switch ${host} off: give it a bmc`);
    this.#become(host, 'shutting-down');
    const end = await remote.switchOff(host).catch((error: unknown) => failed(messageOf(error)));
    this.#become(host, end.state === 'done' ? 'off' : 'on');
    if (end.state === 'done') link.lostPower();
    return end;
  }

  #become(host: HostId, power: PowerState): void {
    this.#states.set(host, power);
    this.#parts.tell(host, power);
  }

  #arrival(link: HostLink): Promise<SwitchEnd> {
    const { clock } = this.#parts;
    const { id, powerModel } = link.host;
    if (link.hypervisor !== undefined) return Promise.resolve(DONE);
    const { promise, resolve } = Promise.withResolvers<SwitchEnd>();
    const mostMs = Math.max(LEAST_BOOT_MS, BOOT_FACTOR * powerModel.bootSeconds * SECOND);
    const waiting = this.#arrivals.get(id) ?? new Set();
    this.#arrivals.set(id, waiting);
    const arrive = () => resolve(DONE);
    waiting.add(arrive);
    link.reach();
    const stops: Stop[] = [
      clock.after(mostMs, () =>
        resolve(failed(`${id} has power, but its libvirt does not answer after ${spanWords(mostMs)}`)),
      ),
      () => waiting.delete(arrive),
    ];
    return promise.finally(() => {
      for (const stop of stops) stop();
    });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
