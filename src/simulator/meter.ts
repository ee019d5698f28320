import { HOUR } from '../domain/units.ts';

/**
 * Integrates one rate per host exactly: between two settings the rate is constant. Reading changes nothing, so it does
 * not matter how often somebody looks.
 */
export class Meter {
  readonly #rate: Float64Array;
  readonly #sinceMs: Float64Array;
  readonly #sum: Float64Array;

  constructor(hosts: number, startMs: number) {
    this.#rate = new Float64Array(hosts);
    this.#sinceMs = new Float64Array(hosts).fill(startMs);
    this.#sum = new Float64Array(hosts);
  }

  rate(host: number): number {
    return this.#rate[host]!;
  }

  setRate(host: number, rate: number, nowMs: number): void {
    this.#sum[host]! += this.#rate[host]! * (nowMs - this.#sinceMs[host]!);
    this.#rate[host] = rate;
    this.#sinceMs[host] = nowMs;
  }

  /** The sum over all hosts, in rate × hours. */
  totalHours(nowMs: number): number {
    let total = 0;
    for (let host = 0; host < this.#sum.length; host++) {
      total += this.#sum[host]! + this.#rate[host]! * (nowMs - this.#sinceMs[host]!);
    }
    return total / HOUR;
  }
}
