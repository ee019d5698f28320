import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Verdicts } from '../domain/decision.ts';
import type { Plan, Step } from '../domain/plan.ts';
import type { Journal, RecordedStep, StepOutcome } from '../ports/journal.ts';
import { prepareSchema } from './journal-schema.ts';
import { JournalUnreadable, JournalUnwritable, troubleWords } from './journal-trouble.ts';
import { fromJson, toJson } from './lossless-json.ts';

/** How much history is kept, at least one of each; older rows go when newer ones come. Unfinished steps always stay. */
export interface JournalBounds {
  readonly steps: number;
  readonly verdicts: number;
  readonly plans: number;
}

export const JOURNAL_BOUNDS: JournalBounds = { steps: 10_000, verdicts: 300, plans: 300 };

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
    mkdirSync(stateFolder, { recursive: true });
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

interface StepRow {
  readonly plan: string;
  readonly begun_at_ms: number;
  readonly step: string;
  readonly outcome: string | null;
}

export class SqliteJournal implements Journal {
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #bounds: JournalBounds;
  /** Each text of SQL is compiled once. */
  readonly #statements = new Map<string, StatementSync>();

  /** The database must have passed `prepareSchema`. */
  constructor(database: DatabaseSync, file: string, bounds: JournalBounds) {
    this.#database = database;
    this.#file = file;
    this.#bounds = bounds;
  }

  beginStep(step: Step, plan: string, atMs: number): void {
    if (this.#unfinished(step.id)) throw new Error(`Step ${step.id} has begun already and has not ended.`);
    this.#write(() => {
      const sql = 'insert into steps (id, plan, begun_at_ms, step) values (?, ?, ?, ?)';
      const { lastInsertRowid } = this.#sql(sql).run(step.id, plan, atMs, toJson(step));
      const surplus = 'delete from steps where number <= ? and outcome is not null';
      this.#sql(surplus).run(Number(lastInsertRowid) - this.#bounds.steps);
    });
  }

  endStep(stepId: string, outcome: StepOutcome): void {
    if (!this.#unfinished(stepId)) throw new Error(`Step ${stepId} cannot end: it is not under way.`);
    this.#write(() => {
      const sql = 'update steps set outcome = ? where id = ? and outcome is null';
      this.#sql(sql).run(toJson(outcome), stepId);
    });
  }

  /** Oldest first: the order in which they were begun. */
  unfinishedSteps(): readonly RecordedStep[] {
    return this.#steps('select * from steps where outcome is null order by number');
  }

  recordVerdicts(verdicts: Verdicts): void {
    this.#record('verdicts', verdicts);
  }

  recordPlan(plan: Plan): void {
    this.#record('plans', plan);
  }

  recentSteps(most: number): readonly RecordedStep[] {
    return this.#steps('select * from steps order by number desc limit ?', most);
  }

  recentVerdicts(most: number): readonly Verdicts[] {
    return this.#recent<Verdicts>('verdicts', most);
  }

  recentPlans(most: number): readonly Plan[] {
    return this.#recent<Plan>('plans', most);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #unfinished(stepId: string): boolean {
    const sql = 'select 1 from steps where id = ? and outcome is null';
    return this.#read(() => this.#sql(sql).get(stepId)) !== undefined;
  }

  #record(table: 'verdicts' | 'plans', body: Verdicts | Plan): void {
    this.#write(() => {
      const { lastInsertRowid } = this.#sql(`insert into ${table} (body) values (?)`).run(toJson(body));
      this.#sql(`delete from ${table} where number <= ?`).run(Number(lastInsertRowid) - this.#bounds[table]);
    });
  }

  #recent<T>(table: 'verdicts' | 'plans', most: number): T[] {
    const sql = `select body from ${table} order by number desc limit ?`;
    const rows = this.#read(() => this.#sql(sql).all(most)) as unknown as readonly { readonly body: string }[];
    return rows.map((row) => fromJson<T>(row.body));
  }

  #steps(sql: string, ...values: number[]): RecordedStep[] {
    const rows = this.#read(() => this.#sql(sql).all(...values)) as unknown as readonly StepRow[];
    return rows.map((row) => ({
      step: fromJson<Step>(row.step),
      plan: row.plan,
      begunAtMs: row.begun_at_ms,
      outcome: row.outcome === null ? null : fromJson<StepOutcome>(row.outcome),
    }));
  }

  #sql(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }

  #read<T>(query: () => T): T {
    try {
      return query();
    } catch (error) {
      throw new JournalUnreadable(this.#file, error);
    }
  }

  /** All or nothing: a row and the pruning that it calls for. */
  #write(change: () => void): void {
    try {
      this.#database.exec('begin immediate');
      change();
      this.#database.exec('commit');
    } catch (error) {
      // A full disk has rolled back by itself.
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('rollback');
      throw new JournalUnwritable(this.#file, error);
    }
  }
}
