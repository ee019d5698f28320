import { HOUR } from '../../domain/units.ts';
import type { CostByTerm } from '../../simulator/kpis.ts';
import type { Run, Series } from '../run.ts';

/** More points than this nobody can see. */
const MOST_POINTS = 240;

/** What a contender's runs looked like over time: the mean over its seeds, in as many points as can be seen. */
export interface Curves {
  readonly contender: string;
  readonly atMs: readonly number[];
  readonly kilowatts: readonly number[];
  readonly hostsOn: readonly number[];
  readonly loadLow: readonly number[];
  readonly loadMiddle: readonly number[];
  readonly loadHigh: readonly number[];
  readonly loadMost: readonly number[];
  readonly migrationsPerHour: readonly number[];
  readonly starvedCores: readonly number[];
  readonly costPerHour: { readonly [Term in keyof CostByTerm]: readonly number[] };
}

export function curvesOf(runs: readonly Run[]): Curves[] {
  return [...new Set(runs.map(({ contender }) => contender))].map((contender) => {
    const own = runs.filter((run) => run.contender === contender).map(({ series }) => series);
    return { contender, ...meanCurves(own) };
  });
}

function meanCurves(all: readonly Series[]): Omit<Curves, 'contender'> {
  const [first] = all;
  const { length } = first!.atMs;
  const width = Math.max(1, Math.ceil(length / MOST_POINTS));
  const thin = (read: (series: Series) => readonly number[], scale = 1) => {
    const count = Math.ceil(length / width);
    return Array.from({ length: count }, (_, point) => {
      const from = point * width;
      const values = all.flatMap((series) => read(series).slice(from, from + width));
      return (scale * values.reduce((sum, value) => sum + value, 0)) / values.length;
    });
  };
  const hours = length < 2 ? 1 : (first!.atMs[1]! - first!.atMs[0]!) / HOUR;
  return {
    atMs: first!.atMs.filter((_, point) => point % width === 0),
    kilowatts: thin(({ watts }) => watts, 1 / 1000),
    hostsOn: thin(({ hostsOn }) => hostsOn),
    loadLow: thin(({ loadLow }) => loadLow),
    loadMiddle: thin(({ loadMiddle }) => loadMiddle),
    loadHigh: thin(({ loadHigh }) => loadHigh),
    loadMost: thin(({ loadMost }) => loadMost),
    migrationsPerHour: thin(({ migrations }) => migrations, 1 / hours),
    starvedCores: thin(({ starvedCores }) => starvedCores),
    costPerHour: {
      energy: thin(({ costPerHour }) => costPerHour.energy),
      starvation: thin(({ costPerHour }) => costPerHour.starvation),
      traffic: thin(({ costPerHour }) => costPerHour.traffic),
      migrations: thin(({ costPerHour }) => costPerHour.migrations),
      switching: thin(({ costPerHour }) => costPerHour.switching),
    },
  };
}
