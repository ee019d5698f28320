import type { LifecycleState } from './queries.ts';

/** Where a daemon may go from each state. Asking to stop while it is still starting is allowed; coming back is not. */
const ALLOWED: Readonly<Record<LifecycleState, readonly LifecycleState[]>> = {
  starting: ['running', 'draining', 'failed'],
  running: ['draining', 'failed'],
  draining: ['stopped', 'failed'],
  stopped: [],
  failed: [],
};

export const mayBecome = (from: LifecycleState, to: LifecycleState): boolean => ALLOWED[from].includes(to);

export class Lifecycle {
  #state: LifecycleState = 'starting';
  readonly #changed: (state: LifecycleState) => void;

  constructor(changed: (state: LifecycleState) => void) {
    this.#changed = changed;
  }

  get state(): LifecycleState {
    return this.#state;
  }

  /** A transition that the table does not allow is a bug of the caller. */
  become(state: LifecycleState): void {
    if (!mayBecome(this.#state, state)) throw new Error(`a daemon that is ${this.#state} cannot become ${state}`);
    this.#state = state;
    this.#changed(state);
  }
}
