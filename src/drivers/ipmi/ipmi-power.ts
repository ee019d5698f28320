import type { HostId } from '../../domain/host.ts';
import { SECOND } from '../../domain/units.ts';
import { spanWords } from '../../domain/words.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SwitchEnd } from '../../ports/power-control.ts';
import type { RemotePower } from '../../ports/remote-power.ts';
import { type Bmc, type Ipmitool, ipmitool } from './ipmitool.ts';

export interface IpmiParts {
  readonly bmcs: ReadonlyMap<HostId, Bmc>;
  readonly clock: Clock;
  /** A host that has not shut itself down by then loses its power: it was empty when it was told to. */
  readonly shutdownSeconds: number;
  readonly run?: Ipmitool;
}

const LOOK_EVERY_MS = SECOND;
/** After its power was cut or given, the BMC must say so within this time. */
const SWITCHED_WITHIN_MS = 60 * SECOND;
const DONE: SwitchEnd = { state: 'done' };

/** Switches hosts through their BMCs. */
export class IpmiPower implements RemotePower {
  readonly #parts: IpmiParts;
  readonly #run: Ipmitool;

  constructor(parts: IpmiParts) {
    this.#parts = parts;
    this.#run = parts.run ?? ipmitool;
  }

  async isOn(host: HostId): Promise<boolean | undefined> {
    const bmc = this.#parts.bmcs.get(host);
    if (bmc === undefined) return undefined;
    const answer = /\bis (on|off)\b/i.exec(await this.#run(bmc, ['chassis', 'power', 'status']));
    return answer === null ? undefined : answer[1]?.toLowerCase() === 'on';
  }

  switchOn(host: HostId): Promise<SwitchEnd> {
    return this.#switch(host, async (bmc) => {
      await this.#run(bmc, ['chassis', 'power', 'on']);
      return this.#until(host, true, SWITCHED_WITHIN_MS);
    });
  }

  /** First as by a short press of its button, which lets it shut down in order. */
  switchOff(host: HostId): Promise<SwitchEnd> {
    return this.#switch(host, async (bmc) => {
      await this.#run(bmc, ['chassis', 'power', 'soft']);
      if (await this.#until(host, false, this.#parts.shutdownSeconds * SECOND)) return true;
      await this.#run(bmc, ['chassis', 'power', 'off']);
      return this.#until(host, false, SWITCHED_WITHIN_MS);
    });
  }

  async #switch(host: HostId, command: (bmc: Bmc) => Promise<boolean>): Promise<SwitchEnd> {
    const bmc = this.#parts.bmcs.get(host);
    if (bmc === undefined) return { state: 'failed', because: `${host} has no bmc in the configuration` };
    try {
      if (await command(bmc)) return DONE;
      return {
        state: 'failed',
        because: `the BMC of ${host} took the command, and nothing happened within ${spanWords(SWITCHED_WITHIN_MS)}`,
      };
    } catch (error) {
      return {
        state: 'failed',
        because: `the BMC of ${host}: ${error instanceof Error ? error.message : String(error)}`,
      };
    }
  }

  async #until(host: HostId, wanted: boolean, mostMs: number): Promise<boolean> {
    const { clock } = this.#parts;
    for (const endMs = clock.nowMs() + mostMs; ; ) {
      if ((await this.isOn(host)) === wanted) return true;
      if (clock.nowMs() >= endMs) return false;
      await new Promise<void>((passed) => clock.after(LOOK_EVERY_MS, passed));
    }
  }
}
