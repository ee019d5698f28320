import { DAY, HOUR } from '../../domain/units.ts';

export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

const TICKS = 4;

/** From zero, or from below it where there is something, to a round number above all of these. */
export function scaleFor(values: readonly number[]): Scale {
  const most = values.reduce((max, value) => Math.max(max, value), 0);
  const least = values.reduce((min, value) => Math.min(min, value), 0);
  if (most === least) return { low: 0, high: 1, ticks: [0, 1] };
  const step = roundStep((most - least) / TICKS);
  const low = Math.floor(least / step) * step;
  const high = Math.max(Math.ceil(most / step) * step, low + step);
  const count = Math.round((high - low) / step);
  return { low, high, ticks: Array.from({ length: count + 1 }, (_, tick) => low + tick * step) };
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough * 0.999) ?? 10;
  return factor * power;
}

const TIME_STEPS_MS = [HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY];
const MOST_TIME_TICKS = 9;

export function timeTicks(fromMs: number, toMs: number): readonly number[] {
  const stepMs = TIME_STEPS_MS.find((each) => (toMs - fromMs) / each <= MOST_TIME_TICKS) ?? toMs - fromMs;
  const first = Math.ceil(fromMs / stepMs) * stepMs;
  const count = Math.floor((toMs - first) / stepMs) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, tick) => first + tick * stepMs);
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const EPOCH_WEEKDAY = 4;
const MINUTES_PER_HOUR = 60;

/** "Mon 06:00", in UTC. */
export function timeWords(atMs: number): string {
  const day = Math.floor(atMs / DAY);
  const minutes = Math.floor((atMs - day * DAY) / (HOUR / MINUTES_PER_HOUR));
  const two = (part: number) => String(part).padStart(2, '0');
  const weekday = WEEKDAYS[(((day + EPOCH_WEEKDAY) % WEEKDAYS.length) + WEEKDAYS.length) % WEEKDAYS.length]!;
  return `${weekday} ${two(Math.floor(minutes / MINUTES_PER_HOUR))}:${two(minutes % MINUTES_PER_HOUR)}`;
}

/** As many digits as matter beside the others on the same axis. */
export function axisWords(value: number): string {
  const size = Math.abs(value);
  if (size >= 10_000) return `${Number((value / 1000).toPrecision(3))}k`;
  return String(Number(value.toPrecision(3)));
}
