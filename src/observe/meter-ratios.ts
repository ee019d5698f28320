import type { HostId } from '../domain/host.ts';
import { ON, type PowerModel, wattsAt } from '../domain/power.ts';
import { CPU } from '../domain/resources.ts';
import type { HostColumns, Snapshot } from '../domain/snapshot.ts';
import { MINUTE } from '../domain/units.ts';
import type { Measurements } from './measurements.ts';

interface Learnt {
  ratio: number;
  readings: number;
  atMs: number;
  /** What the model is multiplied by, as a whole number of steps. */
  step: number;
}

/** A mean still remembers what was before a switch. */
const SETTLED_AFTER_MS = 5 * MINUTE;
const LEAST_READINGS = 10;
/** How long ago a reading was, that counts for a third of what a new one does. */
const MEMORY_MS = 15 * MINUTE;
/** Models change in steps, and not for every flicker: what costs differently each minute is decided differently each minute. */
const STEP = 1.1;
const LEAVES_STEP = 0.75;
/** A meter that says anything beyond is not measuring this host, or in another unit. */
const LEAST_RATIO = 0.5;
const MOST_RATIO = 2;

/** How much more or less each host draws than its power model says, learnt from its own meter. */
export class MeterRatios {
  readonly #learnt = new Map<HostId, Learnt>();

  learn({ hosts, pools }: Snapshot, measured: Measurements, atMs: number): void {
    const { mean: watts } = measured.series('powerWatts').windows.fast;
    const { mean: mhz } = measured.series('cpuMhz').windows.fast;
    for (let h = 0; h < hosts.ids.length; h++) {
      const row = measured.rowAt[h]!;
      if (!isSettled(hosts, h, atMs) || !measured.isFresh('powerWatts', row, atMs)) continue;
      if (!measured.isFresh('cpuMhz', row, atMs)) continue;
      const expected = wattsAt(pools.powerModels[hosts.powerModel[h]!]!, mhz[row]! / hosts.capacity[CPU]![h]!);
      this.#take(hosts.ids[h]!, watts[row]! / expected, atMs);
    }
    if (this.#learnt.size > hosts.ids.length) {
      for (const id of this.#learnt.keys()) if (!hosts.index.has(id)) this.#learnt.delete(id);
    }
  }

  /** The snapshot, with the power models of hosts that draw otherwise put right. */
  applyTo(base: Snapshot): Snapshot {
    const { hosts, pools } = base;
    const powerModels = [...pools.powerModels];
    const powerModel = Uint32Array.from({ length: hosts.ids.length }, (_, h) => hosts.powerModel[h]!);
    const scaled = new Map<string, number>();
    for (const [id, { step }] of this.#learnt) {
      const h = hosts.index.get(id);
      if (h === undefined || step === 0) continue;
      const model = powerModel[h]!;
      const key = `${model} ${step}`;
      const number = scaled.get(key) ?? powerModels.push(multiplied(powerModels[model]!, STEP ** step)) - 1;
      scaled.set(key, number);
      powerModel[h] = number;
    }
    return scaled.size === 0 ? base : { ...base, hosts: { ...hosts, powerModel }, pools: { ...pools, powerModels } };
  }

  #take(id: HostId, ratio: number, atMs: number): void {
    if (!(ratio >= LEAST_RATIO && ratio <= MOST_RATIO)) return;
    const learnt = this.#learnt.get(id);
    if (learnt === undefined) {
      this.#learnt.set(id, { ratio, readings: 1, atMs, step: 0 });
      return;
    }
    const weight = 1 - Math.exp(-Math.max(0, atMs - learnt.atMs) / MEMORY_MS);
    learnt.ratio += weight * (ratio - learnt.ratio);
    learnt.readings++;
    learnt.atMs = atMs;
    const steps = Math.log(learnt.ratio) / Math.log(STEP);
    if (learnt.readings >= LEAST_READINGS && Math.abs(steps - learnt.step) > LEAVES_STEP)
      learnt.step = Math.round(steps);
  }
}

function isSettled(hosts: HostColumns, h: number, atMs: number): boolean {
  return hosts.power[h] === ON && atMs - hosts.lastPowerChangeAtMs[h]! >= SETTLED_AFTER_MS;
}

const multiplied = (model: PowerModel, factor: number): PowerModel => ({
  ...model,
  watts: model.watts.map((watts) => watts * factor),
});
