import type { Series } from '../../contest/run.ts';
import type { Prices } from '../../domain/profile.ts';
import { HOUR } from '../../domain/units.ts';
import { type CostByTerm, costOf } from '../../simulator/kpis.ts';
import type { Readings, VirtualDatacenter } from '../../simulator/virtual-datacenter.ts';

type Growing<T> = { -readonly [K in keyof T]: T[K] extends readonly number[] ? number[] : Growing<T[K]> };

const LOW = 0.05;
const MIDDLE = 0.5;
const HIGH = 0.95;

/** Looks at a datacenter now and then, and keeps what can be drawn over time. */
export class SeriesBook {
  readonly #prices: Prices;
  readonly #series: Growing<Series> = {
    atMs: [],
    watts: [],
    hostsOn: [],
    loadLow: [],
    loadMiddle: [],
    loadHigh: [],
    loadMost: [],
    migrations: [],
    starvedCores: [],
    costPerHour: { energy: [], starvation: [], traffic: [], migrations: [], switching: [] },
  };
  #last: Readings | undefined;

  constructor(prices: Prices) {
    this.#prices = prices;
  }

  look(datacenter: VirtualDatacenter): void {
    const readings = datacenter.readings();
    if (this.#last !== undefined) this.#note(datacenter, this.#last, readings);
    this.#last = readings;
  }

  get series(): Series {
    return this.#series;
  }

  #note(datacenter: VirtualDatacenter, last: Readings, now: Readings): void {
    const series = this.#series;
    const hours = (now.atMs - last.atMs) / HOUR;
    if (hours === 0) return;
    const shares = datacenter
      .hostShares()
      .filter((share) => !Number.isNaN(share))
      .sort();
    const at = (place: number) => shares[Math.round(place * (shares.length - 1))] ?? 0;
    const moved = ({ tallied }: Readings) => tallied.liveMigrations + tallied.quickMigrations;
    series.atMs.push(now.atMs);
    series.watts.push((now.energyWattHours - last.energyWattHours) / hours);
    series.hostsOn.push(shares.length);
    series.loadLow.push(at(LOW));
    series.loadMiddle.push(at(MIDDLE));
    series.loadHigh.push(at(HIGH));
    series.loadMost.push(at(1));
    series.migrations.push(moved(now) - moved(last));
    series.starvedCores.push((now.starvedCoreHours - last.starvedCoreHours) / hours);
    const [before, after] = [costOf(last, this.#prices), costOf(now, this.#prices)];
    for (const term of Object.keys(after) as (keyof CostByTerm)[]) {
      series.costPerHour[term].push((after[term] - before[term]) / hours);
    }
  }
}
