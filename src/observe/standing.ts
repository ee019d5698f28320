import type { Column } from '../domain/columns.ts';
import type { Cause, Trust } from './trust-gate.ts';
import { CAUSES, causeOf, TRUSTED, verdictOf } from './trust-gate.ts';

export interface CauseCount {
  readonly cause: Cause;
  readonly count: number;
}

const MISSING = verdictOf('missing');
const EXCUSED_BEFORE = 1;
const EXCUSED_NEXT = 2;

/** Per row: known, or unknown for which cause; and since when. */
export class Standing {
  #verdict = new Uint8Array(0);
  /** Of which metric that is the verdict, by index. */
  #metric = new Uint8Array(0);
  #sinceMs = new Float64Array(0);
  readonly #unknown = new Uint32Array(CAUSES.length + 1);
  /** Lost, and not known again so far. */
  #isLost = new Uint8Array(0);
  /** Known without data: bit 0 in the judgement before, bit 1 in the next. */
  #excused = new Uint8Array(0);
  #lost: number[] = [];
  #regained = 0;

  get verdict(): Column {
    return this.#verdict;
  }

  /** Index of the metric that speaks against each row; of trusted rows it says nothing. */
  get metric(): Column {
    return this.#metric;
  }

  reserve(rows: number): void {
    const before = this.#verdict.length;
    if (rows <= before) return;
    const verdict = new Uint8Array(rows);
    verdict.set(this.#verdict);
    const sinceMs = new Float64Array(rows);
    sinceMs.set(this.#sinceMs);
    this.#verdict = verdict.fill(MISSING, before);
    this.#sinceMs = sinceMs;
    const metric = new Uint8Array(rows);
    metric.set(this.#metric);
    this.#metric = metric;
    const isLost = new Uint8Array(rows);
    isLost.set(this.#isLost);
    this.#isLost = isLost;
    const excused = new Uint8Array(rows);
    excused.set(this.#excused);
    this.#excused = excused;
  }

  clear(row: number, nowMs: number): void {
    this.#verdict[row] = MISSING;
    this.#metric[row] = 0;
    this.#sinceMs[row] = nowMs;
    this.#isLost[row] = 0;
    this.#excused[row] = 0;
  }

  /** Indexes of those that were known, by data, until the last judgement. */
  get lost(): readonly number[] {
    return this.#lost;
  }

  /** How many of those that were lost are known again since the last judgement. */
  get regained(): number {
    return this.#regained;
  }

  /** In the next judgement the row is known without data. */
  excuse(row: number): void {
    this.#excused[row]! |= EXCUSED_NEXT;
  }

  /** Judges the listed rows by the verdicts found, row by row and each of some metric, and counts them anew. */
  judge(rowAt: Column, found: Column, foundOf: Column, nowMs: number): void {
    const verdict = this.#verdict;
    const unknown = this.#unknown.fill(0);
    this.#lost = [];
    this.#regained = 0;
    for (let index = 0; index < rowAt.length; index++) {
      const row = rowAt[index]!;
      const now = found[row]!;
      const wasExcused = this.#excused[row]! & EXCUSED_BEFORE;
      this.#excused[row]! >>= 1;
      unknown[now]! += 1;
      this.#metric[row] = foundOf[row]!;
      if (verdict[row] === now) continue;
      if (verdict[row] === TRUSTED && wasExcused === 0) this.#lose(row, index);
      if (now === TRUSTED) this.#regain(row);
      verdict[row] = now;
      this.#sinceMs[row] = nowMs;
    }
  }

  #lose(row: number, index: number): void {
    this.#lost.push(index);
    this.#isLost[row] = 1;
  }

  #regain(row: number): void {
    this.#regained += this.#isLost[row]!;
    this.#isLost[row] = 0;
  }

  trust(row: number): Trust {
    const sinceMs = this.#sinceMs[row]!;
    const cause = causeOf(this.#verdict[row]!);
    return cause === undefined ? { known: true, sinceMs } : { known: false, cause, sinceMs };
  }

  /** How many rows of the last count are unknown, for causes that there are. */
  unknownByCause(): readonly CauseCount[] {
    return countsByCause(this.#unknown);
  }
}

/** Counts by verdict, told by cause; causes that did not occur are left out. */
export function countsByCause(counts: Column): readonly CauseCount[] {
  return CAUSES.map((cause) => ({ cause, count: counts[verdictOf(cause)]! })).filter(({ count }) => count > 0);
}
