import type { Change } from '../domain/change.ts';
import type { CostByTerm, Kpis } from '../simulator/kpis.ts';

/** What only the loop itself knows of a run. */
export interface LoopFigures {
  readonly cycles: number;
  /** Rules that came to be broken, and for how long all of them were, added up. */
  readonly ruleViolations: number;
  readonly ruleViolationHours: number;
  /** How far the forecast of each VM for "soon" was off, of what was wanted then; null: nothing came due. */
  readonly forecastErrorShare: number | null;
  /** What policies reckoned that the datacenter cost, by their own terms. */
  readonly reckonedCostByTerm: Readonly<Record<string, number>>;
}

/** One figure for each point in time; what is told per span holds for the span that ends there. */
export interface Series {
  readonly atMs: readonly number[];
  readonly watts: readonly number[];
  readonly hostsOn: readonly number[];
  /** How busy the hosts are that are on: of the least busy twentieth, the middle, the busiest twentieth, the busiest. */
  readonly loadLow: readonly number[];
  readonly loadMiddle: readonly number[];
  readonly loadHigh: readonly number[];
  readonly loadMost: readonly number[];
  readonly migrations: readonly number[];
  readonly starvedCores: readonly number[];
  readonly costPerHour: { readonly [Term in keyof CostByTerm]: readonly number[] };
}

/** Something that was decided and done, and what came of it. */
export interface Deed {
  readonly atMs: number;
  readonly policy: string;
  readonly changes: readonly Change[];
  readonly because: string;
  readonly savingPerHour: number;
  readonly onceCost: number;
  /** Until one of its changes was undone, or the run ended. */
  readonly lastedHours: number;
  /** What it saved while it lasted, by what was reckoned when it was decided. */
  readonly worth: number;
}

/** One contender on one scenario. */
export interface Run {
  readonly contender: string;
  readonly seed: number;
  readonly kpis: Kpis;
  readonly loop: LoopFigures;
  readonly series: Series;
  /** Those of most worth, the best first. */
  readonly deeds: readonly Deed[];
}
