import type { DatabaseSync } from 'node:sqlite';

/** Raise it with every change of the tables below, and bring older files up to date in `prepareSchema`. */
export const SCHEMA_VERSION = 1;

/** Marks the file as a journal of Drover: "drov" in ASCII. */
const APPLICATION_ID = 0x64726f76;

// A step's id is unique only among the steps that have not ended: the partial index is what makes it impossible to
// record, and hence to issue, one step twice.
const TABLES = `
  create table steps (
    number integer primary key autoincrement,
    id text not null,
    plan text not null,
    begun_at_ms real not null,
    step text not null,
    outcome text
  ) strict;
  create unique index unfinished_steps on steps (id) where outcome is null;
  create table verdicts (number integer primary key autoincrement, body text not null) strict;
  create table plans (number integer primary key autoincrement, body text not null) strict;
`;

/** Makes the tables in a new file. Gives what is wrong with a file that this version cannot use, and how to go on. */
export function prepareSchema(database: DatabaseSync): string | undefined {
  const version = pragma(database, 'user_version');
  if (isEmpty(database)) return void createTables(database);
  if (pragma(database, 'application_id') !== APPLICATION_ID)
    return 'it is a database of another program; move it away or choose another stateFolder';
  if (version > SCHEMA_VERSION)
    return `a newer Drover wrote it (schema ${version}, this one knows ${SCHEMA_VERSION}); run that version or move the file away`;
  return damage(database);
}

function createTables(database: DatabaseSync): void {
  database.exec(`begin immediate; ${TABLES}
    pragma application_id = ${APPLICATION_ID}; pragma user_version = ${SCHEMA_VERSION}; commit`);
}

/** Only what a restart relies on is checked: history may be large. */
function damage(database: DatabaseSync): string | undefined {
  const [verdict] = Object.values(database.prepare("pragma quick_check('steps')").get() ?? {});
  return verdict === 'ok' ? undefined : 'it is damaged; move it away, or restore it from a backup';
}

function isEmpty(database: DatabaseSync): boolean {
  return database.prepare('select 1 from sqlite_schema limit 1').get() === undefined;
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0]);
}
