import type { StepOutcome } from '../ports/journal.ts';

/** What became of the work at hand when the executor was told to stop. */
export interface DrainReport {
  readonly cancelledQueued: number;
  readonly cancelledInFlight: number;
  readonly finished: number;
  readonly failed: number;
}

/** Counts how things end while everything comes to rest. */
export class Drain {
  readonly report: Promise<DrainReport>;
  readonly #settle: (report: DrainReport) => void;
  readonly #cancelledQueued: number;
  readonly #ends = { done: 0, overtaken: 0, failed: 0, cancelled: 0 };

  constructor(cancelledQueued: number) {
    const { promise, resolve } = Promise.withResolvers<DrainReport>();
    this.report = promise;
    this.#settle = resolve;
    this.#cancelledQueued = cancelledQueued;
  }

  count(state: StepOutcome['state']): void {
    this.#ends[state] += 1;
  }

  over(): void {
    const { done, overtaken, failed, cancelled } = this.#ends;
    this.#settle({
      cancelledQueued: this.#cancelledQueued,
      cancelledInFlight: cancelled,
      finished: done + overtaken,
      failed,
    });
  }
}
