import type { Verdicts } from '../../src/domain/decision.ts';
import type { LedgerEntry } from '../../src/domain/ledger.ts';
import type { Plan, Step } from '../../src/domain/plan.ts';
import type { Journal, RecordedHook, RecordedStep, StepOutcome } from '../../src/ports/journal.ts';

/** A journal that outlives executors but not the test. It keeps the rules of the port and can be made to fail. */
export class MemoryJournal implements Journal {
  readonly recorded: RecordedStep[] = [];
  readonly #verdicts: Verdicts[] = [];
  readonly plans: Plan[] = [];
  readonly hooks: RecordedHook[] = [];
  readonly migrations: LedgerEntry[] = [];
  /** Not empty: nothing can be written, because of this. */
  trouble = '';

  beginStep(step: Step, plan: string, begunAtMs: number): void {
    this.#check();
    if (this.unfinishedSteps().some((other) => other.step.id === step.id))
      throw new Error(`${step.id} has begun already`);
    this.recorded.push({ step, plan, begunAtMs, outcome: null });
  }

  endStep(stepId: string, outcome: StepOutcome): void {
    this.#check();
    const at = this.recorded.findIndex((row) => row.step.id === stepId && row.outcome === null);
    const row = this.recorded[at];
    if (row === undefined) throw new Error(`${stepId} is not under way`);
    this.recorded[at] = { ...row, outcome };
  }

  unfinishedSteps(): readonly RecordedStep[] {
    return this.recorded.filter(({ outcome }) => outcome === null);
  }

  beginHook(hook: Omit<RecordedHook, 'outcome'>): void {
    this.#check();
    if (this.unfinishedHooks().some(({ id }) => id === hook.id)) throw new Error(`${hook.id} has begun already`);
    this.hooks.push({ ...hook, outcome: null });
  }

  endHook(hookId: string, outcome: StepOutcome): void {
    this.#check();
    const at = this.hooks.findIndex(({ id, outcome: ended }) => id === hookId && ended === null);
    const hook = this.hooks[at];
    if (hook === undefined) throw new Error(`${hookId} is not under way`);
    this.hooks[at] = { ...hook, outcome };
  }

  unfinishedHooks(): readonly RecordedHook[] {
    return this.hooks.filter(({ outcome }) => outcome === null);
  }

  recordMigration(entry: LedgerEntry): void {
    this.#check();
    this.migrations.push(entry);
  }

  recentMigrations(most: number): readonly LedgerEntry[] {
    return this.migrations.toReversed().slice(0, most);
  }

  recordVerdicts(verdicts: Verdicts): void {
    this.#check();
    this.#verdicts.unshift(verdicts);
  }

  recordPlan(plan: Plan): void {
    this.#check();
    this.plans.unshift(plan);
  }

  recentSteps(most: number): readonly RecordedStep[] {
    return this.recorded.toReversed().slice(0, most);
  }

  recentVerdicts(most: number): readonly Verdicts[] {
    return this.#verdicts.slice(0, most);
  }

  close(): void {}

  #check(): void {
    if (this.trouble !== '') throw new Error(this.trouble);
  }
}
