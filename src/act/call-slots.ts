import type { HookCall, HookFacts } from '../domain/hook.ts';
import type { HookAnswer, HookCaller, HookRun } from '../ports/hook-caller.ts';

interface Waiting {
  readonly begin: () => void;
}

/** So many calls at a time; the others wait their turn, in the order in which they came. */
export class CallSlots {
  readonly #caller: HookCaller;
  readonly #waiting = new Set<Waiting>();
  #most: number;
  #running = 0;

  constructor(caller: HookCaller, most: number) {
    this.#caller = caller;
    this.#most = most;
  }

  /** Zero: nobody has to wait. */
  get ahead(): number {
    return this.#running < this.#most ? 0 : this.#running + this.#waiting.size;
  }

  setMost(most: number): void {
    this.#most = most;
    this.#beginNext();
  }

  call(call: HookCall, facts: HookFacts, timeoutMs: number): HookRun {
    const { promise, resolve } = Promise.withResolvers<HookAnswer>();
    let run: HookRun | undefined;
    const begin = () => {
      this.#running += 1;
      run = this.#caller.call(call, facts, timeoutMs);
      void run.ended.then((answer) => {
        this.#running -= 1;
        resolve(answer);
        this.#beginNext();
      });
    };
    const waiting = { begin };
    this.#waiting.add(waiting);
    this.#beginNext();
    const cancel = () => {
      if (run !== undefined) run.cancel();
      else if (this.#waiting.delete(waiting)) resolve({ state: 'failed', because: 'it was cancelled' });
    };
    return { ended: promise, cancel };
  }

  #beginNext(): void {
    for (const waiting of this.#waiting) {
      if (this.#running >= this.#most) return;
      this.#waiting.delete(waiting);
      waiting.begin();
    }
  }
}
