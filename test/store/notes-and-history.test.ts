import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepareSchema } from '../../src/store/journal-schema.ts';
import { JournalUnwritable } from '../../src/store/journal-trouble.ts';
import { JOURNAL_BOUNDS, SqliteJournal } from '../../src/store/sqlite-journal.ts';
import { DONE, opened, plan, stateFolder, step, verdicts } from './kit.ts';

describe('notes', () => {
  it('outlive the process: the newest of each subject, none of those struck', () => {
    const folder = stateFolder();
    const before = opened(folder);
    before.notes.write('drains', 'h3', { sinceMs: 1 });
    before.notes.write('drains', 'h3', { sinceMs: 2 });
    before.notes.write('drains', 'h4', { sinceMs: 3 });
    before.notes.write('suspects', 'h4', { because: 'it did not come up' });
    before.notes.strike('drains', 'h4');
    before.notes.strike('drains', 'h9');
    before.close();
    const { notes } = opened(folder);
    expect([...notes.all('drains')]).toEqual([['h3', { sinceMs: 2 }]]);
    expect([...notes.all('suspects')]).toEqual([['h4', { because: 'it did not come up' }]]);
    expect(notes.all('nothing').size).toBe(0);
  });

  it('agree with maps kept in memory', () => {
    const action = fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('x', 'y'), fc.option(fc.jsonValue()));
    fc.assert(
      fc.property(fc.array(action, { maxLength: 12 }), (actions) => {
        const { notes } = opened(stateFolder());
        const kept = new Map<string, unknown>();
        for (const [topic, subject, body] of actions) {
          if (body === null) notes.strike(topic, subject);
          else notes.write(topic, subject, body);
          if (body === null) kept.delete(`${topic} ${subject}`);
          else kept.set(`${topic} ${subject}`, JSON.parse(JSON.stringify(body)));
        }
        for (const topic of ['a', 'b'])
          for (const subject of ['x', 'y'])
            expect(notes.all(topic).get(subject)).toEqual(kept.get(`${topic} ${subject}`));
      }),
      { numRuns: 15 },
    );
  });
});

describe('history', () => {
  it('gives cycles newest first, page by page, with what they went by', () => {
    const journal = opened(stateFolder());
    for (const cycle of [3, 4, 5]) journal.recordVerdicts(verdicts(cycle));
    journal.history.recordCase(4, '{"drover":"case/1"}');
    const cycles = (most: number, before?: number) => journal.history.cycles(most, before).map(({ cycle }) => cycle);
    expect(cycles(2)).toEqual([5, 4]);
    expect(cycles(9, 4)).toEqual([3]);
    expect(journal.history.cycle(4)).toEqual({ cycle: 4, verdicts: verdicts(4), hasCase: true });
    expect(journal.history.cycle(5)?.hasCase).toBe(false);
    expect(journal.history.cycle(6)).toBeUndefined();
    expect(journal.history.caseText(4)).toBe('{"drover":"case/1"}');
    expect(journal.history.caseText(5)).toBeUndefined();
  });

  it('finds the plan of a cycle, and the steps of a plan with how they ended', () => {
    const journal = opened(stateFolder());
    journal.recordPlan(plan('p4'));
    journal.beginStep(step('p4-1'), 'p4', 1_000);
    journal.endStep('p4-1', DONE);
    expect(journal.history.planOf(4)).toEqual(plan('p4'));
    expect(journal.history.planOf(5)).toBeUndefined();
    expect(journal.history.stepsOf('p4').map(({ outcome }) => outcome)).toEqual([DONE]);
  });

  it('keeps no more cases than it may, nor more bytes of them', () => {
    const few = opened(stateFolder(), { ...JOURNAL_BOUNDS, cases: 2 });
    for (const cycle of [1, 2, 3]) few.history.recordCase(cycle, `case ${cycle}`);
    expect([1, 2, 3].map((cycle) => few.history.caseText(cycle))).toEqual([undefined, 'case 2', 'case 3']);
    const small = opened(stateFolder(), { ...JOURNAL_BOUNDS, caseBytes: 35 });
    for (const cycle of [1, 2, 3]) small.history.recordCase(cycle, `case ${cycle}`);
    expect(small.history.caseText(1)).toBeUndefined();
    expect(small.history.caseText(3)).toBe('case 3');
    const none = opened(stateFolder(), { ...JOURNAL_BOUNDS, cases: 0 });
    none.history.recordCase(1, 'case 1');
    expect(none.history.caseText(1)).toBeUndefined();
  });
});

/** The tables as the first version had them. */
const VERSION_1 = `
  create table steps (number integer primary key autoincrement, id text not null, plan text not null,
    begun_at_ms real not null, step text not null, outcome text) strict;
  create unique index unfinished_steps on steps (id) where outcome is null;
  create table verdicts (number integer primary key autoincrement, body text not null) strict;
  create table plans (number integer primary key autoincrement, body text not null) strict;
  pragma application_id = ${0x64726f76}; pragma user_version = 1;`;

it('a journal of the first version is brought up to date and loses nothing', () => {
  const folder = join(stateFolder(), 'state');
  mkdirSync(folder);
  const database = new DatabaseSync(join(folder, 'journal.db'));
  database.exec(VERSION_1);
  const add = (sql: string, ...values: (string | number)[]) => database.prepare(sql).run(...values);
  add(
    'insert into steps (id, plan, begun_at_ms, step) values (?, ?, ?, ?)',
    'p7-s1',
    'p7',
    5,
    JSON.stringify(step('p7-s1')),
  );
  add('insert into verdicts (body) values (?)', JSON.stringify(verdicts(7)));
  add('insert into plans (body) values (?)', JSON.stringify(plan('p7')));
  database.close();
  const journal = opened(folder);
  expect(journal.unfinishedSteps().map((recorded) => recorded.step.id)).toEqual(['p7-s1']);
  expect(journal.history.cycles(9)).toEqual([{ cycle: 7, verdicts: verdicts(7), hasCase: false }]);
  expect(journal.history.planOf(7)).toEqual(plan('p7'));
  journal.notes.write('drains', 'h1', {});
});

it('on a full disk, what was acknowledged stays and what was not is refused in words', () => {
  const file = join(stateFolder(), 'journal.db');
  const database = new DatabaseSync(file);
  expect(prepareSchema(database)).toBeUndefined();
  const journal = new SqliteJournal(database, file, JOURNAL_BOUNDS);
  const [pages] = Object.values(database.prepare('pragma page_count').get() ?? {});
  database.exec(`pragma max_page_count = ${Number(pages) + 3}`);
  const acknowledged: string[] = [];
  const refused: string[] = [];
  for (let n = 1; n <= 40; n++) {
    try {
      journal.notes.write('drains', `host ${n}`, { reason: 'x'.repeat(500) });
      acknowledged.push(`host ${n}`);
    } catch (error) {
      if (!(error instanceof JournalUnwritable)) throw error;
      refused.push(error.message);
    }
  }
  expect(acknowledged.length).toBeGreaterThan(5);
  expect(new Set(refused)).toEqual(
    new Set([`The journal ${file} cannot be written: the disk is full; make room on it.`]),
  );
  expect([...journal.notes.all('drains').keys()].sort()).toEqual(acknowledged.sort());
  journal.notes.strike('drains', 'host 1');
  expect(journal.notes.all('drains').has('host 1')).toBe(false);
  journal.close();
});
