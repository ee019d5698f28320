import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeCase } from '../../src/case/write-case.ts';
import { DEFAULT_LIMITS, DEFAULT_PRICES, DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { GIB } from '../../src/domain/units.ts';
import { openJournal, type SqliteJournal } from '../../src/store/sqlite-journal.ts';
import { aHost, anInventory, NOON_MS } from '../kit/fleet.ts';
import { aDecision, move, theVerdicts } from '../kit/verdicts.ts';
import { drover, folderWith } from './console.ts';

const MOVE = move('web', 'h1', 'h2');
const CASE = {
  inventory: anInventory({ hosts: [aHost({ id: 'h1' })] }),
  limits: DEFAULT_LIMITS,
  prices: DEFAULT_PRICES,
  profile: DEFAULT_PROFILE,
  power: true,
};

/** The state folder of a daemon that is gone. */
function left(record: (journal: SqliteJournal) => void): string {
  const folder = folderWith();
  const journal = openJournal(folder);
  if ('because' in journal) throw new Error(journal.because);
  record(journal);
  journal.close();
  return folder;
}

describe('what a daemon left behind can be read without one', () => {
  test('its cycles, and one of them', async () => {
    const folder = left((journal) => journal.recordVerdicts(theVerdicts([aDecision([MOVE])], 7)));
    expect((await drover(['history', '--state', folder])).out).toMatch(/ 7 .* web: h1 → h2/);
    expect((await drover(['history', '7', '--state', folder])).out).toMatch(/^cycle 7 at /);
    expect(await drover(['history', '8', '--state', folder])).toMatchObject({
      exitCode: 1,
      said: [`drover: there is no cycle 8 in ${join(folder, 'journal.db')} (any more)`],
    });
  });

  test('a cycle that kept its case is decided again', async () => {
    const folder = left((journal) => {
      journal.recordVerdicts(theVerdicts([], 7));
      journal.history.recordCase(7, writeCase(CASE));
    });
    expect(await drover(['replay', '7', '--state', folder])).toMatchObject({
      exitCode: 0,
      out: 'cycle 7: 0 the same decisions\n',
    });
  });

  test('what migrations were expected to take and took', async () => {
    const predicted = { seconds: 20, bytes: 2 * GIB, blackoutMs: 50 };
    const realised = { seconds: 25, bytes: 3 * GIB, blackoutMs: 80 };
    const entry = { step: 's1', atMs: NOON_MS, move: MOVE, predicted, modelled: predicted, realised, wasAlone: true };
    const folder = left((journal) => journal.recordMigration(entry));
    expect((await drover(['history', '--migrations', '--state', folder])).out.split('\n')[1]).toMatch(
      /^2026-11-20T12:00:00.000Z +20 s +25 s +2\.0 +3\.0 +80 ms +web: h1 → h2$/,
    );
  });

  test('a damaged one is told of in a sentence', async () => {
    const folder = left((journal) => {
      for (let n = 0; n < 300; n++) journal.recordVerdicts(theVerdicts([aDecision([MOVE])], n));
    });
    const file = join(folder, 'journal.db');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(7, 4_096));
    const { exitCode, said } = await drover(['history', '--state', folder]);
    expect({ exitCode, lines: said.length }).toEqual({ exitCode: 1, lines: 1 });
    expect(said[0]).toContain('it is damaged; move it away, or restore it from a backup');
  });

  test('nothing there, no journal there, and one that a daemon holds', async () => {
    const empty = folderWith();
    expect(await drover(['history', '--state', empty])).toMatchObject({
      exitCode: 1,
      said: [`drover: there is no journal ${join(empty, 'journal.db')}`],
    });
    const other = folderWith({ 'journal.db': 'no database at all, but long enough to be looked at as one' });
    expect((await drover(['history', '--state', other])).said[0]).toContain('cannot be read: it is not a journal');
    const held = folderWith();
    const journal = openJournal(held);
    expect((await drover(['history', '--state', held])).said[0]).toContain('another process holds it');
    if (!('because' in journal)) journal.close();
  });
});
