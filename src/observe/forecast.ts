import type { Column } from '../domain/columns.ts';
import { MINUTE } from '../domain/units.ts';
import { FORECAST_METHODS, type ForecastMethod, Outlook, type Seasons } from './forecast-methods.ts';
import { ForecastRecord } from './forecast-record.ts';
import { longerBy, SeasonProfile } from './forecast-season.ts';
import { TRUSTED } from './trust-gate.ts';

export interface ForecastSpans {
  /** How long a day lasts: after it, load comes round again. Seven of them are a week. */
  readonly seasonMinutes: number;
  readonly soonMinutes: number;
  readonly laterMinutes: number;
}

/** What is expected, and the band in which it stays eight times out of ten. */
export interface Expectation {
  readonly expectedMhz: number;
  readonly lowMhz: number;
  readonly highMhz: number;
  readonly method: ForecastMethod;
}

export type EntityForecast =
  | { readonly soon: Expectation; readonly later: Expectation }
  /** Why there is none, and the mean of the slow window stands for what is to come. */
  | { readonly because: 'too little history' };

/** By method, how many rows are foreseen by it half an hour or so ahead; and how many are not yet. */
export type ForecastState = Readonly<Record<ForecastMethod | 'too little history', number>>;

const STEPS_PER_DAY = 96;
const DAY_SLOTS = 48;
const DAYS_PER_WEEK = 7;
const WEEK_SLOTS = DAYS_PER_WEEK * 24;
/** As a share of a day, how far back `lately` reaches: the mean age of what counts. */
const LATELY_REACH = 1 / 28;
const LEAST_STEP_SHARE = 0.25;
const SOON_LASTING = 0.5;
const LATER_LASTING = 0.2;

/**
 * Foresees one value of every row, by whichever method has erred least on that row so far. Forecasts are expected values
 * with nothing on top: what is decided on are sums over many VMs, in which errors cancel and surcharges add up.
 */
export class Forecast {
  readonly #stepMs: number;
  readonly #soonMs: number;
  readonly #laterMs: number;
  readonly #seasons: Seasons;
  readonly #soonRecord: ForecastRecord;
  readonly #laterRecord: ForecastRecord;
  #now = new Float32Array(0);
  #lately = new Float32Array(0);
  #soon = new Float64Array(0);
  #later = new Float64Array(0);
  #step = Number.NaN;
  #learntAtMs = Number.NaN;

  constructor({ seasonMinutes, soonMinutes, laterMinutes }: ForecastSpans) {
    const seasonMs = seasonMinutes * MINUTE;
    this.#stepMs = seasonMs / STEPS_PER_DAY;
    this.#soonMs = soonMinutes * MINUTE;
    this.#laterMs = laterMinutes * MINUTE;
    this.#seasons = {
      daily: new SeasonProfile(DAY_SLOTS, seasonMs),
      weekly: new SeasonProfile(WEEK_SLOTS, DAYS_PER_WEEK * seasonMs),
    };
    this.#soonRecord = new ForecastRecord(this.#stepsIn(this.#soonMs));
    this.#laterRecord = new ForecastRecord(this.#stepsIn(this.#laterMs));
  }

  /** How far apart values need to be at most to be learnt from. */
  get stepMs(): number {
    return this.#stepMs;
  }

  /** Expected values by row; where there is too little history, what was last told. */
  get soon(): Column {
    return this.#soon;
  }

  get later(): Column {
    return this.#later;
  }

  reserve(rows: number): void {
    if (rows <= this.#now.length) return;
    const { daily, weekly } = this.#seasons;
    for (const part of [daily, weekly, this.#soonRecord, this.#laterRecord]) part.reserve(rows);
    this.#now = longerBy(this.#now, rows, Number.NaN);
    this.#lately = longerBy(this.#lately, rows, Number.NaN);
    this.#soon = new Float64Array(rows);
    this.#later = new Float64Array(rows);
  }

  clear(row: number): void {
    const { daily, weekly } = this.#seasons;
    for (const part of [daily, weekly, this.#soonRecord, this.#laterRecord]) part.clear(row);
    this.#now[row] = Number.NaN;
    this.#lately[row] = Number.NaN;
  }

  /**
   * Values by row at one instant, not earlier than those before. What is not trusted is not learnt, and what comes much
   * faster than forecasts are made adds nothing.
   */
  learn(values: Column, verdict: Column, atMs: number): void {
    const now = this.#now;
    for (let row = 0; row < now.length; row++) now[row] = verdict[row] === TRUSTED ? values[row]! : Number.NaN;
    const step = Math.floor(atMs / this.#stepMs);
    if (step === this.#step && atMs - this.#learntAtMs < this.#stepMs * LEAST_STEP_SHARE) return;
    this.#smooth(atMs);
    this.#seasons.daily.add(now, atMs);
    this.#seasons.weekly.add(now, atMs);
    if (step !== this.#step) this.#begin(step, atMs);
  }

  /** Looks ahead from the values that were learnt last; `usual` stands for what is to come where there is too little history. */
  look(usual: Column, atMs: number): void {
    this.#fill(this.#soon, this.#soonRecord, this.#outlook(atMs, this.#soonMs, SOON_LASTING), usual);
    this.#fill(this.#later, this.#laterRecord, this.#outlook(atMs, this.#laterMs, LATER_LASTING), usual);
  }

  /** Says that everything stays as it is. */
  repeat(values: Column): void {
    for (const column of [this.#soon, this.#later])
      for (let row = 0; row < column.length; row++) column[row] = values[row]!;
  }

  of(row: number): EntityForecast {
    if (!this.#isForeseen(row)) return { because: 'too little history' };
    return {
      soon: expectation(this.#soonRecord, row, this.#soon[row]!),
      later: expectation(this.#laterRecord, row, this.#later[row]!),
    };
  }

  state(rows: Column): ForecastState {
    const counts = { now: 0, lately: 0, daily: 0, weekly: 0, 'too little history': 0 };
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (this.#isForeseen(row)) counts[FORECAST_METHODS[this.#soonRecord.bestOf(row)]!] += 1;
      else counts['too little history'] += 1;
    }
    return counts;
  }

  #isForeseen(row: number): boolean {
    return this.#soonRecord.hasSeason(row) && this.#laterRecord.hasSeason(row);
  }

  #begin(step: number, atMs: number): void {
    this.#step = step;
    this.#soonRecord.score(step, this.#now);
    this.#laterRecord.score(step, this.#now);
    this.#soonRecord.say(step, this.#outlook(atMs, this.#soonRecord.steps * this.#stepMs, SOON_LASTING));
    this.#laterRecord.say(step, this.#outlook(atMs, this.#laterRecord.steps * this.#stepMs, LATER_LASTING));
  }

  #smooth(atMs: number): void {
    const reachMs = LATELY_REACH * STEPS_PER_DAY * this.#stepMs;
    const weight = Number.isNaN(this.#learntAtMs) ? 1 : 1 - Math.exp((this.#learntAtMs - atMs) / reachMs);
    this.#learntAtMs = atMs;
    for (let row = 0; row < this.#now.length; row++) {
      const value = this.#now[row]!;
      const lately = this.#lately[row]!;
      if (Number.isNaN(value)) continue;
      this.#lately[row] = Number.isNaN(lately) ? value : lately + weight * (value - lately);
    }
  }

  #outlook(atMs: number, aheadMs: number, lasting: number): Outlook {
    return new Outlook({ now: this.#now, lately: this.#lately }, this.#seasons, atMs, aheadMs, lasting);
  }

  #fill(column: Float64Array, record: ForecastRecord, outlook: Outlook, values: Column): void {
    for (let row = 0; row < column.length; row++) {
      const method = record.bestOf(row);
      const foreseen = method === 0 ? Number.NaN : outlook.by(method, row);
      column[row] = Number.isNaN(foreseen) ? values[row]! : foreseen;
    }
  }

  #stepsIn(spanMs: number): number {
    return Math.max(1, Math.round(spanMs / this.#stepMs));
  }
}

function expectation(record: ForecastRecord, row: number, expectedMhz: number): Expectation {
  return {
    expectedMhz,
    lowMhz: Math.max(0, expectedMhz + record.belowOf(row)),
    highMhz: expectedMhz + record.aboveOf(row),
    method: FORECAST_METHODS[record.bestOf(row)]!,
  };
}
