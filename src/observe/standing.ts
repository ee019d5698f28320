import type { Column } from '../domain/columns.ts';
import type { Cause, Trust } from './trust-gate.ts';
import { CAUSES, causeOf, verdictOf } from './trust-gate.ts';

export interface CauseCount {
  readonly cause: Cause;
  readonly count: number;
}

const MISSING = verdictOf('missing');

/** Per row: known, or unknown for which cause; and since when. */
export class Standing {
  #verdict = new Uint8Array(0);
  #sinceMs = new Float64Array(0);
  readonly #unknown = new Uint32Array(CAUSES.length + 1);

  get verdict(): Column {
    return this.#verdict;
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
  }

  clear(row: number, nowMs: number): void {
    this.#verdict[row] = MISSING;
    this.#sinceMs[row] = nowMs;
  }

  /** Judges the listed rows by the verdicts found, row by row, and counts them anew. */
  judge(rowAt: Column, found: Column, nowMs: number): void {
    const verdict = this.#verdict;
    const unknown = this.#unknown.fill(0);
    for (let index = 0; index < rowAt.length; index++) {
      const row = rowAt[index]!;
      const now = found[row]!;
      unknown[now]! += 1;
      if (verdict[row] === now) continue;
      verdict[row] = now;
      this.#sinceMs[row] = nowMs;
    }
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
