import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { History } from '../ports/history.ts';
import { unreadableBecause } from './journal-schema.ts';
import { troubleWords } from './journal-trouble.ts';
import { SqliteFile } from './sqlite-file.ts';
import { SqliteHistory } from './sqlite-history.ts';

/** The past that a daemon left in its state folder, as long as none is running there. */
export interface OpenPast {
  readonly past: Omit<History, 'recordCase'>;
  readonly file: string;
  close(): void;
}

/** Changes nothing, or says in a sentence why it cannot be read. */
export function openPast(stateFolder: string): OpenPast | { readonly because: string } {
  const file = join(stateFolder, 'journal.db');
  if (!existsSync(file)) return { because: `there is no journal ${file}` };
  const database = new DatabaseSync(file, { open: false, readOnly: true, timeout: 0 });
  try {
    database.open();
    const because = unreadableBecause(database);
    if (because !== undefined) throw new Error(because);
  } catch (error) {
    if (database.isOpen) database.close();
    return { because: `the journal ${file} cannot be read: ${troubleWords(error)}` };
  }
  const past = new SqliteHistory(new SqliteFile(database, file), { cases: 0, caseBytes: 0 });
  return { past, file, close: () => database.close() };
}
