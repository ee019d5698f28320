import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/domain/change.ts';
import type { Step } from '../../src/domain/plan.ts';
import { HOUR, MINUTE } from '../../src/domain/units.ts';
import { aHost, anInventory, NOON_MS } from '../kit/fleet.ts';
import { move, power } from '../kit/verdicts.ts';
import { oneVmEach, Stage } from './stage.ts';

const step = (change: Change): Step => ({
  id: 'p1-s1',
  decision: 'd1',
  phase: 'improve',
  change,
  after: [],
  startsAtMs: NOON_MS,
  endsAtMs: NOON_MS,
});

/** A stage on which an earlier daemon began this step and no more. */
function afterCrash(change: Change, happened: (stage: Stage) => void = () => {}): Stage {
  const hosts = anInventory({ hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' }), aHost({ id: 'h3', power: 'off' })] });
  const stage = new Stage({ ...hosts, vms: oneVmEach(1).vms });
  happened(stage);
  stage.journal.beginStep(step(change), 'p1', NOON_MS);
  return stage;
}

describe('after a crash', () => {
  const moveOn = move('vm1', 'h1', 'h2');
  const rows: [string, Change, (stage: Stage) => void, string][] = [
    ['a VM at its target', moveOn, ({ driver }) => driver.place.set('vm1', 'h2'), 'done: found done after a restart'],
    ['a VM at its source', moveOn, () => {}, 'failed: interrupted by a restart: vm1 is on h1'],
    ['a VM that is gone', moveOn, ({ driver }) => driver.place.delete('vm1'), 'overtaken: vm1 is gone'],
    [
      'a host that is on',
      power('h3', 'on'),
      ({ driver }) => driver.power.set('h3', 'on'),
      'done: found done after a restart',
    ],
    ['a host that is off', power('h3', 'on'), () => {}, 'failed: interrupted by a restart: h3 is off'],
    ['a host that is unknown', power('h9', 'on'), () => {}, 'overtaken: h9 is gone'],
  ];
  test.each(rows)('%s', async (_, change, happened, standing) => {
    const stage = afterCrash(change, happened);
    await stage.executor.reconcile();
    expect(stage.standing(change.kind === 'move' ? change.vm : change.host)).toBe(standing);
    expect(stage.journal.unfinishedSteps()).toEqual([]);
  });

  test('where nothing can be reached yet, the first snapshot tells what became of it', async () => {
    const stage = afterCrash(moveOn, ({ driver }) => driver.place.set('vm1', 'h2'));
    const inventory = stage.driver.inventory.bind(stage.driver);
    stage.driver.inventory = async () => {
      throw new Error('no host can be reached');
    };
    await stage.executor.reconcile();
    expect(stage.standing('vm1')).toBe('preparing: begun before a restart');
    stage.driver.inventory = inventory;
    stage.executor.observe(stage.snapshot());
    expect(stage.standing('vm1')).toBe('done: found done after a restart');
  });

  test('a migration still in flight is watched to its end and not ordered again', async () => {
    const stage = afterCrash(moveOn, ({ driver }) => {
      driver.migrate({ id: 'p1-s1', vm: 'vm1', from: 'h1', to: 'h2', how: 'live' }, () => {});
    });
    await stage.executor.reconcile();
    stage.want([moveOn]);
    expect(stage.standing('vm1')).toBe('preparing: begun before a restart');
    await stage.clock.advance(MINUTE);
    stage.executor.observe(stage.snapshot());
    expect(stage.standing('vm1')).toBe('done: found done after a restart');
    expect(stage.driver.commands).toHaveLength(1);
    expect(stage.journal.unfinishedSteps()).toEqual([]);
  });

  test('a host that came up while nobody looked is no suspect, however long nobody looked', async () => {
    const stage = afterCrash(power('h3', 'on'), ({ driver }) => driver.power.set('h3', 'booting'));
    await stage.executor.reconcile();
    await stage.clock.advance(HOUR);
    stage.driver.power.set('h3', 'on');
    stage.executor.observe(stage.snapshot());
    expect(stage.standing('h3')).toBe('done: found done after a restart');
    expect([...stage.executor.suspects]).toEqual([]);
  });

  test('a host that was booting and never comes up is suspect in the end', async () => {
    const stage = afterCrash(power('h3', 'on'), ({ driver }) => driver.power.set('h3', 'booting'));
    await stage.executor.reconcile();
    stage.executor.observe(stage.snapshot());
    expect(stage.standing('h3')).toBe('running: begun before a restart');
    await stage.clock.advance(HOUR);
    stage.executor.observe(stage.snapshot());
    expect(stage.standing('h3')).toBe('failed: not on after 10 min');
    expect([...stage.executor.suspects]).toEqual(['h3']);
  });

  test('stopping does not wait for what an earlier daemon began; it stays in the journal', async () => {
    const stage = afterCrash(power('h3', 'on'), ({ driver }) => driver.power.set('h3', 'booting'));
    await stage.executor.reconcile();
    await stage.executor.drain();
    expect(stage.journal.unfinishedSteps()).toHaveLength(1);
  });
});
