import { escaped, scriptJson } from './html.ts';
import { axisWords, type Scale, scaleFor, timeTicks, timeWords } from './scale.ts';

export interface Line {
  readonly name: string;
  /** Of the style sheet: which colour. */
  readonly colour: string;
  readonly values: readonly number[];
  /** What a pointer reads; absent: the values as drawn. */
  readonly read?: readonly number[];
  /** Read by a pointer only: no legend, nothing drawn. */
  readonly isHidden?: boolean;
  /** Drawn only: a pointer does not read it. */
  readonly isUnread?: boolean;
  /** Filled down to these values, or to the bottom. */
  readonly fillTo?: readonly number[] | 'bottom';
  /** Drawn as an area without an edge, as a dashed line; otherwise as a plain one. */
  readonly drawn?: 'area' | 'dashed';
}

export interface Chart {
  readonly title: string;
  readonly about: string;
  readonly unit: string;
  readonly atMs: readonly number[];
  readonly lines: readonly Line[];
  /** Of all charts that should be seen against the same height; absent: its own. */
  readonly scale?: Scale;
}

const WIDTH = 640;
const HEIGHT = 240;
const LEFT = 46;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 24;
/** Half of what the words of a time take. */
const HALF_A_TIME = 30;

/** A figure with axes, lines, and a legend; the page's script lets a pointer read it. */
export function chartOf(chart: Chart): string {
  const { title, about, unit, atMs, lines } = chart;
  const { scale = scaleFor(lines.flatMap(({ values }) => [...values])) } = chart;
  const places = placesOn(atMs, scale);
  const drawn = lines.map((line) => lineOf(line, places)).join('');
  const read = {
    left: LEFT,
    right: WIDTH - RIGHT,
    unit,
    times: atMs.map(timeWords),
    lines: lines
      .filter(({ isUnread }) => isUnread !== true)
      .map(({ name, colour, values, read = values }) => ({ name, colour, values: read.map(readable) })),
  };
  return `<figure class="chart"><figcaption><h3>${escaped(title)} <small>${escaped(unit)}</small></h3><p>${escaped(about)}</p></figcaption>
<div class="plot"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">${axes(atMs, scale, places)}${drawn}<line class="reader" y1="${TOP}" y2="${HEIGHT - BOTTOM}" hidden/></svg><output class="tip" hidden></output></div>
${legend(lines)}<script type="application/json">${scriptJson(read)}</script></figure>`;
}

const READ_DIGITS = 4;
const readable = (value: number) => Number(value.toPrecision(READ_DIGITS));

interface Places {
  x(point: number): number;
  xAt(atMs: number): number;
  y(value: number): number;
}

function placesOn(atMs: readonly number[], { low, high }: Scale): Places {
  const from = atMs[0] ?? 0;
  const span = (atMs.at(-1) ?? 1) - from || 1;
  const xAt = (at: number) => LEFT + ((at - from) / span) * (WIDTH - LEFT - RIGHT);
  return {
    xAt,
    x: (point) => xAt(atMs[point]!),
    y: (value) => HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM),
  };
}

function axes(atMs: readonly number[], { ticks }: Scale, { xAt, y }: Places): string {
  const across = ticks.map(
    (tick) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(tick))}" y2="${at(y(tick))}"/><text class="y" x="${LEFT - 6}" y="${at(y(tick) + 4)}">${axisWords(tick)}</text>`,
  );
  const ticksInSight = timeTicks(atMs[0] ?? 0, atMs.at(-1) ?? 0).filter((tick) => xAt(tick) < WIDTH - HALF_A_TIME);
  const times = ticksInSight.map(
    (tick) => `<text class="x" x="${at(xAt(tick))}" y="${HEIGHT - 7}">${timeWords(tick)}</text>`,
  );
  return `${across.join('')}${times.join('')}`;
}

function lineOf({ colour, values, fillTo, drawn, isHidden }: Line, { x, y }: Places): string {
  if (isHidden === true) return '';
  const along = values.map((value, point) => `${at(x(point))},${at(y(value))}`);
  const area = fillTo === undefined ? '' : areaOf(along, values, fillTo, { x, y });
  const filled = area === '' ? '' : `<path class="area ${colour}" d="${area}"/>`;
  if (drawn === 'area') return filled;
  return `${filled}<polyline class="line ${colour} ${drawn ?? ''}" points="${along.join(' ')}"/>`;
}

function areaOf(
  along: readonly string[],
  values: readonly number[],
  fillTo: readonly number[] | 'bottom',
  { x, y }: Pick<Places, 'x' | 'y'>,
): string {
  if (along.length === 0) return '';
  const back = values.map((_, point) => `${at(x(point))},${at(y(fillTo === 'bottom' ? 0 : fillTo[point]!))}`).reverse();
  return `M${along.join('L')}L${back.join('L')}Z`;
}

const at = (place: number): string => String(Math.round(place * 10) / 10);

function legend(all: readonly Line[]): string {
  const lines = all.filter(({ isHidden }) => isHidden !== true);
  const entries = lines.map(({ name, colour }) => `<li><i class="swatch ${colour}"></i>${escaped(name)}</li>`);
  return lines.length < 2 ? '' : `<ul class="legend">${entries.join('')}</ul>`;
}
