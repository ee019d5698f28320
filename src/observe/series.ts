import { judgeSample, judgeWindow, TRUSTED } from './trust-gate.ts';
import type { WindowShape } from './windows.ts';
import { Windows } from './windows.ts';

/** One metric of all hosts, or of all VMs: what passed the gate, and how the newest sample was judged. */
export class Series {
  readonly windows: Windows;
  #verdict = new Uint8Array(0);
  #ceiling = new Float64Array(0);
  #inUse = false;

  constructor(shape: WindowShape) {
    this.windows = new Windows(shape);
  }

  /** False until there is a first sample: metrics that nobody measures take no memory for windows. */
  get inUse(): boolean {
    return this.#inUse;
  }

  reserve(rows: number): void {
    if (rows <= this.#verdict.length) return;
    const verdict = new Uint8Array(rows);
    verdict.set(this.#verdict);
    const ceiling = new Float64Array(rows).fill(Infinity);
    ceiling.set(this.#ceiling);
    this.#verdict = verdict;
    this.#ceiling = ceiling;
    if (this.#inUse) this.windows.reserve(rows);
  }

  limit(row: number, ceiling: number): void {
    this.#ceiling[row] = ceiling;
  }

  clear(row: number): void {
    this.#verdict[row] = TRUSTED;
    this.#ceiling[row] = Infinity;
    if (this.#inUse) this.windows.clear(row);
  }

  /** Gives the verdict; what is not trusted leaves no trace in the windows. */
  take(row: number, value: number, atMs: number, believedUntilMs: number): number {
    if (!this.#inUse) this.#begin();
    const verdict = judgeSample(value, atMs, this.#ceiling[row]!, believedUntilMs);
    const { windows } = this;
    if (verdict === TRUSTED) {
      if (windows.take(row, value, atMs) && windows.latestAtMs[row] === atMs) this.#verdict[row] = TRUSTED;
    } else if (!(atMs < windows.latestAtMs[row]!)) {
      this.#verdict[row] = verdict;
    }
    return verdict;
  }

  /** Whether this entity was ever measured, well or badly. */
  isMeasured(row: number): boolean {
    return this.#inUse && (this.#verdict[row] !== TRUSTED || this.windows.latestAtMs[row]! >= 0);
  }

  judge(row: number, nowMs: number, staleAfterMs: number): number {
    const verdict = this.#verdict[row]!;
    if (verdict !== TRUSTED) return verdict;
    return judgeWindow(this.windows.fast.samples[row] ?? 0, nowMs - this.windows.latestAtMs[row]!, staleAfterMs);
  }

  #begin(): void {
    this.#inUse = true;
    this.windows.reserve(this.#verdict.length);
  }
}
