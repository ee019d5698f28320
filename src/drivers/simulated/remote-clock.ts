import type { Clock, Stop } from '../../ports/clock.ts';

/** A Node timer cannot wait for longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Follows the clock of a datacenter in another process: never behind what was heard from there, and never back. */
export class RemoteClock implements Clock {
  #speed = 1;
  #heardMs = 0;
  #heardAtMs = 0;

  /** The first thing to be said; before, time stands still. */
  goAt(speed: number): void {
    this.#speed = speed;
  }

  hear(nowMs: number): void {
    if (nowMs <= this.nowMs()) return;
    this.#heardMs = nowMs;
    this.#heardAtMs = performance.now();
  }

  nowMs(): number {
    if (this.#heardMs === 0) return 0;
    return Math.round(this.#heardMs + (performance.now() - this.#heardAtMs) * this.#speed);
  }

  after(delayMs: number, call: () => void): Stop {
    const dueMs = this.nowMs() + delayMs;
    let timer: NodeJS.Timeout;
    const look = () => {
      const leftMs = dueMs - this.nowMs();
      if (leftMs <= 0) return call();
      timer = setTimeout(look, Math.min(Math.max(1, leftMs / this.#speed), LONGEST_TIMER_MS));
    };
    timer = setTimeout(look, Math.min(Math.max(0, delayMs / this.#speed), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  }
}
