import type { Clock, Stop } from '../ports/clock.ts';

/** Lets others ask a wait to end early. */
export class Halt {
  readonly #askers = new Set<() => void>();
  #isAsked = false;

  get isAsked(): boolean {
    return this.#isAsked;
  }

  ask(): void {
    this.#isAsked = true;
    for (const call of [...this.#askers]) call();
  }

  whenAsked(call: () => void): Stop {
    this.#askers.add(call);
    return () => this.#askers.delete(call);
  }

  /** Until then, or until it is asked to end. */
  pause(delayMs: number, clock: Clock): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = clock.after(delayMs, resolve);
    const forget = this.whenAsked(resolve);
    return promise.finally(() => {
      stop();
      forget();
    });
  }
}
