import type { Clock, Stop } from '../../../src/ports/clock.ts';

/** Whether one life of the daemon goes on, and whether it gets a processor. What is dead is never called again. */
export class Pulse {
  readonly #clock: Clock;
  readonly #standsStillMs: () => number;
  isDead = false;

  constructor(clock: Clock, standsStillMs: () => number) {
    this.#clock = clock;
    this.#standsStillMs = standsStillMs;
  }

  whenAwake(call: () => void): void {
    if (this.isDead) return;
    const leftMs = this.#standsStillMs();
    if (leftMs > 0) this.#clock.after(leftMs, () => this.whenAwake(call));
    else call();
  }

  /** A promise that is kept only while there is somebody to wait for it. */
  async kept<T>(promise: Promise<T>): Promise<T> {
    const { promise: heard, resolve, reject } = Promise.withResolvers<T>();
    promise.then(
      (value) => this.whenAwake(() => resolve(value)),
      (error: unknown) => this.whenAwake(() => reject(error)),
    );
    return heard;
  }
}

/** The clock as one life of the daemon sees it: it may be wrong, and it does not ring for the dead. */
export class MortalClock implements Clock {
  readonly #clock: Clock;
  readonly #pulse: Pulse;
  readonly #skewMs: () => number;

  constructor(clock: Clock, pulse: Pulse, skewMs: () => number) {
    this.#clock = clock;
    this.#pulse = pulse;
    this.#skewMs = skewMs;
  }

  nowMs(): number {
    return this.#clock.nowMs() + this.#skewMs();
  }

  after(delayMs: number, call: () => void): Stop {
    let isStopped = false;
    const stop = this.#clock.after(delayMs, () => this.#pulse.whenAwake(() => isStopped || call()));
    return () => {
      isStopped = true;
      stop();
    };
  }
}
