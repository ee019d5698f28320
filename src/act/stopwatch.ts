import type { Clock, Stop } from '../ports/clock.ts';

/**
 * Time that has passed since it was made. Clocks are put forward and back, and processes stand still: what counts are the
 * alarms that have rung; between two of them the clock is believed as far as the next alarm allows.
 */
export class Stopwatch {
  readonly #clock: Clock;
  #passedMs = 0;
  #alarmAtMs = 0;
  #seenMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#seenMs = clock.nowMs();
  }

  get passedMs(): number {
    const nowMs = this.#clock.nowMs();
    this.#passedMs = Math.min(this.#alarmAtMs, this.#passedMs + Math.max(0, nowMs - this.#seenMs));
    this.#seenMs = nowMs;
    return this.#passedMs;
  }

  /** One alarm at a time: the one before must have rung or been stopped. */
  ringAt(passedMs: number, call: () => void): Stop {
    const delayMs = Math.max(0, passedMs - this.passedMs);
    this.#alarmAtMs = this.#passedMs + delayMs;
    return this.#clock.after(delayMs, () => {
      this.#passedMs = this.#alarmAtMs;
      this.#seenMs = this.#clock.nowMs();
      call();
    });
  }
}
