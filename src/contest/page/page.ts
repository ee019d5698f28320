import { type Compared, compare } from '../comparison.ts';
import type { Run } from '../run.ts';
import { colourOf, costCharts, loadCharts, sharedCharts } from './charts.ts';
import { curvesOf } from './curves.ts';
import { forestOf } from './forest.ts';
import { escaped } from './html.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { deedTable, kpiTable } from './tables.ts';

export interface PageWords {
  /** What was lived through, a sentence each. */
  readonly about: readonly string[];
  readonly currency: string;
}

/** Runs as a page that needs nothing but a browser: no network, no other file. */
export function pageOf(runs: readonly Run[], { about, currency }: PageWords): string {
  const compared = compare(runs);
  const names = compared.map(({ contender }) => contender);
  const title = names.length === 1 ? `A run of ${names[0]}` : names.join(' · ');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Drover: ${escaped(title)}</title><style>${STYLE}</style></head><body>
<header><h1>${escaped(title)}</h1>${about.map((sentence) => `<p>${escaped(sentence)}</p>`).join('')}</header>
<section class="cards">${compared.map((each, index) => leadOf(each, index, currency)).join('')}</section>
${differences(compared)}${overTime(runs, currency)}
<h2>Every figure</h2><p>${escaped(howSure(compared))}</p>${kpiTable(compared, currency)}
${deeds(runs, currency)}
<footer>Made by drover on virtual time. Times are UTC.</footer><script>${SCRIPT}</script></body></html>
`;
}

/** The figures that people ask for first. */
function leadOf({ contender, kpis }: Compared, index: number, currency: string): string {
  const mean = (key: string) => kpis.find((kpi) => kpi.key === key)!.is?.mean ?? 0;
  return `<section class="card lead ${colourOf(index)}"><h3>${escaped(contender)}</h3>
<b>${mean('cost').toFixed(2)} <small>${escaped(currency)}</small></b>
<p>${mean('energyKwh').toFixed(1)} kWh, ${mean('starvedCoreHours').toFixed(2)} core-hours starved</p>
<p class="quiet">${mean('migrations').toFixed(0)} migrations, ${mean('powerCycles').toFixed(0)} power cycles, ${mean('ruleViolations').toFixed(0)} rule violations</p></section>`;
}

function differences([first, ...others]: readonly Compared[]): string {
  if (others.length === 0) return '';
  const forests = others.map((other, index) => forestOf(first!, other, colourOf(index + 1)));
  return `<h2>What differs</h2><p>As shares of what ${escaped(first!.contender)} had; the whisker is where the true mean is in 95 of 100 cases, and what is beyond chance is green or red.</p>
<div class="grid2">${forests.join('')}</div>`;
}

function overTime(runs: readonly Run[], currency: string): string {
  const curves = curvesOf(runs);
  return `<h2>Over time</h2><p>Means over all seeds. Point at a chart to read it.</p><div class="grid2">${sharedCharts(curves).join('')}</div>
<h2>Distribution of load</h2><p>The band holds nine of ten hosts that are on.</p><div class="grid2">${loadCharts(curves).join('')}</div>
<h2>Cost by term</h2><p>Metered, at the prices that decisions are made by.</p><div class="grid2">${costCharts(curves, currency).join('')}</div>`;
}

function howSure([first]: readonly Compared[]): string {
  const count = first!.seeds.length;
  return count === 1
    ? 'One seed: differences are those of one case, and nobody can say what chance had to do with them.'
    : `Means over ${count} seeds, each contender on the same ones; ± is where the true mean is in 95 of 100 cases.`;
}

function deeds(runs: readonly Run[], currency: string): string {
  const [{ seed }] = runs as readonly [Run];
  const own = runs.filter((run) => run.seed === seed);
  const parts = own.map(
    (run, index) =>
      `<details${index === own.length - 1 ? ' open' : ''}><summary>${escaped(run.contender)}</summary>${deedTable(run.deeds, currency)}</details>`,
  );
  return `<h2>The moves that made the difference</h2><p>By what each saved while it lasted, as it was reckoned when it was decided; seed ${seed}.</p>${parts.join('')}`;
}
