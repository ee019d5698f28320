import type { Notes } from '../ports/notes.ts';
import { fromJson, toJson } from './lossless-json.ts';
import type { SqliteFile } from './sqlite-file.ts';

export class SqliteNotes implements Notes {
  readonly #file: SqliteFile;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  write(topic: string, subject: string, body: unknown): void {
    const sql = 'insert or replace into notes (topic, subject, body) values (?, ?, ?)';
    this.#file.change(() => this.#file.run(sql, topic, subject, toJson(body)));
  }

  strike(topic: string, subject: string): void {
    this.#file.change(() => this.#file.run('delete from notes where topic = ? and subject = ?', topic, subject));
  }

  all(topic: string): ReadonlyMap<string, unknown> {
    const sql = 'select subject, body from notes where topic = ? order by subject';
    const rows = this.#file.rows<{ readonly subject: string; readonly body: string }>(sql, topic);
    return new Map(rows.map(({ subject, body }) => [subject, fromJson<unknown>(body)]));
  }
}
