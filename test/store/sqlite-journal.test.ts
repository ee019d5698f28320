import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOURNAL_BOUNDS } from '../../src/store/sqlite-journal.ts';
import { DONE, opened, plan, stateFolder, step, verdicts } from './kit.ts';

const ids = (steps: readonly { step: { id: string } }[]) => steps.map((recorded) => recorded.step.id);

describe('steps', () => {
  it('come back as they were recorded, newest first, with their outcome', () => {
    const journal = opened(stateFolder());
    journal.beginStep(step('a'), 'plan 1', 1_000.25);
    journal.beginStep(step('b'), 'plan 1', 2_000);
    journal.endStep('a', DONE);
    expect(journal.recentSteps(10)).toEqual([
      { step: step('b'), plan: 'plan 1', begunAtMs: 2_000, outcome: null },
      { step: step('a'), plan: 'plan 1', begunAtMs: 1_000.25, outcome: DONE },
    ]);
    expect(ids(journal.recentSteps(1))).toEqual(['b']);
  });

  it('that have no outcome are unfinished after the file is opened again', () => {
    const folder = stateFolder();
    const before = opened(folder);
    for (const id of ['a', 'b', 'c']) before.beginStep(step(id), 'plan 1', 1_000);
    before.endStep('b', { state: 'failed', because: 'the target went away', atMs: 2_000 });
    before.close();
    const after = opened(folder);
    expect(ids(after.unfinishedSteps())).toEqual(['a', 'c']);
    expect(after.unfinishedSteps()[0]).toEqual({ step: step('a'), plan: 'plan 1', begunAtMs: 1_000, outcome: null });
  });

  it('cannot begin twice before they end, nor end before they begin', () => {
    const journal = opened(stateFolder());
    journal.beginStep(step('a'), 'plan 1', 1_000);
    expect(() => journal.beginStep(step('a'), 'plan 2', 2_000)).toThrow('Step a has begun already');
    expect(() => journal.endStep('b', DONE)).toThrow('Step b cannot end');
    journal.endStep('a', DONE);
    expect(() => journal.endStep('a', DONE)).toThrow('Step a cannot end');
  });

  it('may carry an id of the past again', () => {
    const journal = opened(stateFolder());
    journal.beginStep(step('a'), 'plan 1', 1_000);
    journal.endStep('a', DONE);
    journal.beginStep(step('a'), 'plan 9', 5_000);
    expect(journal.unfinishedSteps().map((recorded) => recorded.plan)).toEqual(['plan 9']);
    expect(journal.recentSteps(9).map((recorded) => recorded.outcome)).toEqual([null, DONE]);
  });

  it('agree with a list kept in memory, whatever begins, ends and re-opens', () => {
    const action = fc.record({ kind: fc.constantFrom('begin', 'end', 're-open'), id: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 12 }), (actions) => {
        const folder = stateFolder();
        let journal = opened(folder);
        const open: string[] = [];
        for (const { kind, id } of actions) {
          if (kind === 're-open') {
            journal.close();
            journal = opened(folder);
          } else if (kind === 'begin' && !open.includes(id)) {
            journal.beginStep(step(id), 'plan', 1);
            open.push(id);
          } else if (kind === 'end' && open.includes(id)) {
            journal.endStep(id, DONE);
            open.splice(open.indexOf(id), 1);
          }
        }
        expect(ids(journal.unfinishedSteps())).toEqual(open);
        journal.close();
      }),
      { numRuns: 15 },
    );
  });
});

describe('history', () => {
  it('gives verdicts and plans back, newest first', () => {
    const journal = opened(stateFolder());
    for (const version of [1, 2, 3]) journal.recordVerdicts(verdicts(version));
    for (const id of ['p1', 'p2']) journal.recordPlan(plan(id));
    expect(journal.recentVerdicts(2)).toEqual([verdicts(3), verdicts(2)]);
    expect(journal.recentPlans(9)).toEqual([plan('p2'), plan('p1')]);
  });

  it('keeps numbers that JSON has no word for', () => {
    const journal = opened(stateFolder());
    const { efficacy, ...rest } = verdicts(1);
    const odd = { ...rest, efficacy: { ...efficacy, onceCost: Infinity, moves: -Infinity, bytesToCopy: Number.NaN } };
    journal.recordVerdicts(odd);
    expect(journal.recentVerdicts(1)).toEqual([odd]);
  });

  it('is bounded, and never drops a step that has not ended', () => {
    const journal = opened(stateFolder(), { ...JOURNAL_BOUNDS, steps: 3, verdicts: 2, plans: 1 });
    journal.beginStep(step('under way'), 'plan', 1);
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      journal.beginStep(step(id), 'plan', 1);
      journal.endStep(id, DONE);
      journal.recordVerdicts(verdicts(id.charCodeAt(0)));
      journal.recordPlan(plan(id));
    }
    expect(ids(journal.recentSteps(99))).toEqual(['e', 'd', 'c', 'under way']);
    expect(journal.recentVerdicts(99)).toEqual([verdicts(101), verdicts(100)]);
    expect(journal.recentPlans(99)).toEqual([plan('e')]);
  });

  it('has bounds by default', () => {
    expect(Object.values(JOURNAL_BOUNDS).every((most) => Number.isInteger(most) && most > 0)).toBe(true);
  });
});

describe('hooks', () => {
  const HOOK = { id: 's1-web', hook: 'web', step: 's1', vm: 'a', from: 'h1', to: 'h2', begunAtMs: 5 };
  const DONE = { state: 'done', because: '', atMs: 9 } as const;

  it('are owed until they have ended, whoever asks', () => {
    const folder = stateFolder();
    const first = opened(folder);
    first.beginHook(HOOK);
    first.close();
    const second = opened(folder);
    expect(second.unfinishedHooks()).toEqual([{ ...HOOK, outcome: null }]);
    second.endHook(HOOK.id, DONE);
    expect(second.unfinishedHooks()).toEqual([]);
    second.close();
  });

  it('one that is owed cannot begin again', () => {
    const journal = opened(stateFolder());
    journal.beginHook(HOOK);
    expect(() => journal.beginHook(HOOK)).toThrow('cannot be written');
    journal.endHook(HOOK.id, DONE);
    journal.beginHook(HOOK);
    journal.close();
  });
});

it('the ledger of migrations outlives the process, within its bound', () => {
  const folder = stateFolder();
  const took = { seconds: 2, bytes: 3, blackoutMs: 4 };
  const entry = (step: string) => ({
    ...{ step, atMs: 1, move: { kind: 'move' as const, vm: 'a', from: 'h1', to: 'h2' } },
    ...{ predicted: took, modelled: took, realised: { ...took, seconds: 3 }, wasAlone: true },
  });
  const first = opened(folder, { ...JOURNAL_BOUNDS, steps: 2 });
  for (const step of ['s1', 's2', 's3']) first.recordMigration(entry(step));
  first.close();
  const second = opened(folder);
  expect(second.recentMigrations(9)).toEqual([entry('s3'), entry('s2')]);
  second.close();
});
