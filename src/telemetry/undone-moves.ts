import type { Move } from '../domain/change.ts';
import type { HostId } from '../domain/host.ts';
import type { VmId } from '../domain/vm.ts';

/** VMs whose last move is remembered; beyond that the longest unmoved are forgotten. */
const MOST_VMS = 100_000;

interface Departure {
  readonly from: HostId;
  readonly atMs: number;
}

/** Notices moves that bring a VM back to where it came from not long ago: work that was for nothing. */
export class UndoneMoves {
  readonly #withinMs: number;
  /** In the order of their moves. */
  readonly #last = new Map<VmId, Departure>();

  constructor(withinMs: number) {
    this.#withinMs = withinMs;
  }

  /** True: this move undid the one before it. */
  moved({ vm, from, to }: Move, atMs: number): boolean {
    const before = this.#last.get(vm);
    this.#last.delete(vm);
    this.#last.set(vm, { from, atMs });
    this.#forget(atMs);
    return before !== undefined && before.from === to && atMs - before.atMs <= this.#withinMs;
  }

  #forget(nowMs: number): void {
    for (const [vm, { atMs }] of this.#last) {
      if (nowMs - atMs <= this.#withinMs && this.#last.size <= MOST_VMS) return;
      this.#last.delete(vm);
    }
  }
}
