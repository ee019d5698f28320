import type { DatabaseSync } from 'node:sqlite';

/** Raise it with every change of the tables below, and add how an older file is brought up to date. */
export const SCHEMA_VERSION = 3;

/** Marks the file as a journal of Drover: "drov" in ASCII. */
const APPLICATION_ID = 0x64726f76;

// A step's id is unique only among the steps that have not ended: the partial index is what makes it impossible to
// record, and hence to issue, one step twice.
const FIRST_TABLES = `
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

const NOTES_AND_HISTORY = `
  create table notes (
    topic text not null,
    subject text not null,
    body text not null,
    primary key (topic, subject)
  ) strict, without rowid;
  create table cases (number integer primary key autoincrement, cycle integer not null, body blob not null) strict;
  create index cases_of_cycle on cases (cycle);
  alter table verdicts add column cycle integer;
  update verdicts set cycle = json_extract(body, '$.snapshotVersion');
  create index verdicts_of_cycle on verdicts (cycle);
  alter table plans add column id text;
  update plans set id = json_extract(body, '$.id');
  create index plans_by_id on plans (id);
  create index steps_of_plan on steps (plan);
`;

const HOOKS_AND_LEDGER = `
  create table hooks (
    number integer primary key autoincrement,
    id text not null,
    step text not null,
    body text not null,
    outcome text
  ) strict;
  create unique index unfinished_hooks on hooks (id) where outcome is null;
  create index hooks_of_step on hooks (step);
  create table ledger (number integer primary key autoincrement, body text not null) strict;
`;

/** What brings a file from each version to the next. */
const STAGES: readonly string[] = [FIRST_TABLES, NOTES_AND_HISTORY, HOOKS_AND_LEDGER];

/** Makes the tables in a new file. Gives what is wrong with a file that this version cannot use, and how to go on. */
export function prepareSchema(database: DatabaseSync): string | undefined {
  const version = pragma(database, 'user_version');
  if (isEmpty(database)) return void bringUpToDate(database, 0);
  if (pragma(database, 'application_id') !== APPLICATION_ID)
    return 'it is a database of another program; move it away or choose another stateFolder';
  if (version > SCHEMA_VERSION)
    return `a newer Drover wrote it (schema ${version}, this one knows ${SCHEMA_VERSION}); run that version or move the file away`;
  const damaged = damage(database, ['steps', ...(version > 1 ? ['notes'] : []), ...(version > 2 ? ['hooks'] : [])]);
  if (damaged === undefined && version < SCHEMA_VERSION) bringUpToDate(database, version);
  return damaged;
}

/** Before this version there was no history to be read. */
const FIRST_WITH_HISTORY = 2;

/** Why the past cannot be read from a file that must not be changed. */
export function unreadableBecause(database: DatabaseSync): string | undefined {
  if (pragma(database, 'application_id') !== APPLICATION_ID) return 'it is a database of another program';
  const version = pragma(database, 'user_version');
  if (version > SCHEMA_VERSION) return `a newer Drover wrote it (schema ${version}, this one knows ${SCHEMA_VERSION})`;
  return version < FIRST_WITH_HISTORY ? 'an older Drover wrote it; start this one there once' : undefined;
}

function bringUpToDate(database: DatabaseSync, version: number): void {
  database.exec(`begin immediate; ${STAGES.slice(version).join('\n')}
    pragma application_id = ${APPLICATION_ID}; pragma user_version = ${SCHEMA_VERSION}; commit`);
}

/** Only what a restart relies on is checked: history may be large. */
function damage(database: DatabaseSync, tables: readonly string[]): string | undefined {
  const isWhole = (table: string) =>
    Object.values(database.prepare(`pragma quick_check('${table}')`).get() ?? {})[0] === 'ok';
  return tables.every(isWhole) ? undefined : 'it is damaged; move it away, or restore it from a backup';
}

function isEmpty(database: DatabaseSync): boolean {
  return database.prepare('select 1 from sqlite_schema limit 1').get() === undefined;
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0]);
}
