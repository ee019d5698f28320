import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Verdicts } from '../domain/decision.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { Plan, Step } from '../domain/plan.ts';
import { MIB } from '../domain/units.ts';
import type { Journal, RecordedHook, RecordedStep, StepOutcome } from '../ports/journal.ts';
import { prepareSchema } from './journal-schema.ts';
import { troubleWords } from './journal-trouble.ts';
import { fromJson, toJson } from './lossless-json.ts';
import { SqliteFile } from './sqlite-file.ts';
import { type CaseBounds, SqliteHistory } from './sqlite-history.ts';
import { SqliteNotes } from './sqlite-notes.ts';
import { type HookRow, recordedHook, recordedStep, type StepRow } from './step-row.ts';

/** How much history is kept, at least one of each; older rows go when newer ones come. Unfinished steps always stay. */
export interface JournalBounds extends CaseBounds {
  readonly steps: number;
  readonly verdicts: number;
  readonly plans: number;
}

export const JOURNAL_BOUNDS: JournalBounds = {
  steps: 10_000,
  verdicts: 300,
  plans: 300,
  cases: 100,
  caseBytes: 256 * MIB,
};

/** Why there is no journal, in one sentence. */
export interface JournalRefusal {
  readonly because: string;
}

/** Opens `<stateFolder>/journal.db`, making both if need be. The file belongs to this process until it is closed. */
export function openJournal(
  stateFolder: string,
  bounds: JournalBounds = JOURNAL_BOUNDS,
): SqliteJournal | JournalRefusal {
  try {
    if (!statSync(stateFolder, { throwIfNoEntry: false })?.isDirectory()) makeFolder(stateFolder);
  } catch (error) {
    return { because: `The state folder ${stateFolder} cannot be made: ${troubleWords(error)}.` };
  }
  const file = join(stateFolder, 'journal.db');
  const database = new DatabaseSync(file, { open: false, timeout: 0 });
  const trouble = openDatabase(database);
  if (trouble === undefined) return new SqliteJournal(database, file, bounds);
  if (database.isOpen) database.close();
  return { because: `The journal ${file} cannot be used: ${trouble}.` };
}

/** The same journal, for lives that leave nothing behind. */
export function openJournalInMemory(bounds: JournalBounds = JOURNAL_BOUNDS): SqliteJournal {
  const database = new DatabaseSync(':memory:');
  const trouble = prepareSchema(database);
  if (trouble !== undefined) throw new Error(`a journal in memory cannot be used: ${trouble}`);
  return new SqliteJournal(database, 'in memory', bounds);
}

/** Level by level: below a folder in which none can be made, such as /proc, Node's own recursive way never returns. */
function makeFolder(folder: string): void {
  const parent = dirname(folder);
  if (!existsSync(parent)) makeFolder(parent);
  mkdirSync(folder);
}

/**
 * Taking the file for itself is what refuses a second daemon: the lock is the operating system's, so it ends with the
 * process however that ends. The lock mode comes before the first read, else WAL would share the file; what is not a
 * journal of ours is left as it was.
 */
function openDatabase(database: DatabaseSync): string | undefined {
  try {
    database.open();
    database.exec('pragma locking_mode = exclusive');
    const trouble = prepareSchema(database);
    if (trouble !== undefined) return trouble;
    database.exec('pragma journal_mode = wal; pragma synchronous = full; begin immediate; commit');
    return undefined;
  } catch (error) {
    return troubleWords(error);
  }
}

export class SqliteJournal implements Journal {
  readonly notes: SqliteNotes;
  readonly history: SqliteHistory;
  readonly #file: SqliteFile;
  readonly #bounds: JournalBounds;

  /** The database must have passed `prepareSchema`. */
  constructor(database: DatabaseSync, name: string, bounds: JournalBounds) {
    this.#file = new SqliteFile(database, name);
    this.#bounds = bounds;
    this.notes = new SqliteNotes(this.#file);
    this.history = new SqliteHistory(this.#file, bounds);
  }

  beginStep(step: Step, plan: string, atMs: number): void {
    if (this.#unfinished(step.id)) throw new Error(`Step ${step.id} has begun already and has not ended.`);
    this.#file.change(() => {
      const sql = 'insert into steps (id, plan, begun_at_ms, step) values (?, ?, ?, ?)';
      const number = this.#file.run(sql, step.id, plan, atMs, toJson(step));
      const surplus = 'delete from steps where number <= ? and outcome is not null';
      this.#file.run(surplus, number - this.#bounds.steps);
    });
  }

  endStep(stepId: string, outcome: StepOutcome): void {
    if (!this.#unfinished(stepId)) throw new Error(`Step ${stepId} cannot end: it is not under way.`);
    const sql = 'update steps set outcome = ? where id = ? and outcome is null';
    this.#file.change(() => this.#file.run(sql, toJson(outcome), stepId));
  }

  /** Oldest first: the order in which they were begun. */
  unfinishedSteps(): readonly RecordedStep[] {
    return this.#file.rows<StepRow>('select * from steps where outcome is null order by number').map(recordedStep);
  }

  beginHook(hook: Omit<RecordedHook, 'outcome'>): void {
    this.#file.change(() => {
      const sql = 'insert into hooks (id, step, body) values (?, ?, ?)';
      const number = this.#file.run(sql, hook.id, hook.step, toJson(hook));
      const surplus = 'delete from hooks where number <= ? and outcome is not null';
      this.#file.run(surplus, number - this.#bounds.steps);
    });
  }

  endHook(hookId: string, outcome: StepOutcome): void {
    const sql = 'update hooks set outcome = ? where id = ? and outcome is null';
    this.#file.change(() => this.#file.run(sql, toJson(outcome), hookId));
  }

  unfinishedHooks(): readonly RecordedHook[] {
    return this.#file.rows<HookRow>('select * from hooks where outcome is null order by number').map(recordedHook);
  }

  recordMigration(entry: LedgerEntry): void {
    this.#file.change(() => {
      const number = this.#file.run('insert into ledger (body) values (?)', toJson(entry));
      this.#file.run('delete from ledger where number <= ?', number - this.#bounds.steps);
    });
  }

  recentMigrations(most: number): readonly LedgerEntry[] {
    return this.history.migrations(most);
  }

  recordVerdicts(verdicts: Verdicts): void {
    this.#file.change(() => {
      const sql = 'insert into verdicts (body, cycle) values (?, ?)';
      const number = this.#file.run(sql, toJson(verdicts), verdicts.snapshotVersion);
      this.#file.run('delete from verdicts where number <= ?', number - this.#bounds.verdicts);
    });
  }

  recordPlan(plan: Plan): void {
    this.#file.change(() => {
      const number = this.#file.run('insert into plans (body, id) values (?, ?)', toJson(plan), plan.id);
      this.#file.run('delete from plans where number <= ?', number - this.#bounds.plans);
    });
  }

  recentSteps(most: number): readonly RecordedStep[] {
    return this.#file.rows<StepRow>('select * from steps order by number desc limit ?', most).map(recordedStep);
  }

  recentVerdicts(most: number): readonly Verdicts[] {
    return this.#recent<Verdicts>('verdicts', most);
  }

  recentPlans(most: number): readonly Plan[] {
    return this.#recent<Plan>('plans', most);
  }

  close(): void {
    this.#file.close();
  }

  #unfinished(stepId: string): boolean {
    return this.#file.row('select 1 from steps where id = ? and outcome is null', stepId) !== undefined;
  }

  #recent<T>(table: 'verdicts' | 'plans', most: number): T[] {
    const rows = this.#file.rows<{ readonly body: string }>(
      `select body from ${table} order by number desc limit ?`,
      most,
    );
    return rows.map((row) => fromJson<T>(row.body));
  }
}
