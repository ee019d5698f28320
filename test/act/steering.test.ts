import { describe, expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../src/domain/units.ts';
import { eachAccepted, move } from '../kit/verdicts.ts';
import { oneVmEach, Stage } from './stage.ts';

describe('a new plan', () => {
  test('keeps what is wanted again under its old id, drops the rest, and lets go on what is under way', async () => {
    const stage = new Stage(oneVmEach(4));
    const first = stage.want([move('vm1', 'h1', 'h2'), move('vm2', 'h2', 'h1'), move('vm3', 'h3', 'h2')]);
    expect(stage.executor.flights()).toHaveLength(1);
    const flying = stage.executor.flights()[0]!.vm;
    const [kept, dropped] = first.steps
      .flatMap(({ change }) => (change.kind === 'move' ? change.vm : []))
      .filter((vm) => vm !== flying);
    const keptStep = stage.status(kept!)!.step;
    stage.want([keptStep.change, move('vm4', 'h4', 'h3')]);
    expect(stage.status(kept!)?.step.id).toBe(keptStep.id);
    expect(stage.standing(dropped!)).toBe('cancelled: plan p2 no longer wants it');
    expect(stage.executor.flights().map(({ vm }) => vm)).toContain(flying);
    await stage.clock.advance(5 * MINUTE);
    expect(stage.driver.wrongs).toEqual([]);
    expect(stage.standing(kept!)).toBe('done');
  });

  test('made twice from one snapshot never gives one id to two commands', async () => {
    const stage = new Stage(oneVmEach(4));
    const snapshot = stage.snapshot();
    for (const change of [move('vm1', 'h1', 'h2'), move('vm3', 'h3', 'h4')]) {
      const step = { decision: 'd', phase: 'improve', change, after: [], startsAtMs: 0, endsAtMs: 0 } as const;
      const plan = {
        id: 'p1',
        atMs: 0,
        steps: [{ id: 'p1-s1', ...step }],
        impossible: [],
        makespanMs: 0,
        lowerBoundMs: 0,
      };
      stage.executor.adopt(plan, snapshot);
    }
    await stage.clock.advance(MINUTE);
    expect(stage.driver.commands).toEqual(['p1-s1: vm1 h1 → h2', 'p1-s1.2: vm3 h3 → h4']);
  });
});

describe('stopping', () => {
  test('cancels what it can, waits for the rest, and says so in figures', async () => {
    const stage = new Stage(oneVmEach(6));
    stage.driver.secondsOf.set('vm1', 5);
    stage.want([move('vm1', 'h1', 'h2'), move('vm3', 'h3', 'h4'), move('vm5', 'h5', 'h6'), move('vm2', 'h2', 'h1')]);
    stage.driver.courses.set('vm5', ['fails']);
    await stage.clock.advance(4 * SECOND);
    const report = stage.executor.drain();
    await stage.clock.advance(MINUTE);
    expect(await report).toEqual({ cancelledQueued: 1, cancelledInFlight: 2, finished: 1, failed: 0 });
    expect(stage.clock.pending).toBe(0);
    expect(stage.driver.wrongs).toEqual([]);
  });

  test('with nothing under way is over at once', async () => {
    const stage = new Stage(oneVmEach(2));
    expect(await stage.executor.drain()).toEqual({ cancelledQueued: 0, cancelledInFlight: 0, finished: 0, failed: 0 });
    stage.want([move('vm1', 'h1', 'h2')]);
    expect(stage.driver.commands).toEqual([]);
  });
});

describe('cancelling a step by hand', () => {
  test.each([
    [0, 'cancelled: cancelled by a person', undefined],
    [9.5, 'done', 'step p1-s1 is too far to be cancelled: the guest is being switched over'],
  ])('after %s s', async (seconds, standing, refusal) => {
    const stage = new Stage(oneVmEach(2));
    const plan = stage.want(eachAccepted([move('vm1', 'h1', 'h2')]).flatMap(({ changes }) => changes));
    await stage.clock.advance(seconds * SECOND);
    expect(stage.executor.cancel(plan.steps[0]!.id)).toBe(refusal);
    await stage.clock.advance(MINUTE);
    expect(stage.standing('vm1')).toBe(standing);
  });

  test('says what it does not know', () => {
    expect(new Stage(oneVmEach(1)).executor.cancel('p9-s9')).toBe('step p9-s9 is neither queued nor under way');
  });
});
