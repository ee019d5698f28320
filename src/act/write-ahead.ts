import type { LedgerEntry } from '../domain/ledger.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal, RecordedHook, StepOutcome } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import type { StepRun } from './step-run.ts';

/** Keeps the journal ahead of the world. Once it cannot be written, nothing may be started any more. */
export class WriteAhead {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #log: Log;
  #brokenBecause = '';

  constructor(journal: Journal, clock: Clock, log: Log) {
    this.#journal = journal;
    this.#clock = clock;
    this.#log = log;
  }

  /** Empty as long as the journal can be relied on. Once it could not be, what it holds lags behind the world. */
  get brokenBecause(): string {
    return this.#brokenBecause;
  }

  /** False: it could not be recorded, and must not be done. */
  begin(run: StepRun): boolean {
    const step = { ...run.step, id: run.orderId };
    return this.#write(() => this.#journal.beginStep(step, run.plan, this.#clock.nowMs()));
  }

  end(orderId: string, state: StepOutcome['state'], because: string): void {
    this.#write(() => this.#journal.endStep(orderId, { state, because, atMs: this.#clock.nowMs() }));
  }

  /** False: it could not be recorded, and must not be called. */
  beginHook(hook: Omit<RecordedHook, 'outcome' | 'begunAtMs'>): boolean {
    return this.#write(() => this.#journal.beginHook({ ...hook, begunAtMs: this.#clock.nowMs() }));
  }

  endHook(hookId: string, state: StepOutcome['state'], because: string): void {
    this.#write(() => this.#journal.endHook(hookId, { state, because, atMs: this.#clock.nowMs() }));
  }

  migrated(entry: LedgerEntry): void {
    this.#write(() => this.#journal.recordMigration(entry));
  }

  #write(write: () => void): boolean {
    try {
      write();
      return true;
    } catch (error) {
      if (this.#brokenBecause === '') this.#break(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  #break(sentence: string): void {
    const trouble = sentence.replace(/\.$/, '');
    this.#brokenBecause = `the journal failed (${trouble}); once that is mended, start Drover again`;
    this.#log.error(`nothing is started any more: ${this.#brokenBecause}`);
  }
}
