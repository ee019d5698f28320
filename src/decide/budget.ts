/** The clock is asked once in so many steps: asking takes as long as a step. */
const CLOCK_ASKED_EVERY = 64;

/**
 * How long a search may go on: until it has taken so many steps, or until somebody says that its time is up. A step is a
 * VM for which places are compared, or a group of changes that is tried; it takes microseconds, and what it leads to does
 * not depend on how many. So the same number of steps leads to the same place on every machine.
 */
export class Budget {
  readonly #mostSteps: number;
  readonly #isTimeUp: () => boolean;
  #steps = 0;
  #spentBecause = '';

  /** Zero steps are no limit. */
  constructor(mostSteps: number, isTimeUp: () => boolean) {
    this.#mostSteps = mostSteps;
    this.#isTimeUp = isTimeUp;
  }

  step(): void {
    this.#steps += 1;
    if (this.#spentBecause !== '') return;
    if (this.#mostSteps > 0 && this.#steps >= this.#mostSteps) {
      this.#spentBecause = `no more than ${this.#mostSteps} steps of searching per cycle`;
    } else if (this.#steps % CLOCK_ASKED_EVERY === 0 && this.#isTimeUp()) {
      this.#spentBecause = `the time for searching was up after ${this.#steps} steps`;
    }
  }

  /** Which limit it was; empty while it may go on. */
  get spentBecause(): string {
    return this.#spentBecause;
  }
}
