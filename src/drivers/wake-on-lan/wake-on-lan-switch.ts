import type { HostId } from '../../domain/host.ts';
import { SECOND } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Notes } from '../../ports/notes.ts';
import type { Button, PowerSwitch } from '../../ports/power-switch.ts';
import { knock } from './knock.ts';
import { sendMagicPacket } from './magic-packet.ts';
import { runCommand } from './shutdown-command.ts';

export interface WakeOnLanHost {
  readonly id: HostId;
  readonly mac: string;
  /** Where the packet is sent: the broadcast address of the host's network. */
  readonly broadcast: string;
  readonly port: number;
  /** Where the host answers while it is awake. */
  readonly address: string;
  readonly answersAtPort: number;
  /** A program and its words that shut the host down. */
  readonly shutdownCommand: readonly string[];
}

/** What it does to the world. */
export interface WakeOnLanMeans {
  readonly knock: typeof knock;
  readonly send: typeof sendMagicPacket;
  readonly run: typeof runCommand;
}

export interface WakeOnLanParts {
  readonly host: WakeOnLanHost;
  readonly clock: Clock;
  readonly notes: Notes;
  readonly means?: WakeOnLanMeans;
}

const REAL_MEANS: WakeOnLanMeans = { knock, send: sendMagicPacket, run: runCommand };

const TOPIC = 'shut-down-for-wake-on-lan';
/** Its network goes before its disks are written: silence must last, before it counts. */
const SILENT_MS = 15 * SECOND;

/**
 * A host without a BMC: woken over the network, and shut down by a command. Nobody can say of a silent host that it is
 * off, unless Drover itself has shut it down and it has been silent since: that is noted, for a Drover that starts anew.
 */
export class WakeOnLanSwitch implements PowerSwitch {
  readonly #parts: WakeOnLanParts;
  readonly #means: WakeOnLanMeans;
  #silentSinceMs: number | undefined;

  constructor(parts: WakeOnLanParts) {
    this.#parts = parts;
    this.#means = parts.means ?? REAL_MEANS;
  }

  async isOn(): Promise<boolean | undefined> {
    const { host, clock, notes } = this.#parts;
    const answers = await this.#means.knock(host.address, host.answersAtPort);
    if (answers) {
      this.#silentSinceMs = undefined;
      return true;
    }
    this.#silentSinceMs ??= clock.nowMs();
    if (!notes.all(TOPIC).has(host.id)) return undefined;
    return clock.nowMs() - this.#silentSinceMs >= SILENT_MS ? false : undefined;
  }

  async press(button: Button): Promise<void> {
    const { host, clock, notes } = this.#parts;
    if (button === 'cut') throw new Error('it did not shut itself down in time, and there is no BMC to cut its power');
    if (button === 'on') {
      await this.#means.send(host.mac, host.broadcast, host.port);
      // From here on silence may mean that it boots, or that it is out of reach.
      notes.strike(TOPIC, host.id);
      return;
    }
    notes.write(TOPIC, host.id, { atMs: clock.nowMs() });
    await this.#means.run(host.shutdownCommand).catch((error: unknown) => {
      notes.strike(TOPIC, host.id);
      throw error;
    });
  }
}
