import type { Column } from '../domain/columns.ts';
import type { Metric } from '../ports/samples.ts';
import { METRICS } from '../ports/samples.ts';
import { longer } from './bucket-rings.ts';
import type { Ceilings } from './ceilings.ts';
import type { Forecast } from './forecast.ts';
import type { Slice } from './sample-buffer.ts';
import type { Deadlines, Findings, Habits } from './series.ts';
import { Series } from './series.ts';
import { Standing } from './standing.ts';
import { CAUSES, TRUSTED, verdictOf } from './trust-gate.ts';
import type { WindowShape } from './windows.ts';

export const NO_ROW = -1;
const MISSING = verdictOf('missing');
/** Nothing is known of an entity whose processor is not measured; other metrics count once they were seen. */
const VITAL: Metric = 'cpuMhz';
const CORES = METRICS.indexOf('cpuCores');
/**
 * Bad readings of these make nobody unknown. Watts are shown, never decided by. How fast a guest writes is measured now and
 * then only, not by every host, and what comes of it is the guess how long a migration takes: the last one stands.
 */
const ADVISORY: ReadonlySet<Metric | undefined> = new Set<Metric>(['powerWatts', 'dirtyBytesPerS']);

/** Numbers of things and what is only shown may stand still or leap; what is measured to the cycle never stands still. */
const HABITS: Readonly<Record<Metric, Habits>> = {
  cpuMhz: { isSteady: true, isFidgety: true, isHeld: true },
  memoryActiveBytes: { isSteady: true, isFidgety: false, isHeld: false },
  netRxBytesPerS: { isSteady: true, isFidgety: false, isHeld: false },
  netTxBytesPerS: { isSteady: true, isFidgety: false, isHeld: false },
  dirtyBytesPerS: { isSteady: true, isFidgety: false, isHeld: false },
  liveSessions: { isSteady: false, isFidgety: false, isHeld: false },
  powerWatts: { isSteady: false, isFidgety: false, isHeld: false },
  cpuCores: { isSteady: true, isFidgety: true, isHeld: false },
};

/**
 * The windows of all hosts, or of all VMs. An entity has a row from when the inventory lists it to when it does no longer,
 * so memory is bounded by the size of the datacenter; samples of what is not listed are counted and left.
 */
export class Measurements {
  readonly standing = new Standing();
  readonly #series: readonly Series[];
  /** What nothing is known without. */
  readonly vital: Series;
  readonly #judged: readonly Series[];
  readonly #forecast: Forecast | undefined;
  /** Row by interned number. */
  #rowOf = new Int32Array(0);
  #numberOf: number[] = [];
  #freeRows: number[] = [];
  #rowAt = new Int32Array(0);
  /** By row, what one core does. */
  #coreMhz = new Float64Array(0);
  #oldestAtMs = Infinity;
  #unlisted = 0;
  readonly #verdicts = new Float64Array(CAUSES.length + 1);
  #found: Findings = findingsFor(0);

  /** The forecast, where there is one, is of the vital metric. */
  constructor(shape: WindowShape, deadlines: Deadlines, forecast?: Forecast) {
    this.#forecast = forecast;
    this.#series = METRICS.map((metric, index) => new Series(index, shape, deadlines, HABITS[metric]));
    this.vital = this.series(VITAL);
    this.#judged = this.#series.filter((_, metric) => METRICS[metric] !== VITAL && !ADVISORY.has(METRICS[metric]));
  }

  /** Row by interned number; NO_ROW where the inventory lists none. */
  rowOf(number: number): number {
    return this.#rowOf[number] ?? NO_ROW;
  }

  /** How many rows there are room for. */
  get rows(): number {
    return this.standing.verdict.length;
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

  /** Whether the row's window of the metric may be believed at this instant. */
  isFresh(metric: Metric, row: number, nowMs: number): boolean {
    const series = this.series(metric);
    return series.isMeasured(row) && series.judge(row, nowMs) === TRUSTED;
  }

  /** Takes note of what exists: interned numbers by index. */
  list(numbers: readonly number[], nowMs: number): void {
    const before = this.#rowAt;
    this.#reserveNumbers(numbers);
    this.#rowAt = Int32Array.from(numbers, (number) => this.#rowFor(number, nowMs));
    this.#releaseGone(before);
    this.#reserveRows();
  }

  /** By index, above what values cannot be true. */
  limit(ceilings: Ceilings): void {
    for (const [metric, ceiling] of ceilings) {
      const series = this.series(metric);
      for (let index = 0; index < this.#rowAt.length; index++) series.limit(this.#rowAt[index]!, ceiling[index]!);
    }
  }

  /** By index, how many MHz a core has, for what is measured in cores. */
  clock(coreMhz: Column): void {
    for (let index = 0; index < this.#rowAt.length; index++) this.#coreMhz[this.#rowAt[index]!] = coreMhz[index]!;
  }

  take({ batch, from, to }: Slice, nowMs: number): void {
    const { entity, metric, value, atMs } = batch;
    const rowOf = this.#rowOf;
    for (let i = from; i < to; i++) {
      const number = entity[i]!;
      const row = number < rowOf.length ? rowOf[number]! : NO_ROW;
      const isInCores = metric[i] === CORES;
      const series = isInCores ? this.vital : this.#series[metric[i]!];
      if (row === NO_ROW || series === undefined) {
        this.#unlisted += 1;
        continue;
      }
      const told = isInCores ? value[i]! * this.#coreMhz[row]! : value[i]!;
      this.#verdicts[series.take(row, told, atMs[i]!, nowMs)]! += 1;
    }
  }

  /** What a sample says of the processor; NaN where it is about something else. */
  mhzOf(metric: number, value: number, row: number): number {
    if (metric === CORES) return value * this.#coreMhz[row]!;
    return METRICS[metric] === VITAL ? value : Number.NaN;
  }

  refresh(): void {
    for (const series of this.#series) series.windows.refresh();
  }

  /** Who is known, and who is not for which cause. Who is not expected to report is known without data. */
  judge(nowMs: number, isExpected?: (index: number) => boolean): void {
    this.#find(nowMs);
    if (isExpected !== undefined) this.#excuse(isExpected);
    this.standing.judge(this.#rowAt, this.#found.verdict, this.#found.metric, nowMs);
    this.#oldestAtMs = this.#oldestTrusted();
  }

  /** Everybody is unknown for one cause. */
  condemn(verdict: number, nowMs: number): void {
    this.#found.verdict.fill(verdict);
    this.standing.judge(this.#rowAt, this.#found.verdict, this.#found.metric, nowMs);
    this.#oldestAtMs = Infinity;
  }

  #excuse(isExpected: (index: number) => boolean): void {
    for (let index = 0; index < this.#rowAt.length; index++) {
      if (isExpected(index)) continue;
      const row = this.#rowAt[index]!;
      this.standing.excuse(row);
      this.#found.verdict[row] = TRUSTED;
      this.#found.atMs[row] = Infinity;
    }
  }

  #oldestTrusted(): number {
    const { verdict, atMs } = this.#found;
    let oldestAtMs = Infinity;
    for (let row = 0; row < verdict.length; row++) {
      if (verdict[row] === TRUSTED && atMs[row]! < oldestAtMs) oldestAtMs = atMs[row]!;
    }
    return oldestAtMs;
  }

  #find(nowMs: number): void {
    this.#found.verdict.fill(TRUSTED);
    this.#found.metric.fill(METRICS.indexOf(VITAL));
    this.#found.atMs.fill(Infinity);
    this.vital.find(nowMs, this.#found, MISSING);
    for (const series of this.#judged) series.find(nowMs, this.#found, TRUSTED);
  }

  #reserveNumbers(numbers: readonly number[]): void {
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
      this.#forecast?.clear(row);
    }
  }

  #reserveRows(): void {
    if (this.rows <= this.#found.verdict.length) return;
    this.#found = findingsFor(this.rows);
    this.#coreMhz = longer(this.#coreMhz, this.rows);
    for (const series of this.#series) series.reserve(this.rows);
    this.#forecast?.reserve(this.rows);
  }
}

function findingsFor(rows: number): Findings {
  return { verdict: new Uint8Array(rows), metric: new Uint8Array(rows), atMs: new Float64Array(rows) };
}

const withSlack = (length: number): number => Math.ceil(length * 1.125) + 16;
