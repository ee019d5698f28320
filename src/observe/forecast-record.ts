import { DAILY, FORECAST_METHODS, NOW, type Outlook, WEEKLY } from './forecast-methods.ts';
import { longerBy } from './forecast-season.ts';

/** What errs now counts this much at least; the first errors count alike. */
const NEWEST_WEIGHT = 0.02;
/** With fewer comparisons than this a season is not gone by. */
const FEWEST_SCORES = 4;
const MOST_SCORES = 255;
/** Of ten values, one is expected below the band and one above. */
const OUTSIDE = 0.1;
const BAND_STEP = 0.06;
/** Where the band begins, in mean errors: right for errors that are spread normally. */
const FIRST_BAND = 1.6;

interface Due {
  step: number;
  /** By method, by row. */
  readonly forecasts: Float32Array[];
}

/**
 * The record of one look ahead of so many steps: what each method said, how far it was off when the time came, which has
 * erred least on each row, and the band in which its errors stay eight times out of ten.
 */
export class ForecastRecord {
  readonly steps: number;
  readonly #due: Due[];
  readonly #error: Float32Array[] = FORECAST_METHODS.map(() => new Float32Array(0));
  readonly #scores: Uint8Array[] = FORECAST_METHODS.map(() => new Uint8Array(0));
  #best = new Uint8Array(0);
  #below = new Float32Array(0);
  #above = new Float32Array(0);

  constructor(steps: number) {
    this.steps = steps;
    this.#due = Array.from({ length: steps + 1 }, () => ({
      step: Number.NaN,
      forecasts: FORECAST_METHODS.map(() => new Float32Array(0)),
    }));
  }

  reserve(rows: number): void {
    for (const { forecasts } of this.#due) lengthen(forecasts, rows);
    lengthen(this.#error, rows);
    this.#scores.forEach((column, method) => {
      this.#scores[method] = longerBytes(column, rows);
    });
    this.#best = longerBytes(this.#best, rows);
    this.#below = longerBy(this.#below, rows, 0);
    this.#above = longerBy(this.#above, rows, 0);
  }

  clear(row: number): void {
    for (const { forecasts } of this.#due) for (const column of forecasts) column[row] = Number.NaN;
    for (const column of this.#scores) column[row] = 0;
    this.#best[row] = NOW;
    this.#below[row] = 0;
    this.#above[row] = 0;
  }

  /** Which method has erred least on the row, as an index into FORECAST_METHODS. */
  bestOf(row: number): number {
    return this.#best[row]!;
  }

  /** Whether a season has been there to be compared with: without one nobody knows better than that it stays as it was lately. */
  hasSeason(row: number): boolean {
    return this.#scores[DAILY]![row]! >= FEWEST_SCORES || this.#scores[WEEKLY]![row]! >= FEWEST_SCORES;
  }

  belowOf(row: number): number {
    return this.#below[row]!;
  }

  aboveOf(row: number): number {
    return this.#above[row]!;
  }

  /** Holds what was said for this step against what came. */
  score(step: number, values: Float32Array): void {
    const { step: dueStep, forecasts } = this.#due[step % this.#due.length]!;
    if (dueStep !== step) return;
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (Number.isNaN(value)) continue;
      this.#scoreBand(row, value - forecasts[this.#best[row]!]![row]!);
      for (let method = 0; method < forecasts.length; method++) {
        const off = Math.abs(forecasts[method]![row]! - value);
        if (!Number.isNaN(off)) this.#scoreMethod(method, row, off);
      }
      this.#best[row] = this.#choose(row);
    }
  }

  /** What each method says at this step for the one that is looked ahead to. */
  say(step: number, outlook: Outlook): void {
    const dueStep = step + this.steps;
    const due = this.#due[dueStep % this.#due.length]!;
    due.step = dueStep;
    due.forecasts.forEach((column, method) => {
      for (let row = 0; row < column.length; row++) column[row] = outlook.by(method, row);
    });
  }

  #scoreMethod(method: number, row: number, off: number): void {
    const scores = this.#scores[method]!;
    const error = this.#error[method]!;
    if (scores[row]! < MOST_SCORES) scores[row]! += 1;
    if (scores[row] === 1) error[row] = off;
    else error[row]! += Math.max(1 / scores[row]!, NEWEST_WEIGHT) * (off - error[row]!);
  }

  /** Steps towards the value that OUTSIDE of all errors go beyond, by what is usual for the row. */
  #scoreBand(row: number, off: number): void {
    if (Number.isNaN(off)) return;
    const best = this.#best[row]!;
    if (this.#scores[best]![row]! < FEWEST_SCORES) {
      const reach = FIRST_BAND * this.#error[best]![row]!;
      this.#below[row] = this.#scores[best]![row] === 0 ? 0 : -reach;
      this.#above[row] = this.#scores[best]![row] === 0 ? 0 : reach;
      return;
    }
    const step = BAND_STEP * this.#error[best]![row]!;
    this.#below[row]! += step * (OUTSIDE - Number(off < this.#below[row]!));
    this.#above[row]! += step * (1 - OUTSIDE - Number(off < this.#above[row]!));
  }

  #choose(row: number): number {
    if (!this.hasSeason(row)) return NOW;
    let best = NOW;
    for (let method = 0; method < FORECAST_METHODS.length; method++) {
      if (this.#scores[method]![row]! < FEWEST_SCORES) continue;
      // Of equals the later one: a season knows of changes that have not come yet.
      if (this.#error[method]![row]! <= this.#error[best]![row]!) best = method;
    }
    return best;
  }
}

function lengthen(columns: Float32Array[], rows: number): void {
  columns.forEach((column, method) => {
    columns[method] = longerBy(column, rows, Number.NaN);
  });
}

function longerBytes(column: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(length);
  copy.set(column);
  return copy;
}
