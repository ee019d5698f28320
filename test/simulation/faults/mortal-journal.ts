import type { Verdicts } from '../../../src/domain/decision.ts';
import type { LedgerEntry } from '../../../src/domain/ledger.ts';
import type { Plan, Step } from '../../../src/domain/plan.ts';
import type { History } from '../../../src/ports/history.ts';
import type { Journal, RecordedHook, RecordedStep, StepOutcome } from '../../../src/ports/journal.ts';
import type { Notes } from '../../../src/ports/notes.ts';
import type { Land } from '../land.ts';
import type { Pulse } from './pulse.ts';

/** When a life is to end: at its next call of this kind, before or after what the call does. */
export interface Trap {
  readonly at: 'begin' | 'end' | 'any';
  readonly when: 'before' | 'after';
  calls: number;
  readonly sprung: () => void;
}

/** The real journal, as one life of the daemon has it: the dead write nothing, and the disk may be full. */
export class MortalJournal implements Journal {
  readonly notes: Notes;
  readonly history: History;
  trap: Trap | undefined;
  readonly #land: Land;
  readonly #pulse: Pulse;
  readonly #kill: () => void;

  constructor(land: Land, pulse: Pulse, kill: () => void) {
    this.#land = land;
    this.#pulse = pulse;
    this.#kill = kill;
    this.history = land.journal.history;
    const { notes } = land.journal;
    this.notes = {
      write: (topic, subject, body) => this.#write('any', () => notes.write(topic, subject, body)),
      strike: (topic, subject) => this.#write('any', () => notes.strike(topic, subject)),
      all: (topic) => notes.all(topic),
    };
  }

  beginStep(step: Step, plan: string, atMs: number): void {
    this.#write('begin', () => {
      this.#land.journal.beginStep(step, plan, atMs);
      this.#land.witness.note({ kind: 'begun', step, plan });
    });
  }

  endStep(stepId: string, outcome: StepOutcome): void {
    this.#write('end', () => {
      this.#land.journal.endStep(stepId, outcome);
      this.#land.witness.note({ kind: 'outcome', id: stepId, outcome });
    });
  }

  recordVerdicts(verdicts: Verdicts): void {
    this.#write('any', () => {
      this.#land.journal.recordVerdicts(verdicts);
      this.#land.witness.note({ kind: 'decided', verdicts });
    });
  }

  recordPlan(plan: Plan): void {
    this.#write('any', () => {
      this.#land.journal.recordPlan(plan);
      this.#land.witness.note({ kind: 'planned', plan });
    });
  }

  beginHook(hook: Omit<RecordedHook, 'outcome'>): void {
    this.#write('any', () => this.#land.journal.beginHook(hook));
  }

  endHook(hookId: string, outcome: StepOutcome): void {
    this.#write('any', () => this.#land.journal.endHook(hookId, outcome));
  }

  recordMigration(entry: LedgerEntry): void {
    this.#write('any', () => this.#land.journal.recordMigration(entry));
  }

  unfinishedHooks(): readonly RecordedHook[] {
    return this.#land.journal.unfinishedHooks();
  }

  recentMigrations(most: number): readonly LedgerEntry[] {
    return this.#land.journal.recentMigrations(most);
  }

  unfinishedSteps(): readonly RecordedStep[] {
    return this.#land.journal.unfinishedSteps();
  }

  recentSteps(most: number): readonly RecordedStep[] {
    return this.#land.journal.recentSteps(most);
  }

  recentVerdicts(most: number): readonly Verdicts[] {
    return this.#land.journal.recentVerdicts(most);
  }

  /** It is opened again by the next life. */
  close(): void {}

  #write(at: Trap['at'], write: () => void): void {
    if (this.#pulse.isDead) return;
    const isDue = this.#isDue(at);
    if (isDue && this.trap?.when === 'before') {
      this.#die();
      return;
    }
    if (this.#land.board.isAt('journal-fails')) {
      this.#land.board.struck('journal-fails', []);
      throw new Error('database or disk is full');
    }
    write();
    if (isDue) this.#die();
  }

  #die(): void {
    this.trap?.sprung();
    this.#kill();
  }

  #isDue(at: Trap['at']): boolean {
    const { trap } = this;
    if (trap === undefined || (trap.at !== 'any' && trap.at !== at)) return false;
    trap.calls -= 1;
    return trap.calls < 0;
  }
}
