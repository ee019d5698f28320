import type { HostId } from '../../domain/host.ts';
import { SECOND } from '../../domain/units.ts';
import { spanWords } from '../../domain/words.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SwitchEnd } from '../../ports/power-control.ts';
import type { Button, PowerSwitch } from '../../ports/power-switch.ts';
import type { RemotePower } from '../../ports/remote-power.ts';

export interface Switched {
  readonly power: PowerSwitch;
  /** A host that has not shut itself down by then loses its power: it was empty when it was told to. */
  readonly shutdownSeconds: number;
  /** A BMC says at once that there is power; a host that is woken over the network boots first. */
  readonly seenOnWithinSeconds: number;
}

export interface SwitchesParts {
  readonly hosts: ReadonlyMap<HostId, Switched>;
  readonly clock: Clock;
}

const LOOK_EVERY_MS = SECOND;
/** After its power was cut, it must be seen to be off within this time. */
const CUT_WITHIN_MS = 60 * SECOND;
/** A command may be lost on its way. */
const PRESS_AGAIN_MS = 10 * SECOND;
const DONE: SwitchEnd = { state: 'done' };

const failed = (because: string): SwitchEnd => ({ state: 'failed', because });
const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Switches hosts in order: a shutdown before a cut, and nothing is done before it has been seen. */
export class Switches implements RemotePower {
  readonly #parts: SwitchesParts;

  constructor(parts: SwitchesParts) {
    this.#parts = parts;
  }

  async isOn(host: HostId): Promise<boolean | undefined> {
    return this.#parts.hosts.get(host)?.power.isOn();
  }

  async watts(host: HostId): Promise<number | undefined> {
    return this.#parts.hosts.get(host)?.power.watts?.();
  }

  switchOn(host: HostId): Promise<SwitchEnd> {
    return this.#switch(host, async ({ power, seenOnWithinSeconds }) => {
      for (const endMs = this.#nowMs + seenOnWithinSeconds * SECOND; this.#nowMs < endMs; ) {
        await power.press('on');
        if (await this.#seen(power, true, PRESS_AGAIN_MS)) return DONE;
      }
      return failed(
        `${host} was switched on, and is not seen to be on after ${spanWords(seenOnWithinSeconds * SECOND)}`,
      );
    });
  }

  switchOff(host: HostId): Promise<SwitchEnd> {
    return this.#switch(host, async ({ power, shutdownSeconds }) => {
      if (await this.#obeys(power, 'shutdown', shutdownSeconds * SECOND)) return DONE;
      if (await this.#obeys(power, 'cut', CUT_WITHIN_MS)) return DONE;
      return failed(`the power of ${host} was cut, and is not seen to be off after ${spanWords(CUT_WITHIN_MS)}`);
    });
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#parts.hosts.values()].map(({ power }) => power.close?.()));
  }

  get #nowMs(): number {
    return this.#parts.clock.nowMs();
  }

  async #switch(host: HostId, command: (switched: Switched) => Promise<SwitchEnd>): Promise<SwitchEnd> {
    const switched = this.#parts.hosts.get(host);
    if (switched === undefined) return failed(`${host} has no bmc in the configuration`);
    try {
      return await command(switched);
    } catch (error) {
      return failed(`the power switch of ${host}: ${wordsOf(error)}`);
    }
  }

  async #obeys(power: PowerSwitch, button: Button, mostMs: number): Promise<boolean> {
    await power.press(button);
    return this.#seen(power, false, mostMs);
  }

  /** A switch that cannot be asked for a moment is asked again; one that never answers is an outage. */
  async #seen(power: PowerSwitch, wanted: boolean, mostMs: number): Promise<boolean> {
    const { clock } = this.#parts;
    for (const endMs = this.#nowMs + mostMs; ; ) {
      const seen = await power.isOn().catch((error: unknown) => ({ error }));
      if (seen === wanted) return true;
      if (this.#nowMs >= endMs) {
        if (typeof seen === 'object') throw seen.error;
        return false;
      }
      await new Promise<void>((passed) => clock.after(LOOK_EVERY_MS, passed));
    }
  }
}
