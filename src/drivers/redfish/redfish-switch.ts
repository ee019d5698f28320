import type { Button, PowerSwitch } from '../../ports/power-switch.ts';
import { listOf, numberAt, textAt, valueAt } from './answers.ts';
import { type RedfishBmc, RedfishSession } from './session.ts';

/** What each button is called, best first: not every BMC offers every kind of reset. */
const RESETS: Readonly<Record<Button, readonly string[]>> = {
  on: ['On', 'ForceOn'],
  shutdown: ['GracefulShutdown', 'PushPowerButton'],
  cut: ['ForceOff'],
};
const SYSTEMS = '/redfish/v1/Systems';
const IS_ON: Readonly<Record<string, boolean>> = {
  On: true,
  Off: false,
  PoweringOn: false,
  PoweringOff: true,
  Paused: true,
};
const LEAST_TROUBLE = 400;

/** Switches one host through its BMC, and reads its meter. */
export class RedfishSwitch implements PowerSwitch {
  readonly #bmc: RedfishBmc;
  readonly #session: RedfishSession;
  /** Where its system is; it does not change. */
  #path: string | undefined;
  #meter: string | 'none' | undefined;

  constructor(bmc: RedfishBmc) {
    this.#bmc = bmc;
    this.#session = new RedfishSession(bmc);
  }

  async isOn(): Promise<boolean | undefined> {
    return IS_ON[textAt(await this.#system(), 'PowerState') ?? ''];
  }

  /** Some refuse to switch on what is on. */
  async press(button: Button): Promise<void> {
    const system = await this.#system();
    if (button === 'on' && textAt(system, 'PowerState') === 'On') return;
    const reset = valueAt(system, 'Actions', '#ComputerSystem.Reset');
    const path = textAt(reset, 'target');
    if (path === undefined) throw new Error('offers no reset of its system');
    const offered = listOf(valueAt(reset, 'ResetType@Redfish.AllowableValues'));
    const kind = RESETS[button].find((name) => offered.length === 0 || offered.includes(name));
    if (kind === undefined) throw new Error(`offers none of ${RESETS[button].join(', ')}, but ${offered.join(', ')}`);
    await this.#ask('POST', path, { ResetType: kind });
  }

  async watts(): Promise<number | undefined> {
    this.#meter ??= await this.#findMeter();
    if (this.#meter === 'none') return undefined;
    return wattsIn(await this.#ask('GET', this.#meter));
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async #system(): Promise<unknown> {
    this.#path ??= await this.#findSystem();
    return this.#ask('GET', this.#path);
  }

  async #findSystem(): Promise<string> {
    const members = listOf(valueAt(await this.#ask('GET', SYSTEMS), 'Members'));
    const paths = members.flatMap((member) => textAt(member, '@odata.id') ?? []);
    const { system } = this.#bmc;
    const names = paths.map((path) => path.split('/').at(-1) ?? '');
    if (system !== undefined) {
      const path = paths[names.indexOf(system)];
      if (path === undefined) throw new Error(`has no system ${system}, but ${names.join(', ')}`);
      return path;
    }
    const [only, another] = paths;
    if (only === undefined) throw new Error('has no system');
    if (another !== undefined) throw new Error(`has several systems, name one of them: ${names.join(', ')}`);
    return only;
  }

  /** The newer place first; of the older one, the first control, which is the whole chassis. */
  async #findMeter(): Promise<string> {
    for (const chassis of listOf(valueAt(await this.#system(), 'Links', 'Chassis'))) {
      const path = textAt(chassis, '@odata.id');
      if (path === undefined) continue;
      const body = await this.#ask('GET', path);
      for (const name of ['EnvironmentMetrics', 'Power']) {
        const meter = textAt(valueAt(body, name), '@odata.id');
        if (meter === undefined) continue;
        const reading = await this.#ask('GET', meter).then(wattsIn, () => undefined);
        if (reading !== undefined) return meter;
      }
    }
    return 'none';
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const answer = await this.#session.ask({ method, path, ...(body === undefined ? {} : { body }) });
    if (answer.status < LEAST_TROUBLE) return answer.body;
    throw new Error(`answers ${path} with ${answer.status}${saidBy(answer.body)}`);
  }
}

function wattsIn(body: unknown): number | undefined {
  return (
    numberAt(body, 'PowerWatts', 'Reading') ?? numberAt(listOf(valueAt(body, 'PowerControl'))[0], 'PowerConsumedWatts')
  );
}

function saidBy(body: unknown): string {
  const [first] = listOf(valueAt(body, 'error', '@Message.ExtendedInfo'));
  const words = textAt(first, 'Message') ?? textAt(valueAt(body, 'error'), 'message');
  return words === undefined ? '' : `: ${words}`;
}
