import type { Button, PowerSwitch } from '../../ports/power-switch.ts';
import { type Bmc, type Ipmitool, ipmitool } from './ipmitool.ts';

/** A soft shutdown is what a short press of the machine's own button does. */
const WORDS: Readonly<Record<Button, string>> = { on: 'on', shutdown: 'soft', cut: 'off' };
const READING = /instantaneous power reading:\s*(\d+)\s*watts/i;

/** Switches one host through its BMC. */
export class IpmiSwitch implements PowerSwitch {
  readonly #bmc: Bmc;
  readonly #run: Ipmitool;
  #isMetered = true;

  constructor(bmc: Bmc, run: Ipmitool = ipmitool) {
    this.#bmc = bmc;
    this.#run = run;
  }

  async isOn(): Promise<boolean | undefined> {
    const answer = /\bis (on|off)\b/i.exec(await this.#run(this.#bmc, ['chassis', 'power', 'status']));
    return answer === null ? undefined : answer[1]?.toLowerCase() === 'on';
  }

  async press(button: Button): Promise<void> {
    await this.#run(this.#bmc, ['chassis', 'power', WORDS[button]]);
  }

  /** A BMC that has no meter says so once, and is not asked again. */
  async watts(): Promise<number | undefined> {
    if (!this.#isMetered) return undefined;
    const answer = await this.#run(this.#bmc, ['dcmi', 'power', 'reading']).catch((error: unknown) => {
      if (!hasNoMeter(error)) throw error;
      this.#isMetered = false;
      return '';
    });
    const reading = READING.exec(answer)?.[1];
    return reading === undefined ? undefined : Number(reading);
  }
}

function hasNoMeter(error: unknown): boolean {
  return error instanceof Error && /dcmi|invalid command|not supported/i.test(error.message);
}
