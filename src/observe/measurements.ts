import type { Column } from '../domain/columns.ts';
import type { Metric } from '../ports/samples.ts';
import { METRICS } from '../ports/samples.ts';
import type { Ceilings } from './ceilings.ts';
import type { Slice } from './sample-buffer.ts';
import { Series } from './series.ts';
import { Standing } from './standing.ts';
import { CAUSES, TRUSTED, verdictOf } from './trust-gate.ts';
import type { WindowShape } from './windows.ts';

const NO_ROW = -1;
const MISSING = verdictOf('missing');
/** Nothing is known of an entity whose processor is not measured; other metrics count once they were seen. */
const VITAL: Metric = 'cpuMhz';
/** Shown, never decided by: bad readings of it make nobody unknown. */
const INFORMATIVE: Metric = 'powerWatts';

export interface Deadlines {
  readonly staleAfterMs: number;
  /** How far the clock of a source may be ahead. */
  readonly skewMs: number;
}

/**
 * The windows of all hosts, or of all VMs. An entity has a row from when the inventory lists it to when it does no longer,
 * so memory is bounded by the size of the datacenter; samples of what is not listed are counted and left.
 */
export class Measurements {
  readonly standing = new Standing();
  readonly #series: readonly Series[];
  readonly #vital: Series;
  readonly #judged: readonly Series[];
  readonly #deadlines: Deadlines;
  /** Row by interned number. */
  #rowOf = new Int32Array(0);
  #numberOf: number[] = [];
  #freeRows: number[] = [];
  #rowAt = new Int32Array(0);
  #oldestAtMs = Infinity;
  #unlisted = 0;
  readonly #verdicts = new Float64Array(CAUSES.length + 1);

  constructor(shape: WindowShape, deadlines: Deadlines) {
    this.#series = METRICS.map(() => new Series(shape));
    this.#vital = this.series(VITAL);
    this.#judged = this.#series.filter((_, metric) => METRICS[metric] !== VITAL && METRICS[metric] !== INFORMATIVE);
    this.#deadlines = deadlines;
  }

  /** Row of each host or VM of the inventory, by index. */
  get rowAt(): Column {
    return this.#rowAt;
  }

  /** Instant of the oldest datum that the last judgement believed; infinity where there is none. */
  get oldestAtMs(): number {
    return this.#oldestAtMs;
  }

  get unlisted(): number {
    return this.#unlisted;
  }

  /** Samples by verdict since the start. */
  get verdicts(): Column {
    return this.#verdicts;
  }

  get late(): number {
    return this.#series.reduce((sum, { windows }) => sum + windows.late, 0);
  }

  get repeated(): number {
    return this.#series.reduce((sum, { windows }) => sum + windows.repeated, 0);
  }

  series(metric: Metric): Series {
    return this.#series[METRICS.indexOf(metric)]!;
  }

  /** Takes note of what exists: interned numbers by index, and above what their values cannot be true. */
  list(numbers: Uint32Array, ceilings: Ceilings, nowMs: number): void {
    const before = this.#rowAt;
    this.#reserveNumbers(numbers);
    this.#rowAt = Int32Array.from(numbers, (number) => this.#rowFor(number, nowMs));
    this.#releaseGone(before);
    this.#reserveRows();
    for (const [metric, ceiling] of ceilings) this.#limit(this.series(metric), ceiling);
  }

  take({ batch, from, to }: Slice, nowMs: number): void {
    const { entity, metric, value, atMs } = batch;
    const believedUntilMs = nowMs + this.#deadlines.skewMs;
    const rowOf = this.#rowOf;
    for (let i = from; i < to; i++) {
      const number = entity[i]!;
      const row = number < rowOf.length ? rowOf[number]! : NO_ROW;
      const series = this.#series[metric[i]!];
      if (row === NO_ROW || series === undefined) this.#unlisted += 1;
      else this.#verdicts[series.take(row, value[i]!, atMs[i]!, believedUntilMs)]! += 1;
    }
  }

  refresh(): void {
    for (const series of this.#series) series.windows.refresh();
  }

  /** Who is known, and who is not for which cause. Who is not expected to report is known without data. */
  judge(nowMs: number, isExpected: (index: number) => boolean): void {
    this.standing.recount();
    this.#oldestAtMs = Infinity;
    for (let index = 0; index < this.#rowAt.length; index++) {
      const row = this.#rowAt[index]!;
      this.standing.judge(row, isExpected(index) ? this.#judgeRow(row, nowMs) : TRUSTED, nowMs);
    }
  }

  /** Everybody is unknown for one cause. */
  condemn(verdict: number, nowMs: number): void {
    this.standing.recount();
    this.#oldestAtMs = Infinity;
    for (const row of this.#rowAt) this.standing.judge(row, verdict, nowMs);
  }

  #judgeRow(row: number, nowMs: number): number {
    const vital = this.#vital;
    if (!vital.isMeasured(row)) return MISSING;
    const { staleAfterMs } = this.#deadlines;
    const verdict = vital.judge(row, nowMs, staleAfterMs);
    if (verdict !== TRUSTED) return verdict;
    let oldestAtMs = vital.windows.latestAtMs[row]!;
    for (const series of this.#judged) {
      if (!series.isMeasured(row)) continue;
      const verdict = series.judge(row, nowMs, staleAfterMs);
      if (verdict !== TRUSTED) return verdict;
      oldestAtMs = Math.min(oldestAtMs, series.windows.latestAtMs[row]!);
    }
    this.#oldestAtMs = Math.min(this.#oldestAtMs, oldestAtMs);
    return TRUSTED;
  }

  #reserveNumbers(numbers: Uint32Array): void {
    const needed = numbers.reduce((most, number) => Math.max(most, number + 1), 0);
    if (needed <= this.#rowOf.length) return;
    const rowOf = new Int32Array(withSlack(needed)).fill(NO_ROW);
    rowOf.set(this.#rowOf);
    this.#rowOf = rowOf;
  }

  #rowFor(number: number, nowMs: number): number {
    const known = this.#rowOf[number]!;
    if (known !== NO_ROW) return known;
    const row = this.#freeRows.pop() ?? this.#numberOf.length;
    this.#numberOf[row] = number;
    this.#rowOf[number] = row;
    this.standing.reserve(row < this.standing.verdict.length ? 0 : withSlack(row + 1));
    this.standing.clear(row, nowMs);
    return row;
  }

  #releaseGone(before: Int32Array): void {
    const listed = new Uint8Array(this.#numberOf.length);
    for (const row of this.#rowAt) listed[row] = 1;
    for (const row of before) {
      if (listed[row] === 1) continue;
      this.#rowOf[this.#numberOf[row]!] = NO_ROW;
      this.#freeRows.push(row);
      for (const series of this.#series) series.clear(row);
    }
  }

  #reserveRows(): void {
    const rows = this.standing.verdict.length;
    for (const series of this.#series) series.reserve(rows);
  }

  #limit(series: Series, ceiling: Column): void {
    for (let index = 0; index < this.#rowAt.length; index++) series.limit(this.#rowAt[index]!, ceiling[index]!);
  }
}

const withSlack = (length: number): number => Math.ceil(length * 1.125) + 16;
