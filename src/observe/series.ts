import { longer } from './bucket-rings.ts';
import { FrozenValues } from './frozen-values.ts';
import { HeldAbove } from './held-above.ts';
import { FEWEST_SAMPLES, judgeSample, judgeWindow, TRUSTED, verdictOf } from './trust-gate.ts';
import { UnitJumps } from './unit-jumps.ts';
import type { WindowShape } from './windows.ts';
import { Windows } from './windows.ts';

export interface Deadlines {
  readonly staleAfterMs: number;
  /** How far the clock of a source may be ahead. */
  readonly skewMs: number;
  /** Values that changed their unit are taken for true after this. */
  readonly unitPatienceMs: number;
  /** So many samples without any difference are too many; zero: never. */
  readonly frozenAfterSamples: number;
}

/** What is usual for a metric, beside what can be true at all. */
export interface Habits {
  /** False: a thousandfold from one sample to the next is nothing strange. */
  readonly isSteady: boolean;
  /** True: to the last bit, no two samples are alike while there is work. */
  readonly isFidgety: boolean;
  /** True: how long it has been above a limit is kept account of. */
  readonly isHeld: boolean;
}

/** By row, what a judgement under way has found so far: by which metric, and of when its data is. */
export interface Findings {
  readonly verdict: Uint8Array;
  readonly metric: Uint8Array;
  readonly atMs: Float64Array;
}

const UNIT_JUMP = verdictOf('unit-jump');
const FROZEN = verdictOf('frozen');
const CLOCK_SKEW = verdictOf('clock-skew');
const BEYOND_CAPACITY = verdictOf('beyond-capacity');
const NEVER = Number.NEGATIVE_INFINITY;

/** One metric of all hosts, or of all VMs: what passed the gate, and how the newest sample was judged. */
export class Series {
  readonly windows: Windows;
  readonly held: HeldAbove;
  readonly #metric: number;
  readonly #isHeld: boolean;
  readonly #deadlines: Deadlines;
  readonly #jumps: UnitJumps | undefined;
  readonly #frozen: FrozenValues | undefined;
  #verdict = new Uint8Array(0);
  #ceiling = new Float64Array(0);
  #arrivedAtMs = new Float64Array(0);
  #inUse = false;

  /** The metric by index. */
  constructor(metric: number, shape: WindowShape, deadlines: Deadlines, { isSteady, isFidgety, isHeld }: Habits) {
    this.#metric = metric;
    this.windows = new Windows(shape);
    this.held = new HeldAbove(deadlines.staleAfterMs);
    this.#isHeld = isHeld;
    this.#deadlines = deadlines;
    this.#jumps = isSteady ? new UnitJumps(deadlines.unitPatienceMs) : undefined;
    this.#frozen =
      isFidgety && deadlines.frozenAfterSamples > 0 ? new FrozenValues(deadlines.frozenAfterSamples) : undefined;
  }

  /** False until there is a first sample: metrics that nobody measures take no memory for windows. */
  get inUse(): boolean {
    return this.#inUse;
  }

  reserve(rows: number): void {
    const before = this.#verdict.length;
    if (rows <= before) return;
    const verdict = new Uint8Array(rows);
    verdict.set(this.#verdict);
    this.#verdict = verdict;
    this.#ceiling = longer(this.#ceiling, rows).fill(Infinity, before);
    if (this.#isHeld) this.held.reserve(rows);
    if (this.#inUse) this.#reserveParts();
  }

  limit(row: number, ceiling: number): void {
    this.#ceiling[row] = ceiling;
  }

  clear(row: number): void {
    this.#verdict[row] = TRUSTED;
    this.#ceiling[row] = Infinity;
    if (this.#isHeld) this.held.clear(row);
    if (!this.#inUse) return;
    this.windows.clear(row);
    this.#arrivedAtMs[row] = NEVER;
    this.#jumps?.clear(row);
    this.#frozen?.clear(row);
  }

  /** Gives the verdict; what is not trusted leaves no trace in the windows. */
  take(row: number, value: number, atMs: number, nowMs: number): number {
    if (!this.#inUse) this.#begin();
    if (this.#isAhead(row, nowMs) && atMs <= nowMs + this.#deadlines.skewMs) this.#beginAnew(row);
    const verdict = this.#judgeSample(row, value, atMs, nowMs);
    const { windows } = this;
    const newestAtMs = windows.latestAtMs[row]!;
    if (verdict !== TRUSTED) {
      if (!(atMs < newestAtMs)) this.#verdict[row] = verdict;
      return verdict;
    }
    if (!windows.take(row, value, atMs) || !(atMs > newestAtMs)) return verdict;
    this.#verdict[row] = TRUSTED;
    this.#arrivedAtMs[row] = nowMs;
    if (this.#isHeld) this.held.take(row, value, atMs);
    this.#jumps?.learn(row, value);
    return verdict;
  }

  /** Whether this entity was ever measured, well or badly. */
  isMeasured(row: number): boolean {
    return this.#inUse && (this.#verdict[row] !== TRUSTED || this.windows.latestAtMs[row]! >= 0);
  }

  judge(row: number, nowMs: number): number {
    const verdict = this.#verdict[row]!;
    if (verdict !== TRUSTED) return verdict;
    if (this.#isAhead(row, nowMs)) return CLOCK_SKEW;
    const ageMs = nowMs - this.windows.latestAtMs[row]!;
    const { staleAfterMs } = this.#deadlines;
    return judgeWindow(this.windows.slow.samples[row]!, ageMs, nowMs - this.#arrivedAtMs[row]!, staleAfterMs);
  }

  /**
   * Judges every row that nothing was found against so far: by its verdict and the instant of its newest value, or by
   * what is to be said of rows that were never measured.
   */
  find(nowMs: number, { verdict: found, atMs: foundAtMs, metric: foundOf }: Findings, unmeasured: number): void {
    if (!this.#inUse) {
      settle(found, unmeasured);
      return;
    }
    const { latestAtMs } = this.windows;
    const verdicts = this.#verdict;
    for (let row = 0; row < found.length; row++) {
      if (found[row] !== TRUSTED) continue;
      const atMs = latestAtMs[row]!;
      if (verdicts[row] !== TRUSTED) found[row] = verdicts[row]!;
      else if (atMs === NEVER) found[row] = unmeasured;
      else if (!this.#isWell(row, nowMs)) found[row] = this.judge(row, nowMs);
      foundOf[row] = this.#metric;
      if (atMs >= 0 && atMs < foundAtMs[row]!) foundAtMs[row] = atMs;
    }
  }

  /** What was believed when it came, and lies ahead now: the clock was put back since, and nobody knows how old it is. */
  #isAhead(row: number, nowMs: number): boolean {
    return this.windows.latestAtMs[row]! > nowMs + this.#deadlines.skewMs;
  }

  /** Beside what lies ahead, nothing would count as new until that time has come. */
  #beginAnew(row: number): void {
    this.windows.clear(row);
    this.#jumps?.clear(row);
    this.#frozen?.clear(row);
  }

  /** Most rows are, most of the time. */
  #isWell(row: number, nowMs: number): boolean {
    const isFresh = nowMs - this.windows.latestAtMs[row]! <= this.#deadlines.staleAfterMs;
    return isFresh && !this.#isAhead(row, nowMs) && this.windows.slow.samples[row]! >= FEWEST_SAMPLES;
  }

  /** A jump of unit usually goes beyond capacity too, and says more about what is wrong. */
  #judgeSample(row: number, value: number, atMs: number, nowMs: number): number {
    const verdict = judgeSample(value, atMs, this.#ceiling[row]!, nowMs + this.#deadlines.skewMs);
    if (verdict !== TRUSTED && verdict !== BEYOND_CAPACITY) return verdict;
    if (this.#jumps?.isJump(row, value, atMs)) return UNIT_JUMP;
    if (verdict === TRUSTED && this.#frozen?.isFrozen(row, value, atMs)) return FROZEN;
    return verdict;
  }

  #begin(): void {
    this.#inUse = true;
    this.#reserveParts();
  }

  #reserveParts(): void {
    const rows = this.#verdict.length;
    this.#arrivedAtMs = longer(this.#arrivedAtMs, rows).fill(NEVER, this.#arrivedAtMs.length);
    this.windows.reserve(rows);
    this.#jumps?.reserve(rows);
    this.#frozen?.reserve(rows);
  }
}

/** Of a metric that nobody measures there is one thing to say. */
function settle(found: Uint8Array, unmeasured: number): void {
  for (let row = 0; row < found.length; row++) if (found[row] === TRUSTED) found[row] = unmeasured;
}
