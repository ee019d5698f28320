import type { Between, SeasonProfile } from './forecast-season.ts';
import { usual } from './forecast-season.ts';

/** How a value can be foreseen: as it is now, as it was lately, as it usually is at that time of the day or the week. */
export const FORECAST_METHODS = ['now', 'lately', 'daily', 'weekly'] as const;
export type ForecastMethod = (typeof FORECAST_METHODS)[number];

export const NOW = FORECAST_METHODS.indexOf('now');
export const LATELY = FORECAST_METHODS.indexOf('lately');
export const DAILY = FORECAST_METHODS.indexOf('daily');
export const WEEKLY = FORECAST_METHODS.indexOf('weekly');

export interface Seasons {
  readonly daily: SeasonProfile;
  readonly weekly: SeasonProfile;
}

export interface Present {
  readonly now: Float32Array;
  readonly lately: Float32Array;
}

/** One instant seen from another: what each method says by row; NaN where it has nothing to say. */
export class Outlook {
  readonly #present: Present;
  readonly #lasting: number;
  readonly #dayNow: Between | undefined;
  readonly #dayAhead: Between | undefined;
  readonly #weekNow: Between | undefined;
  readonly #weekAhead: Between | undefined;

  /** `lasting`: the share of what is unusual now that will still be there then. */
  constructor(present: Present, { daily, weekly }: Seasons, atMs: number, aheadMs: number, lasting: number) {
    this.#present = present;
    this.#lasting = lasting;
    this.#dayNow = daily.at(atMs);
    this.#dayAhead = daily.at(atMs + aheadMs);
    this.#weekNow = weekly.at(atMs);
    this.#weekAhead = weekly.at(atMs + aheadMs);
  }

  by(method: number, row: number): number {
    if (method === DAILY) return this.#seasonal(this.#dayNow, this.#dayAhead, row);
    if (method === WEEKLY) return this.#seasonal(this.#weekNow, this.#weekAhead, row);
    return method === LATELY ? this.#present.lately[row]! : this.#present.now[row]!;
  }

  #seasonal(now: Between | undefined, ahead: Between | undefined, row: number): number {
    const unusual = this.#present.now[row]! - usual(now, row);
    const foreseen = usual(ahead, row) + this.#lasting * unusual;
    return foreseen < 0 ? 0 : foreseen;
  }
}
