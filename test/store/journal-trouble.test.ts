import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { prepareSchema, SCHEMA_VERSION } from '../../src/store/journal-schema.ts';
import { JournalUnreadable, JournalUnwritable } from '../../src/store/journal-trouble.ts';
import { JOURNAL_BOUNDS, SqliteJournal } from '../../src/store/sqlite-journal.ts';
import { DONE, opened, refusalOf, stateFolder, step, verdicts } from './kit.ts';

const CHILD = fileURLToPath(new URL('./crashing-daemon.ts', import.meta.url));

/** Leaves a journal in the folder and then does this to its file, as another program would. */
function tampered(sql: string): string {
  const folder = stateFolder();
  opened(folder).close();
  const database = new DatabaseSync(join(folder, 'journal.db'));
  database.exec(sql);
  database.close();
  return folder;
}

describe('opening is refused, in a sentence,', () => {
  it('when the state folder is a file', () => {
    const file = join(stateFolder(), 'state');
    writeFileSync(file, '');
    expect(refusalOf(file)).toMatch(/^The state folder .*state cannot be made: a file of that name .*\.$/);
    expect(refusalOf(join(file, 'deeper'))).toContain('a part of the path is a file');
  });

  it('when a folder stands where the journal should be', () => {
    const folder = stateFolder();
    mkdirSync(join(folder, 'journal.db'));
    expect(refusalOf(folder)).toMatch(/^The journal .*journal\.db cannot be used: it cannot be opened; .*\.$/);
  });

  it('when the file is not a database', () => {
    const folder = stateFolder();
    writeFileSync(join(folder, 'journal.db'), 'dear diary, '.repeat(1_000));
    expect(refusalOf(folder)).toContain('it is not a journal; move it away');
  });

  it('when the pages of the steps are damaged', () => {
    const folder = stateFolder();
    const journal = opened(folder);
    for (let i = 0; i < 100; i++) journal.beginStep(step(`step ${i}`), 'plan', i);
    journal.close();
    const file = join(folder, 'journal.db');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xff, 4096 * 3));
    expect(refusalOf(folder)).toContain('it is damaged; move it away');
  });

  it('when a newer Drover wrote it', () => {
    const newer = tampered(`pragma user_version = ${SCHEMA_VERSION + 1}`);
    expect(refusalOf(newer)).toContain(`a newer Drover wrote it (schema ${SCHEMA_VERSION + 1}, this one knows`);
  });

  it('when the database is that of another program', () => {
    const foreign = stateFolder();
    const database = new DatabaseSync(join(foreign, 'journal.db'));
    database.exec('create table diary (day text)');
    database.close();
    expect(refusalOf(foreign)).toContain('it is a database of another program');
  });

  it('when another journal holds the file, until that one is closed', () => {
    const folder = stateFolder();
    const first = opened(folder);
    expect(refusalOf(folder)).toContain('another process holds it, most likely another Drover daemon');
    first.close();
    opened(folder).beginStep(step('a'), 'plan', 1);
  });
});

describe('a daemon that was killed', () => {
  it('holds nothing any more and leaves its unfinished steps', () => {
    const folder = stateFolder();
    const child = spawnSync(process.execPath, [CHILD, folder], { encoding: 'utf8' });
    expect(child).toMatchObject({ signal: 'SIGKILL', stderr: '' });
    const left = opened(folder).unfinishedSteps();
    expect(left.map((recorded) => recorded.step.id)).toEqual(['never ended']);
  });
});

describe('a journal that fails later', () => {
  function fullJournal(): SqliteJournal {
    const file = join(stateFolder(), 'journal.db');
    const database = new DatabaseSync(file);
    expect(prepareSchema(database)).toBeUndefined();
    database.exec('pragma max_page_count = 9');
    return new SqliteJournal(database, file, JOURNAL_BOUNDS);
  }

  it('says that the disk is full, and keeps what it has', () => {
    const journal = fullJournal();
    journal.beginStep(step('a'), 'plan', 1);
    const { decisions, ...rest } = verdicts(1);
    const large = { ...rest, decisions, limitsHit: ['x'.repeat(100_000)] };
    expect(() => journal.recordVerdicts(large)).toThrow(JournalUnwritable);
    expect(() => journal.recordVerdicts(large)).toThrow(/journal\.db cannot be written: the disk is full; make room/);
    expect(journal.recentVerdicts(1)).toEqual([]);
    journal.endStep('a', DONE);
    expect(journal.unfinishedSteps()).toEqual([]);
  });

  it('throws typed errors once it is closed', () => {
    const journal = opened(stateFolder());
    journal.close();
    journal.close();
    expect(() => journal.recordVerdicts(verdicts(1))).toThrow(JournalUnwritable);
    expect(() => journal.recentVerdicts(1)).toThrow(JournalUnreadable);
  });
});
