import { type Change, changeWords } from '../../domain/change.ts';
import type { Compared } from '../comparison.ts';
import { type Estimate, isShown } from '../estimate.ts';
import { KPI_ROWS, type KpiRow } from '../kpi-list.ts';
import type { Deed } from '../run.ts';
import { colourOf } from './charts.ts';
import { escaped } from './html.ts';
import { timeWords } from './scale.ts';

export function kpiTable(compared: readonly Compared[], currency: string): string {
  const heads = compared.map(({ contender }, index) => {
    const swatch = `<i class="swatch ${colourOf(index)}"></i>`;
    return `<th>${swatch}${escaped(contender)}</th>${index === 0 ? '' : '<th class="quiet">difference</th>'}`;
  });
  const rows = KPI_ROWS.map((row, index) => {
    const unit = row.unit === 'money' ? currency : row.unit;
    const isPart = row.title.startsWith(' ');
    const cells = compared.map(({ kpis }, contender) => {
      const { is, difference } = kpis[index]!;
      const own = `<td>${words(is, row.digits)}</td>`;
      return contender === 0
        ? own
        : `${own}<td class="${verdictOn(row, difference)}">${words(difference, row.digits, '+')}</td>`;
    });
    return `<tr${isPart ? ' class="part"' : ''}><th title="${escaped(row.about)}">${escaped(row.title.trim())}</th><td class="unit">${escaped(unit)}</td>${cells.join('')}</tr>`;
  });
  return `<div class="card scroll"><table class="kpis"><thead><tr><th></th><th></th>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function words(estimate: Estimate | null, digits: number, plus = ''): string {
  if (estimate === null) return '–';
  const { mean, margin } = estimate;
  const sure = margin === null ? '' : ` <small>± ${margin.toFixed(digits)}</small>`;
  return `${mean > 0 ? plus : ''}${mean.toFixed(digits)}${sure}`;
}

function verdictOn({ wanted }: KpiRow, difference: Estimate | null): string {
  if (wanted === 'either' || difference === null || !isShown(difference)) return '';
  return difference.mean < 0 === (wanted === 'less') ? 'good' : 'bad';
}

const MOST_CHANGES = 4;

/** What was decided and done, by what it saved while it lasted. */
export function deedTable(deeds: readonly Deed[], currency: string): string {
  if (deeds.length === 0) return '<p class="quiet">Nothing was done.</p>';
  const rows = deeds.map(
    (deed) =>
      `<tr><td>${deed.worth.toFixed(2)} ${escaped(currency)}</td><td>${timeWords(deed.atMs)}</td><td>${deed.lastedHours.toFixed(1)} h</td><td>${escaped(changesWords(deed.changes))}</td><td class="quiet">${escaped(deed.because)}</td></tr>`,
  );
  return `<div class="card scroll"><table class="deeds"><thead><tr><th>worth</th><th>done</th><th>lasted</th><th>what</th><th>why</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function changesWords(changes: readonly Change[]): string {
  const shown = changes.slice(0, MOST_CHANGES).map(changeWords).join('; ');
  return changes.length > MOST_CHANGES ? `${shown}; and ${changes.length - MOST_CHANGES} more` : shown;
}
