import { describe, expect, test } from 'vitest';
import { Executor } from '../../src/act/executor.ts';
import type { Hook } from '../../src/domain/hook.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { MINUTE, SECOND } from '../../src/domain/units.ts';
import { aHost, anInventory, aVm, many } from '../kit/fleet.ts';
import { eachAccepted, move } from '../kit/verdicts.ts';
import { mortal } from './mortal.ts';
import { oneVmEach, Stage } from './stage.ts';

const call = (program: string) => ({ kind: 'command' as const, command: [program] });

const aHook = (parts: Partial<Hook>): Hook => ({
  id: 'web',
  vms: [],
  vmLabels: {},
  timeoutSeconds: 30,
  onFailure: 'abort',
  tries: 3,
  ...parts,
});

const DRAIN = aHook({ before: call('drain'), after: call('open') });
const WAIT = { most: 3, everySeconds: 5, withinSeconds: 60, ask: call('ask') };

/** Two hosts, vm1 on the first, which is to go to the second. */
function hooked(...hooks: Hook[]): Stage {
  const inventory = anInventory({
    hosts: many(2, (n) => aHost({ id: `h${n}` })),
    vms: [aVm({ id: 'vm1', host: 'h1', labels: { app: 'web' }, liveSessions: 12 })],
  });
  return new Stage(inventory, DEFAULT_LIMITS, hooks);
}

const MOVE = move('vm1', 'h1', 'h2');
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const go = (stage: Stage) => stage.want([MOVE]);

describe('around a migration', () => {
  test('the call before comes first, then sessions are waited for, and the call after comes in the end', async () => {
    const stage = hooked({ ...DRAIN, sessions: WAIT });
    stage.caller.answers.set('sessions', ['9', '{"sessions": 5}', '2\n']);
    go(stage);
    expect(stage.standing('vm1')).toBe('preparing: waits for hook web');
    await stage.clock.advance(3 * SECOND);
    expect(stage.standing('vm1')).toBe(
      'preparing: waits for hook web: 9 sessions, at most 3 wanted; for 59 s at the longest',
    );
    expect(stage.driver.commands).toEqual([]);
    await stage.clock.advance(21.5 * SECOND);
    expect(stage.standing('vm1')).toBe('finishing: waits for hook web, which comes after it');
    await stage.clock.advance(2 * SECOND);
    expect(stage.standing('vm1')).toBe('done');
    const asked = Array.from({ length: 3 }, () => 'ask vm1 h1 → h2');
    expect(stage.caller.calls).toEqual(['drain vm1 h1 → h2', ...asked, 'open vm1 h1 → h2 done']);
    expect(stage.journal.hooks.map(({ hook, outcome }) => [hook, outcome?.state])).toEqual([['web', 'done']]);
  });

  test('several come in their order, and after it in reverse', async () => {
    const stage = hooked(DRAIN, aHook({ id: 'dns', before: call('hide'), after: call('show') }));
    go(stage);
    await stage.clock.advance(MINUTE);
    expect(stage.caller.calls.map((each) => each.split(' ')[0])).toEqual(['drain', 'hide', 'show', 'open']);
  });

  test('sessions that nobody is asked about are those that are measured', async () => {
    const stage = hooked(aHook({ sessions: { most: 12, everySeconds: 5, withinSeconds: 60 } }));
    go(stage);
    await stage.clock.advance(MINUTE);
    expect(stage.standing('vm1')).toBe('done');
  });

  test.each<[string, Partial<Hook>, boolean]>([
    ['all', {}, true],
    ['a name', { vms: ['vm1'] }, true],
    ['another name', { vms: ['vm2'] }, false],
    ['a label', { vmLabels: { app: 'web' } }, true],
    ['another label', { vmLabels: { app: 'db' } }, false],
    ['one label of two', { vmLabels: { app: 'web', stage: 'test' } }, false],
  ])('it is asked for by %s', async (_what, selection, isCalled) => {
    const stage = hooked({ ...DRAIN, ...selection });
    go(stage);
    await stage.clock.advance(MINUTE);
    expect(stage.caller.calls).toHaveLength(isCalled ? 2 : 0);
    expect(stage.driver.place.get('vm1')).toBe('h2');
  });

  test('there are only so many calls at a time, and who waits for a turn says so', async () => {
    const stage = new Stage(oneVmEach(8), DEFAULT_LIMITS, [DRAIN]);
    stage.want(many(4, (n) => move(`vm${n}`, `h${n}`, `h${n + 4}`)));
    expect(stage.standing('vm4')).toBe('preparing: waits for hook web: 3 calls come first');
    await stage.clock.advance(MINUTE);
    expect(stage.caller.mostRunning).toBe(2);
    expect(many(4, (n) => stage.standing(`vm${n}`))).toEqual(['done', 'done', 'done', 'done']);
  });
});

describe('when something goes wrong', () => {
  test('a call before that fails puts the migration off, and all that was begun is ended', async () => {
    const stage = hooked(DRAIN);
    stage.caller.answers.set('before', [{ because: 'no such server' }, '']);
    go(stage);
    await stage.clock.advance(3 * SECOND);
    expect(stage.standing('vm1')).toMatch(/^queued: tried again in .*: hook web: no such server/);
    expect(stage.caller.calls).toEqual(['drain vm1 h1 → h2', 'open vm1 h1 → h2 failed']);
    expect(stage.driver.commands).toEqual([]);
    await stage.clock.advance(2 * MINUTE);
    expect(stage.standing('vm1')).toBe('done');
  });

  test.each([
    ['abort', 'h1'],
    ['go on', 'h2'],
  ] as const)('sessions that stay: %s', async (onFailure, place) => {
    const stage = hooked({ ...DRAIN, sessions: WAIT, onFailure });
    stage.caller.answers.set('sessions', ['9']);
    go(stage);
    await stage.clock.advance(90 * SECOND);
    expect(stage.driver.place.get('vm1')).toBe(place);
    expect(stage.logged.some((line) => line.includes('9 sessions, at most 3 wanted after 1 min'))).toBe(true);
  });

  test('an answer that is no number is no permission', async () => {
    const stage = hooked({ ...DRAIN, sessions: WAIT });
    stage.caller.answers.set('sessions', ['<html>']);
    go(stage);
    await stage.clock.advance(5 * SECOND);
    expect(stage.standing('vm1')).toContain('the answer "<html>" is no number of sessions');
  });

  test('the call after is made whatever became of the migration, and again when it fails', async () => {
    const stage = hooked(DRAIN);
    stage.driver.courses.set('vm1', ['fails', 'well']);
    stage.caller.answers.set('after', [{ because: '503' }, '']);
    go(stage);
    await stage.clock.advance(5 * MINUTE);
    expect(stage.caller.calls).toEqual([
      'drain vm1 h1 → h2',
      'open vm1 h1 → h2 failed',
      'open vm1 h1 → h2 failed',
      'drain vm1 h1 → h2',
      'open vm1 h1 → h2 done',
    ]);
  });

  test('one that never succeeds is told to persons, and the step ends as it would have', async () => {
    const stage = hooked(DRAIN);
    stage.caller.answers.set('after', [{ because: '503' }]);
    go(stage);
    await stage.clock.advance(5 * MINUTE);
    expect(stage.standing('vm1')).toBe('done');
    expect(stage.logged).toContain('hook web after vm1: h1 → h2: 503; that has to be done by hand');
    expect(stage.journal.hooks[0]?.outcome).toMatchObject({ state: 'failed', because: '503' });
  });

  test('cancelling ends the wait, and then what was begun', async () => {
    const stage = hooked(DRAIN);
    stage.caller.answers.set('before', ['hangs']);
    const plan = go(stage);
    await stage.clock.advance(5 * SECOND);
    expect(stage.executor.cancel(plan.steps[0]!.id)).toBeUndefined();
    await stage.clock.advance(5 * SECOND);
    expect(stage.standing('vm1')).toBe('cancelled: cancelled by a person');
    expect(stage.caller.calls).toEqual(['drain vm1 h1 → h2', 'open vm1 h1 → h2 cancelled']);
    expect(stage.driver.commands).toEqual([]);
  });

  test('what is over but for its hooks cannot be cancelled any more', async () => {
    const stage = hooked(DRAIN);
    stage.caller.answers.set('after', ['hangs']);
    const plan = go(stage);
    await stage.clock.advance(15 * SECOND);
    expect(stage.executor.cancel(plan.steps[0]!.id)).toBe('step p1-s1 is over but for its hooks');
  });

  test('a host that goes away during the wait is not migrated to', async () => {
    const stage = hooked({ ...DRAIN, sessions: WAIT });
    stage.caller.answers.set('sessions', ['9', '9', '0']);
    go(stage);
    await stage.clock.advance(5 * SECOND);
    stage.driver.power.set('h2', 'off');
    stage.executor.observe(stage.snapshot());
    await stage.clock.advance(10 * SECOND);
    expect(stage.driver.commands).toEqual([]);
    expect(stage.standing('vm1')).toContain('h2 is off');
  });

  test('nothing is called that the journal could not keep', async () => {
    const stage = hooked(DRAIN);
    stage.journal.trouble = 'the disk is full';
    go(stage);
    await stage.clock.advance(MINUTE);
    expect(stage.caller.calls).toEqual([]);
  });

  test('a stop waits for the call after', async () => {
    const stage = hooked(DRAIN);
    go(stage);
    await stage.clock.advance(5 * SECOND);
    const report = stage.executor.drain();
    await stage.clock.advance(30 * SECOND);
    expect(await report).toMatchObject({ cancelledInFlight: 1 });
    expect(stage.caller.calls.at(-1)).toBe('open vm1 h1 → h2 cancelled');
  });
});

describe('after a restart', () => {
  test.each([
    ['while the call before was under way', 0.5, ['open vm1 h1 → h2 failed']],
    ['while the guest was copied', 5, ['open vm1 h1 → h2 done']],
    ['while the call after was under way', 11.5, ['open vm1 h1 → h2 done']],
    ['when all was over', 20, []],
  ])('%s', async (_when, seconds, calls) => {
    const stage = hooked(DRAIN);
    const first = mortal(stage);
    stage.replan(new Executor({ ...first, log: SILENT, limits: DEFAULT_LIMITS }), eachAccepted([MOVE]));
    await stage.clock.advance(seconds * SECOND);
    first.kill();
    stage.caller.calls.length = 0;
    await stage.executor.reconcile();
    await stage.clock.advance(30 * SECOND);
    stage.executor.observe(stage.snapshot());
    await stage.clock.advance(5 * SECOND);
    expect(stage.caller.calls).toEqual(calls);
    expect(stage.journal.unfinishedHooks()).toEqual([]);
  });

  test('the VM is not migrated again before what is owed for it has been done', async () => {
    const stage = hooked(DRAIN);
    const first = mortal(stage);
    stage.replan(new Executor({ ...first, log: SILENT, limits: DEFAULT_LIMITS }), eachAccepted([MOVE]));
    await stage.clock.advance(0.5 * SECOND);
    first.kill();
    stage.caller.secondsPerCall = 20;
    await stage.executor.reconcile();
    go(stage);
    expect(stage.standing('vm1')).toBe('queued: waits for hook web of the migration before it');
    await stage.clock.advance(2 * MINUTE);
    expect(stage.caller.calls.slice(1).map((each) => each.split(' ')[0])).toEqual(['open', 'drain', 'open']);
    expect(stage.driver.place.get('vm1')).toBe('h2');
  });

  test('what is not configured any more is told', async () => {
    const stage = hooked(DRAIN);
    go(stage);
    await stage.clock.advance(0.5 * SECOND);
    stage.executor.setHooks({ mostAtOnce: 1, around: [] });
    await stage.clock.advance(MINUTE);
    expect(stage.logged.some((line) => line.startsWith('hook web is not configured any more'))).toBe(true);
  });
});
