import { ENDED, type StepStatus } from '../domain/plan.ts';

/** How long nothing has gone on with the steps of a plan, all of which wait. */
export class Standstill {
  #seen = '';
  #sinceMs = 0;

  /** Zero while something is under way. */
  lastsMs(steps: readonly StepStatus[], nowMs: number): number {
    const open = steps.filter(({ state }) => !ENDED.has(state));
    const seen = open.map(({ step: { id }, state }) => `${id} ${state}`).join();
    const goesOn = open.length === 0 || open.some(({ state }) => state !== 'queued');
    if (goesOn || seen !== this.#seen) this.#sinceMs = nowMs;
    this.#seen = seen;
    return nowMs - this.#sinceMs;
  }
}
