import { type Estimate, estimateOf } from './estimate.ts';
import { KPI_ROWS, type KpiRow } from './kpi-list.ts';
import type { Run } from './run.ts';

export interface ComparedKpi {
  readonly key: string;
  /** Null: no run has anything to say of it. */
  readonly is: Estimate | null;
  /** Seed by seed, less what the first contender had; null for the first itself. */
  readonly difference: Estimate | null;
}

export interface Compared {
  readonly contender: string;
  readonly seeds: readonly number[];
  readonly kpis: readonly ComparedKpi[];
}

/** Contenders in the order in which they come, each against the first. */
export function compare(runs: readonly Run[]): Compared[] {
  const names = [...new Set(runs.map(({ contender }) => contender))];
  const first = runs.filter(({ contender }) => contender === names[0]);
  return names.map((name) => {
    const own = runs.filter(({ contender }) => contender === name);
    return {
      contender: name,
      seeds: own.map(({ seed }) => seed),
      kpis: KPI_ROWS.map((row) => comparedKpi(row, own, own[0] === first[0] ? [] : first)),
    };
  });
}

function comparedKpi(row: KpiRow, own: readonly Run[], first: readonly Run[]): ComparedKpi {
  const told = (values: readonly (number | null)[]) => values.filter((value) => value !== null);
  const is = told(own.map(row.of));
  const differences = told(own.map((run) => differenceOf(row, run, first)));
  return {
    key: row.key,
    is: is.length === 0 ? null : estimateOf(is),
    difference: differences.length === 0 ? null : estimateOf(differences),
  };
}

function differenceOf(row: KpiRow, run: Run, first: readonly Run[]): number | null {
  const other = first.find(({ seed }) => seed === run.seed);
  const [mine, theirs] = [row.of(run), other === undefined ? null : row.of(other)];
  return mine === null || theirs === null ? null : mine - theirs;
}
