import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { JournalUnreadable, JournalUnwritable } from './journal-trouble.ts';

type Value = string | number | null | Uint8Array;

/** The open database of a journal; whatever goes wrong with it is told as trouble of the journal. */
export class SqliteFile {
  readonly #database: DatabaseSync;
  readonly #file: string;
  /** Each text of SQL is compiled once. */
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, file: string) {
    this.#database = database;
    this.#file = file;
  }

  /** The caller vouches for the type: it knows the tables. */
  rows<T>(sql: string, ...values: Value[]): readonly T[] {
    return this.#read(() => this.#sql(sql).all(...values)) as unknown as readonly T[];
  }

  row<T>(sql: string, ...values: Value[]): T | undefined {
    return this.#read(() => this.#sql(sql).get(...values)) as T | undefined;
  }

  /** Within a change: gives the number of the row that was added last. */
  run(sql: string, ...values: Value[]): number {
    return Number(this.#sql(sql).run(...values).lastInsertRowid);
  }

  /** All or nothing, and on disk when it returns. */
  change(change: () => void): void {
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

  close(): void {
    if (this.#database.isOpen) this.#database.close();
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
}
