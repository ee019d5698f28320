import { type Chart, chartOf, type Line } from './chart.ts';
import type { Curves } from './curves.ts';
import { type Scale, scaleFor } from './scale.ts';

const COLOURS = 8;
const PER_CENT = 100;

/** One colour for each contender, the same everywhere on the page. */
export const colourOf = (index: number): string => `c${(index % COLOURS) + 1}`;

type Column = Exclude<keyof Curves, 'contender' | 'atMs' | 'costPerHour'>;

/** One line for each contender. */
function across(curves: readonly Curves[], column: Column, words: Pick<Chart, 'title' | 'about' | 'unit'>): string {
  const lines = curves.map((curve, index): Line => {
    return { name: curve.contender, colour: colourOf(index), values: curve[column] };
  });
  return chartOf({ ...words, atMs: curves[0]!.atMs, lines });
}

export function sharedCharts(curves: readonly Curves[]): string[] {
  return [
    across(curves, 'kilowatts', { title: 'Power', unit: 'kW', about: 'Drawn by all hosts, booting ones too' }),
    across(curves, 'hostsOn', { title: 'Hosts on', unit: 'hosts', about: 'Ready to run guests' }),
    across(curves, 'starvedCores', {
      title: 'Starvation',
      unit: 'cores',
      about: 'Processors that guests wanted and did not get',
    }),
    across(curves, 'migrationsPerHour', {
      title: 'Migrations',
      unit: 'per hour',
      about: 'That came to their end, at the pace of an hour',
    }),
  ];
}

/** A chart for each contender, all of one height. */
export function loadCharts(curves: readonly Curves[]): string[] {
  const scale: Scale = { low: 0, high: PER_CENT, ticks: [0, 25, 50, 75, PER_CENT] };
  return curves.map((curve, index) => {
    const colour = colourOf(index);
    const [low, middle, high, most] = [curve.loadLow, curve.loadMiddle, curve.loadHigh, curve.loadMost].map((values) =>
      values.map((value) => Math.min(PER_CENT, PER_CENT * value)),
    );
    return chartOf({
      title: curve.contender,
      about: 'How busy the processors of the hosts are that are on',
      unit: '%',
      atMs: curve.atMs,
      scale,
      lines: [
        { name: 'busiest host', colour: 'hot', values: most!, drawn: 'dashed' },
        { name: 'busiest twentieth', colour, values: high!, isHidden: true },
        {
          name: 'nine of ten hosts',
          colour: `${colour} band`,
          values: high!,
          fillTo: low!,
          drawn: 'area',
          isUnread: true,
        },
        { name: 'the middle one', colour, values: middle! },
        { name: 'least busy twentieth', colour, values: low!, isHidden: true },
      ],
    });
  });
}

const TERMS = ['energy', 'starvation', 'traffic', 'migrations', 'switching'] as const;

/** What each contender paid per hour and for what, one on top of the other, all of one height. */
export function costCharts(curves: readonly Curves[], currency: string): string[] {
  const piles = curves.map(({ costPerHour }) => pileUp(TERMS.map((term) => costPerHour[term])));
  const scale = scaleFor(piles.flatMap((pile) => [...(pile.at(-1) ?? [])]));
  return curves.map((curve, index) => {
    const pile = piles[index]!;
    const lines = TERMS.map((name, term): Line => {
      const below = term === 0 ? ('bottom' as const) : pile[term - 1]!;
      return {
        name,
        colour: `t${term + 1}`,
        values: pile[term]!,
        read: curve.costPerHour[name],
        fillTo: below,
        drawn: 'area',
      };
    });
    return chartOf({
      title: curve.contender,
      about: 'What it cost, by what for; each lies on the one before it',
      unit: `${currency} per hour`,
      atMs: curve.atMs,
      scale,
      lines,
    });
  });
}

function pileUp(columns: readonly (readonly number[])[]): number[][] {
  const pile: number[][] = [];
  for (const column of columns) {
    const below = pile.at(-1);
    pile.push(column.map((value, point) => value + (below?.[point] ?? 0)));
  }
  return pile;
}
