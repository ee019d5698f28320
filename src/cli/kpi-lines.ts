import { type Compared, compare } from '../contest/comparison.ts';
import { type Estimate, isShown } from '../contest/estimate.ts';
import { KPI_ROWS, type KpiRow } from '../contest/kpi-list.ts';
import type { Run } from '../contest/run.ts';
import { table } from './table.ts';

const ALL = KPI_ROWS.map(({ key }) => key);

/** The figures of runs: a row for each KPI that is to be shown, a column for each contender, and beside it how far it is from the first. */
export function kpiLines(runs: readonly Run[], currency: string, shown: readonly string[] = ALL): string[] {
  const compared = compare(runs);
  const others = compared.slice(1);
  const columns = [
    { title: '' },
    { title: '' },
    ...compared.flatMap(({ contender }, index) => {
      const own = { title: contender, align: 'right' as const };
      return index === 0 ? [own] : [own, { title: 'difference', align: 'right' as const }, { title: '' }];
    }),
  ];
  const rows = KPI_ROWS.filter(({ key }) => shown.includes(key)).map((row) => [
    row.title,
    unitOf(row, currency),
    ...cellsOf(row, compared),
  ]);
  return [...table(columns, rows), ...(others.length === 0 ? [] : ['', footnote(compared[0]!)])];
}

function footnote({ seeds, contender }: Compared): string {
  const over = seeds.length === 1 ? 'one seed, which shows no more than one case' : `${seeds.length} seeds`;
  return `Differences are from ${contender}, over ${over}; ± is where the true mean is in 95 of 100 cases, ✓ and ✗ are beyond chance.`;
}

const unitOf = ({ unit }: KpiRow, currency: string) => (unit === 'money' ? currency : unit);

function cellsOf(row: KpiRow, compared: readonly Compared[]): string[] {
  return compared.flatMap(({ kpis }, contender) => {
    const { is, difference } = kpis.find(({ key }) => key === row.key)!;
    const own = estimateWords(is, row.digits);
    return contender === 0 ? [own] : [own, estimateWords(difference, row.digits, '+'), mark(row, difference)];
  });
}

function estimateWords(estimate: Estimate | null, digits: number, plus = ''): string {
  if (estimate === null) return '–';
  const { mean, margin } = estimate;
  const sign = mean > 0 ? plus : '';
  return `${sign}${mean.toFixed(digits)}${margin === null ? '' : ` ± ${margin.toFixed(digits)}`}`;
}

function mark({ wanted }: KpiRow, difference: Estimate | null): string {
  if (wanted === 'either' || difference === null || !isShown(difference)) return '';
  return difference.mean < 0 === (wanted === 'less') ? '✓' : '✗';
}
