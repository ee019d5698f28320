import type { Compared } from '../comparison.ts';
import { isShown } from '../estimate.ts';
import { KPI_ROWS } from '../kpi-list.ts';
import { escaped } from './html.ts';

const SHOWN = ['cost', 'energyKwh', 'starvedCoreHours', 'migrations', 'hostHoursOn', 'gbAcrossRacks', 'sessionsMoved'];
const PER_CENT = 100;
/** Beyond this a bar only says: far. */
const MOST_PER_CENT = 100;
const WIDTH = 300;
const HALF = WIDTH / 2;

/** How far a contender is from the first, figure by figure, as shares of what the first had, and how sure that is. */
export function forestOf(first: Compared, other: Compared, colour: string): string {
  const rows = SHOWN.map((key) => rowOf(key, first, other, colour)).join('');
  return `<section class="card forest"><h3><i class="swatch ${colour}"></i>${escaped(other.contender)} <small>against ${escaped(first.contender)}</small></h3>
<table><thead><tr><th></th><th class="axis"><span>−${MOST_PER_CENT} %</span><span>0</span><span>+${MOST_PER_CENT} %</span></th><th></th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

function rowOf(key: string, first: Compared, other: Compared, colour: string): string {
  const { title, wanted } = KPI_ROWS.find((row) => row.key === key)!;
  const base = first.kpis.find((kpi) => kpi.key === key)!.is?.mean ?? 0;
  const { difference } = other.kpis.find((kpi) => kpi.key === key)!;
  if (difference === null || base === 0) {
    const words =
      difference === null || difference.mean === 0 ? 'the same' : `from nothing to ${difference.mean.toFixed(0)}`;
    return `<tr><th>${escaped(title.trim())}</th><td></td><td class="quiet">${words}</td></tr>`;
  }
  const mean = (PER_CENT * difference.mean) / base;
  const margin = difference.margin === null ? 0 : (PER_CENT * difference.margin) / base;
  const verdict = !isShown(difference) ? '' : mean < 0 === (wanted === 'less') ? 'good' : 'bad';
  const words = `${mean > 0 ? '+' : ''}${mean.toFixed(1)} %${difference.margin === null ? '' : ` ± ${margin.toFixed(1)}`}`;
  return `<tr><th>${escaped(title.trim())}</th><td>${bar(mean, margin, colour)}</td><td class="${verdict}">${words}</td></tr>`;
}

function bar(mean: number, margin: number, colour: string): string {
  const x = (value: number) => HALF + (Math.max(-MOST_PER_CENT, Math.min(MOST_PER_CENT, value)) / MOST_PER_CENT) * HALF;
  const at = (value: number) => x(value).toFixed(1);
  return `<svg viewBox="0 0 ${WIDTH} 16" class="bar"><line class="grid" x1="${HALF}" x2="${HALF}" y1="0" y2="16"/><rect class="${colour}" x="${Math.min(HALF, x(mean)).toFixed(1)}" width="${Math.abs(x(mean) - HALF).toFixed(1)}" y="4" height="8" rx="1"/><line class="whisker" x1="${at(mean - margin)}" x2="${at(mean + margin)}" y1="8" y2="8"/></svg>`;
}
