/**
 * How far forecasts are off, half an hour and two hours ahead, for each candidate method and for the one that Drover
 * uses. Loads are generated (days that are all alike, and weeks with quiet weekends); with a folder of traces as argument
 * (gzipped CSV, one file per day, a name and 288 values per line) also the VMs that are in every file, the days taken as
 * following one another.
 * Prints one line of JSON: WAPE (sum of errors over sum of values), MAPE over values of 5 % of the largest and more, and
 * how many of a hundred values were in the band that should hold eighty.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { DAY, MINUTE } from '../../src/domain/units.ts';
import { Forecast } from '../../src/observe/forecast.ts';
import { generateLoads, loadAt } from '../../src/simulator/load.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { aVm } from '../kit/fleet.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { vms: { type: 'string', default: '300' }, json: { type: 'boolean' } },
});

const STEP_MS = 5 * MINUTE;
const PER_DAY = DAY / STEP_MS;
const AHEAD = { soon: 6, later: 24 } as const;
type Horizon = keyof typeof AHEAD;
const HORIZONS = ['soon', 'later'] as const;

/** Values of one VM, one per step; scored from the day given on. */
interface Trace {
  readonly name: string;
  readonly series: readonly Float64Array[];
  readonly scoredFromDay: number;
}

/** Learns value by value, and says what comes so many steps later; NaN: nothing to say yet. */
interface Candidate {
  learn(value: number): void;
  ahead(steps: number): number;
}

class Naive implements Candidate {
  #value = Number.NaN;
  learn(value: number): void {
    this.#value = value;
  }
  ahead(): number {
    return this.#value;
  }
}

class Smoothed implements Candidate {
  #level = Number.NaN;
  learn(value: number): void {
    this.#level = Number.isNaN(this.#level) ? value : this.#level + 0.1 * (value - this.#level);
  }
  ahead(): number {
    return this.#level;
  }
}

class SeasonalNaive implements Candidate {
  readonly #values: number[] = [];
  learn(value: number): void {
    this.#values.push(value);
  }
  ahead(steps: number): number {
    return this.#values[this.#values.length - 1 + steps - PER_DAY] ?? Number.NaN;
  }
}

/** The median of what was within a quarter of an hour of that time on the days before. */
class LikeHours implements Candidate {
  readonly #values: number[] = [];
  learn(value: number): void {
    this.#values.push(value);
  }
  ahead(steps: number): number {
    const wanted = this.#values.length - 1 + steps;
    const like: number[] = [];
    for (let at = wanted - PER_DAY; at >= 0; at -= PER_DAY)
      like.push(...this.#values.slice(Math.max(0, at - 3), at + 4));
    return like.length === 0 ? Number.NaN : like.sort((a, b) => a - b)[like.length >> 1]!;
  }
}

/** Additive, with a damped trend and a day of 288 seasonal parts; it begins after one whole day. */
class HoltWinters implements Candidate {
  readonly #parts: number[] = [];
  #level = Number.NaN;
  #trend = 0;
  #next = 0;
  learn(value: number): void {
    if (this.#parts.length < PER_DAY) {
      this.#parts.push(value);
      if (this.#parts.length === PER_DAY) this.#begin();
      return;
    }
    const part = this.#parts[this.#next]!;
    const before = this.#level;
    this.#level = 0.1 * (value - part) + 0.9 * (before + this.#trend);
    this.#trend = 0.98 * (0.99 * this.#trend + 0.01 * (this.#level - before));
    this.#parts[this.#next] = 0.25 * (value - this.#level) + 0.75 * part;
    this.#next = (this.#next + 1) % PER_DAY;
  }
  ahead(steps: number): number {
    if (Number.isNaN(this.#level)) return Number.NaN;
    return Math.max(0, this.#level + steps * this.#trend + this.#parts[(this.#next + steps - 1) % PER_DAY]!);
  }
  #begin(): void {
    this.#level = this.#parts.reduce((sum, value) => sum + value, 0) / PER_DAY;
    this.#parts.forEach((value, slot) => {
      this.#parts[slot] = value - this.#level;
    });
  }
}

const CANDIDATES: Readonly<Record<string, () => Candidate>> = {
  naive: () => new Naive(),
  smoothed: () => new Smoothed(),
  'seasonal naive': () => new SeasonalNaive(),
  'median of like hours': () => new LikeHours(),
  'Holt-Winters': () => new HoltWinters(),
};

interface Said {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

class Score {
  #errors = 0;
  #total = 0;
  #shares = 0;
  #shared = 0;
  #inside = 0;
  #values = 0;

  count({ expected, low, high }: Said, value: number, least: number): void {
    if (Number.isNaN(expected)) return;
    const off = Math.abs(expected - value);
    this.#errors += off;
    this.#total += value;
    this.#values += 1;
    if (value >= low && value <= high) this.#inside += 1;
    if (value < least) return;
    this.#shares += off / value;
    this.#shared += 1;
  }

  get figures() {
    const percent = (part: number, whole: number) => Number(((100 * part) / whole).toFixed(1));
    return {
      wape: percent(this.#errors, this.#total),
      mape: percent(this.#shares, this.#shared),
      inBand: percent(this.#inside, this.#values),
    };
  }
}

/** A band for methods that bring none: as far as eight of ten errors go when they are spread normally. */
class Band {
  #error = 0;
  #errors = 0;
  around(expected: number): Said {
    const reach = 1.6 * this.#error;
    return { expected, low: Math.max(0, expected - reach), high: expected + reach };
  }
  learn(off: number): void {
    if (Number.isNaN(off)) return;
    this.#errors += 1;
    this.#error += Math.max(1 / this.#errors, 0.02) * (off - this.#error);
  }
}

const LEAST_SHARE = 0.05;
const leastOf = (values: Float64Array) => LEAST_SHARE * values.reduce((most, value) => Math.max(most, value), 0);

function scoreCandidate(make: () => Candidate, trace: Trace): Record<Horizon, Score> {
  const scores = { soon: new Score(), later: new Score() };
  for (const values of trace.series) {
    const candidate = make();
    const least = leastOf(values);
    const bands = { soon: new Band(), later: new Band() };
    const said = { soon: [] as Said[], later: [] as Said[] };
    values.forEach((value, step) => {
      candidate.learn(value);
      for (const horizon of HORIZONS) {
        const due = said[horizon][step - AHEAD[horizon]];
        said[horizon].push(bands[horizon].around(candidate.ahead(AHEAD[horizon])));
        if (due === undefined) continue;
        if (step >= trace.scoredFromDay * PER_DAY) scores[horizon].count(due, value, least);
        bands[horizon].learn(Math.abs(due.expected - value));
      }
    });
  }
  return scores;
}

function scoreChosen(trace: Trace): Record<Horizon, Score> {
  const scores = { soon: new Score(), later: new Score() };
  const rows = trace.series.length;
  const forecast = new Forecast({ seasonMinutes: DAY / MINUTE, soonMinutes: 30, laterMinutes: 120 });
  forecast.reserve(rows);
  const trusted = new Uint8Array(rows);
  const least = trace.series.map(leastOf);
  const said = { soon: [] as Said[][], later: [] as Said[][] };
  for (let step = 0; step < trace.series[0]!.length; step++) {
    const values = Float64Array.from(trace.series, (series) => series[step]!);
    forecast.learn(values, trusted, step * STEP_MS);
    forecast.look(values, step * STEP_MS);
    for (const horizon of HORIZONS) {
      said[horizon].push(Array.from(values, (_, row) => saidOf(forecast, horizon, row)));
      const due = said[horizon][step - AHEAD[horizon]];
      if (due === undefined || step < trace.scoredFromDay * PER_DAY) continue;
      due.forEach((one, row) => {
        scores[horizon].count(one, values[row]!, least[row]!);
      });
    }
  }
  return scores;
}

function saidOf(forecast: Forecast, horizon: Horizon, row: number): Said {
  const found = forecast.of(row);
  if (!('because' in found)) {
    const { expectedMhz, lowMhz, highMhz } = found[horizon];
    return { expected: expectedMhz, low: lowMhz, high: highMhz };
  }
  const expected = forecast[horizon][row]!;
  return { expected, low: expected, high: expected };
}

const SEED = 11;
const NOISE = 0.08;
const WEEKEND_SHARE = 0.35;

/** With measuring noise; seven VMs of ten rest at weekends where there are weekends. */
function generated(name: string, days: number, scoredFromDay: number, hasWeekends: boolean): Trace {
  const vms = Array.from({ length: Number(options.vms) }, (_, n) => aVm({ id: `vm${n}`, host: `h${n >> 3}` }));
  const loads = generateLoads(vms, SEED, { lengthMs: DAY, midnightMs: 0 });
  const random = seededRandom(SEED);
  const series = vms.map((_, vm) =>
    Float64Array.from({ length: days * PER_DAY }, (_, step) => {
      const isWeekend = hasWeekends && vm % 10 < 7 && Math.floor(step / PER_DAY) % 7 >= 5;
      const noise = 1 + NOISE * Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
      return Math.max(0, 1000 * loadAt(loads, vm, step * STEP_MS) * noise * (isWeekend ? WEEKEND_SHARE : 1));
    }),
  );
  return { name, series, scoredFromDay };
}

function readDay(file: string): Map<string, number[]> {
  const lines = gunzipSync(readFileSync(file)).toString('latin1').trim().split('\n');
  return new Map(lines.map((line) => line.split(',')).map(([name, ...values]) => [name!, values.map(Number)]));
}

function tracesIn(folder: string): Trace {
  const files = readdirSync(folder).filter((file) => file.endsWith('.csv.gz'));
  const days = files.sort().map((file) => readDay(join(folder, file)));
  const common = [...(days[0]?.keys() ?? [])].filter((name) => days.every((day) => day.has(name)));
  const series = common.map((name) => Float64Array.from(days.flatMap((day) => day.get(name)!)));
  return { name: 'traces', series, scoredFromDay: days.length - 1 };
}

function figuresOf(trace: Trace) {
  const scored = Object.entries(CANDIDATES).map(([name, make]) => [name, scoreCandidate(make, trace)] as const);
  const all = [...scored, ['drover', scoreChosen(trace)] as const];
  const methods = all.map(([name, { soon, later }]) => [name, { soon: soon.figures, later: later.figures }]);
  return { vms: trace.series.length, methods: Object.fromEntries(methods) };
}

const traces = [
  generated('generated days', 4, 2, false),
  generated('generated weeks', 17, 14, true),
  ...positionals.map(tracesIn),
];
const figures = { bench: 'forecast', ...Object.fromEntries(traces.map((trace) => [trace.name, figuresOf(trace)])) };
process.stdout.write(`${JSON.stringify(figures, null, options.json ? 0 : 2)}\n`);
