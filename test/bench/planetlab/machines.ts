import { BOOTING, drawnWatts, SHUTTING_DOWN } from '../../../src/domain/power.ts';
import { HOST_COUNT, hostKind } from './model.ts';
import type { Setting } from './settings.ts';

const WATT_SECONDS_PER_KWH = 3_600_000;

type State = 'on' | 'off' | 'booting';

/** Which hosts are on, and what switching them has cost. Where switching is free, all are on. */
export class Machines {
  readonly #setting: Setting;
  readonly #state: State[] = Array.from({ length: HOST_COUNT }, () => 'on');
  /** 1 for hosts that have been on and were switched off. */
  readonly #wasOn = new Uint8Array(HOST_COUNT);
  #wattSeconds = 0;
  /** Times that a host that had been switched off was switched on again. */
  cycles = 0;
  switchedOff = 0;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** Hosts that nobody needs at the start were never on. */
  begin(isNeeded: (host: number) => boolean): void {
    if (!this.#setting.chargesSwitching) return;
    for (let host = 0; host < HOST_COUNT; host++) this.#state[host] = isNeeded(host) ? 'on' : 'off';
  }

  isOn(host: number): boolean {
    return this.#state[host] === 'on';
  }

  get switchingKwh(): number {
    return this.#wattSeconds / WATT_SECONDS_PER_KWH;
  }

  /** False where it is on already. */
  boot(host: number): boolean {
    if (this.#state[host] === 'on') return false;
    this.#state[host] = 'booting';
    this.cycles += this.#wasOn[host]!;
    this.#charge(host, BOOTING, this.#setting.bootSeconds);
    return true;
  }

  up(host: number): void {
    this.#state[host] = 'on';
  }

  switchOff(host: number): void {
    if (this.#state[host] !== 'on') return;
    this.#state[host] = 'off';
    this.#wasOn[host] = 1;
    this.switchedOff += 1;
    this.#charge(host, SHUTTING_DOWN, this.#setting.shutdownSeconds);
  }

  #charge(host: number, power: number, seconds: number): void {
    const { bootSeconds, shutdownSeconds } = this.#setting;
    const model = { watts: hostKind(host).watts, offWatts: 0, bootSeconds, shutdownSeconds };
    this.#wattSeconds += drawnWatts(model, power, 0) * seconds;
  }
}
