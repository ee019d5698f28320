import { describe, expect, test } from 'vitest';
import { DEFAULT_PATIENCE } from '../../src/act/patience.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { MINUTE, SECOND } from '../../src/domain/units.ts';
import { aHost, anInventory } from '../kit/fleet.ts';
import { move, power } from '../kit/verdicts.ts';
import { oneVmEach, Stage } from './stage.ts';

describe('when nothing is heard', () => {
  test('a migration whose end is never told is found done where its guest is', async () => {
    const stage = new Stage(oneVmEach(2));
    stage.driver.courses.set('vm1', ['silent']);
    stage.want([move('vm1', 'h1', 'h2')]);
    await stage.clock.advance(10 * MINUTE);
    expect(stage.status('vm1')?.state).toBe('done');
    expect(stage.journal.recorded.map(({ outcome }) => outcome?.because)).toEqual([
      'found done: its driver never said how it ended',
    ]);
    expect(stage.clock.pending).toBe(0);
  });

  test('one that came to nothing and was never told has failed', async () => {
    const stage = new Stage(oneVmEach(2));
    stage.driver.courses.set('vm1', ['vanishes', 'well']);
    stage.want([move('vm1', 'h1', 'h2')]);
    await stage.clock.advance(10 * MINUTE);
    expect(stage.journal.recorded.map(({ outcome }) => outcome)).toMatchObject([
      { state: 'failed', because: 'its driver never said how it ended, and vm1 is on h1' },
      { state: 'done' },
    ]);
  });

  test('a host is not switched off when the driver does not say what is on it', async () => {
    const stage = new Stage(anInventory({ hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })] }));
    stage.driver.inventory = () => new Promise(() => undefined);
    stage.want([power('h1', 'off')]);
    await stage.clock.advance(10 * MINUTE);
    expect(stage.standing('h1')).toBe(
      'failed: not switched off: h1 could not be looked at once more: no answer within 2 min 30 s',
    );
    expect(stage.journal.recorded).toEqual([]);
  });

  test('a host that is being looked at once more is not switched off after a pause has begun', async () => {
    const stage = new Stage(anInventory({ hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })] }));
    stage.want([power('h1', 'off')]);
    stage.executor.pause();
    await stage.clock.advance(10 * MINUTE);
    expect(stage.standing('h1')).toBe('cancelled: Drover is paused');
    expect(stage.driver.power.get('h1')).toBe('on');
  });

  test.each([
    ['nobody wants that any more', [], 'cancelled: no longer wanted', 'on'],
    ['it is wanted again after all', [power('h1', 'off')], 'done', 'off'],
  ] as const)('a host that is being looked at once more, and %s', async (_, wanted, standing, state) => {
    const stage = new Stage(anInventory({ hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })] }));
    stage.want([power('h1', 'off')]);
    stage.executor.withdraw();
    stage.want(wanted);
    await stage.clock.advance(10 * MINUTE);
    expect(stage.standing('h1')).toBe(standing);
    expect(stage.driver.power.get('h1')).toBe(state);
  });
});

test('nothing is begun by what was seen long ago', async () => {
  const stage = new Stage(oneVmEach(3), DEFAULT_LIMITS, [], DEFAULT_PATIENCE);
  stage.driver.secondsOf.set('vm1', 600);
  stage.want([move('vm1', 'h1', 'h2'), move('vm3', 'h3', 'h2')]);
  await stage.clock.advance(11 * MINUTE);
  expect(stage.standing('vm3')).toMatch(/^queued: waits for a new snapshot: the last is 1[01] min/);
  stage.executor.observe(stage.snapshot());
  await stage.clock.advance(20 * SECOND);
  expect(stage.standing('vm3')).toBe('done');
});

test('a clock that was put back does not make the newest snapshot an old one', async () => {
  const stage = new Stage(oneVmEach(3));
  stage.want([move('vm1', 'h1', 'h2')]);
  await stage.clock.advance(MINUTE);
  stage.driver.place.set('vm1', 'h3');
  for (let look = 0; look < 3; look++) {
    const snapshot = stage.snapshot();
    stage.executor.observe({ ...snapshot, atMs: snapshot.atMs - 90 * MINUTE });
  }
  stage.replan(stage.executor, []);
  stage.want([move('vm1', 'h3', 'h1')]);
  await stage.clock.advance(MINUTE);
  expect(stage.driver.place.get('vm1')).toBe('h1');
});
