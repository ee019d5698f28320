import { spanWords } from '../domain/words.ts';
import type { Journal, RecordedHook } from '../ports/journal.ts';
import type { Crew } from './crew.ts';
import { type Aftermath, aftermath, type Sight } from './reconcile.ts';
import { StepRun } from './step-run.ts';
import { powerCeilingMs, type Switching } from './switching.ts';

/**
 * What an earlier process left behind. Steps that were begun and not ended are watched in each snapshot until they are
 * over, and never commanded again; hooks that were begun get their call after as soon as their migration is over.
 */
export class Leftovers {
  readonly #crew: Crew;
  readonly #journal: Journal;
  readonly #switching: Switching;
  readonly #runs = new Set<StepRun>();
  #hooks: readonly RecordedHook[] = [];

  constructor(crew: Crew, journal: Journal, switching: Switching) {
    this.#crew = crew;
    this.#journal = journal;
    this.#switching = switching;
  }

  /** How many steps are still being watched. */
  get size(): number {
    return this.#runs.size;
  }

  get isEmpty(): boolean {
    return this.#runs.size + this.#hooks.length === 0;
  }

  /** Gives the steps that are watched from now on. */
  takeOver(): readonly StepRun[] {
    this.#hooks = this.#journal.unfinishedHooks();
    for (const { step, plan, begunAtMs } of this.#journal.unfinishedSteps()) {
      const run = new StepRun(step, plan);
      run.become(step.change.kind === 'move' ? 'preparing' : 'running', begunAtMs, 'begun before a restart');
      this.#crew.book.takeOver(run);
      this.#runs.add(run);
    }
    return [...this.#runs];
  }

  lookAfter(sight: Sight): void {
    const { writeAhead, ended } = this.#crew;
    for (const run of this.#runs) {
      // What has come about while nobody looked is done, however long that took.
      const found = aftermath(run.step, sight);
      const after = found.kind === 'under way' ? (this.#overdue(run) ?? found) : found;
      if (after.kind === 'under way') continue;
      this.#runs.delete(run);
      writeAhead.end(run.orderId, after.state, after.because);
      ended(run, after.state, after.because);
    }
    if (this.#hooks.length > 0) this.#endHooks(sight);
  }

  #overdue({ step: { change }, startedAtMs }: StepRun): Aftermath | undefined {
    const { clock, gate, patience } = this.#crew;
    if (change.kind === 'move' || startedAtMs === null) return undefined;
    const ceilingMs = powerCeilingMs(change, gate.now.snapshot, patience);
    if (clock.nowMs() - startedAtMs < ceilingMs) return undefined;
    const because = `not ${change.to} after ${spanWords(ceilingMs)}`;
    this.#switching.suspect(change.host, because);
    return { kind: 'ended', state: 'failed', because };
  }

  #endHooks(sight: Sight): void {
    const watched = new Set([...this.#runs].map((run) => run.orderId));
    const due = this.#hooks.filter(({ step }) => !watched.has(step));
    this.#hooks = this.#hooks.filter(({ step }) => watched.has(step));
    for (const hooks of Map.groupBy(due, ({ step }) => step).values()) {
      const { vm, to } = hooks[0]!;
      void this.#crew.hooking.after(hooks, sight.placeOf(vm) === to ? 'done' : 'failed', () => {});
    }
  }
}
