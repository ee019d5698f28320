const TICK_MS = 20;
/** A turn that comes later than this was kept from this process by a machine that is busy with something else. */
const MOST_TURN_MS = 100;

/** Time as this process has it: while a busy machine gives it no turn, nobody can say what others did meanwhile. */
export class Turns {
  readonly #timer: NodeJS.Timeout;
  #ms = 0;
  #tickedAtMs = performance.now();

  constructor() {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Since the beginning, without the turns that did not come. */
  get ms(): number {
    return this.#ms + Math.min(MOST_TURN_MS, performance.now() - this.#tickedAtMs);
  }

  /** What is heard now may have happened since then: this process had no turn in between. */
  get sinceMs(): number {
    return this.#ms;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    this.#ms = this.ms;
    this.#tickedAtMs = performance.now();
  }
}
