import type { Clock, Stop } from '../ports/clock.ts';

/** Does what is requested soon, one at a time and never twice within the gap; requests meanwhile become one. */
export class Pacing {
  readonly #clock: Clock;
  readonly #gapMs: number;
  readonly #act: (reasons: readonly string[]) => Promise<void>;
  #reasons = new Set<string>();
  #stopWaiting: Stop | undefined;
  #acting = false;
  #stopped = false;
  #lastAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, gapMs: number, act: (reasons: readonly string[]) => Promise<void>) {
    this.#clock = clock;
    this.#gapMs = gapMs;
    this.#act = act;
  }

  request(reason: string): void {
    if (this.#stopped) return;
    this.#reasons.add(reason);
    this.#wait();
  }

  /** At once, whatever the gap; keeps its promise when it is done. */
  begin(reason: string): Promise<void> {
    this.#reasons.add(reason);
    return this.#run();
  }

  stop(): void {
    this.#stopped = true;
    this.#stopWaiting?.();
  }

  #wait(): void {
    if (this.#acting || this.#stopWaiting !== undefined) return;
    // A clock that was put back must not have anybody wait for the time when it was wrong.
    const waitMs = Math.min(this.#gapMs, Math.max(0, this.#lastAtMs + this.#gapMs - this.#clock.nowMs()));
    this.#stopWaiting = this.#clock.after(waitMs, () => void this.#run());
  }

  async #run(): Promise<void> {
    const reasons = [...this.#reasons];
    this.#reasons = new Set();
    this.#stopWaiting?.();
    this.#stopWaiting = undefined;
    this.#acting = true;
    try {
      await this.#act(reasons);
    } finally {
      this.#acting = false;
      this.#lastAtMs = this.#clock.nowMs();
      if (this.#reasons.size > 0 && !this.#stopped) this.#wait();
    }
  }
}
