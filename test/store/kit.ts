import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Verdicts } from '../../src/domain/decision.ts';
import type { Plan, Step } from '../../src/domain/plan.ts';
import type { StepOutcome } from '../../src/ports/journal.ts';
import { type JournalBounds, openJournal, SqliteJournal } from '../../src/store/sqlite-journal.ts';

/** A folder of its own for one test, gone when the test has ended. */
export function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'drover-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An open journal; closed when the test has ended, if the test has not done so. */
export function opened(folder: string, bounds?: JournalBounds): SqliteJournal {
  const journal = openJournal(folder, bounds);
  if (!(journal instanceof SqliteJournal)) throw new Error(journal.because);
  onTestFinished(() => journal.close());
  return journal;
}

export function refusalOf(folder: string): string {
  const journal = openJournal(folder);
  if (!(journal instanceof SqliteJournal)) return journal.because;
  journal.close();
  throw new Error('The journal was opened.');
}

export function step(id: string): Step {
  return {
    id,
    decision: `decision of ${id}`,
    phase: 'improve',
    change: { kind: 'move', vm: 'web-17', from: 'h3', to: 'h9' },
    after: ['earlier'],
    startsAtMs: 1_000,
    endsAtMs: 31_000.5,
    migration: { seconds: 30, bytes: 4e9, rounds: 3, blackoutMs: 120, converges: true },
  };
}

export const DONE: StepOutcome = { state: 'done', because: '', atMs: 40_000 };

export function plan(id: string): Plan {
  return { id, atMs: 500, steps: [step(`${id}-1`)], impossible: [], makespanMs: 30_000, lowerBoundMs: 29_000 };
}

export function verdicts(snapshotVersion: number): Verdicts {
  return {
    snapshotVersion,
    atMs: snapshotVersion * 60_000,
    decisions: [],
    violations: [{ rule: 'capacity', because: 'h3 is over-full', vms: ['web-17'], host: 'h3' }],
    unrepaired: [],
    staysOn: [],
    terms: [{ term: 'contention', beforePerHour: 0.5, afterPerHour: 0.1 }],
    efficacy: {
      costBeforePerHour: 0.5,
      costAfterPerHour: 0.1,
      onceCost: 0.02,
      moves: 1,
      switchedOn: 0,
      switchedOff: 0,
      hostsOnBefore: 4,
      hostsOnAfter: 4,
      bytesToCopy: 4e9,
    },
    skipped: [],
    limitsHit: [],
  };
}
