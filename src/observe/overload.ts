import type { Column } from '../domain/columns.ts';
import { SECOND } from '../domain/units.ts';
import type { Measurements } from './measurements.ts';

export interface OverloadMarks {
  /** Of its processors, above which a host has too much to do. */
  readonly hotShare: number;
  /** What lasts this long counts, whatever was before. */
  readonly hotSeconds: number;
}

/**
 * Which hosts have too much to do: the fast and the slow window agree on it, or it has lasted for long enough. One high
 * minute after a quiet half-hour is neither.
 */
export class Overload {
  readonly #hosts: Measurements;
  readonly #marks: OverloadMarks;
  #wasHot = new Uint8Array(0);

  constructor(hosts: Measurements, marks: OverloadMarks) {
    this.#hosts = hosts;
    this.#marks = marks;
  }

  /** Takes note of what the listed hosts have, by index. */
  list(capacity: Column): void {
    const { held } = this.#hosts.vital;
    const { rowAt } = this.#hosts;
    for (let host = 0; host < rowAt.length; host++) {
      held.limit(rowAt[host]!, capacity[host]! > 0 ? capacity[host]! * this.#marks.hotShare : Infinity);
    }
    const wasHot = new Uint8Array(this.#hosts.rows);
    wasHot.set(this.#wasHot.subarray(0, wasHot.length));
    this.#wasHot = wasHot;
  }

  isHot(row: number): boolean {
    const { windows, held, inUse } = this.#hosts.vital;
    if (!inUse) return false;
    const limit = held.limitOf(row);
    const agree = windows.fast.mean[row]! > limit && windows.slow.mean[row]! > limit;
    return agree || held.heldMs(row) >= this.#marks.hotSeconds * SECOND;
  }

  /** Indexes of the hosts that have become hot since this was asked last. */
  newlyHot(): readonly number[] {
    const { rowAt } = this.#hosts;
    const found: number[] = [];
    for (let host = 0; host < rowAt.length; host++) {
      const row = rowAt[host]!;
      const isHot = this.isHot(row);
      if (isHot && this.#wasHot[row] === 0) found.push(host);
      this.#wasHot[row] = Number(isHot);
    }
    return found;
  }
}
