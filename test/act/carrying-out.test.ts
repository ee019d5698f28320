import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { GIB, HOUR, MINUTE } from '../../src/domain/units.ts';
import { aHost, anInventory, aVm } from '../kit/fleet.ts';
import { aDecision, move, power } from '../kit/verdicts.ts';
import { oneVmEach, Stage } from './stage.ts';

describe('carrying a plan out', () => {
  test('takes a migration through its states and records it before and after', async () => {
    const stage = new Stage(oneVmEach(2));
    const plan = stage.want([move('vm1', 'h1', 'h2')]);
    expect(stage.journal.unfinishedSteps().map(({ step }) => step.id)).toEqual([plan.steps[0]!.id]);
    await stage.clock.advance(MINUTE);
    expect(stage.statesTold('vm1')).toEqual(['preparing', 'copying', 'switching', 'done']);
    expect(stage.driver.place.get('vm1')).toBe('h2');
    expect(stage.journal.recorded.map(({ outcome }) => outcome?.state)).toEqual(['done']);
    expect(stage.executor.ledger).toMatchObject([
      { realised: { seconds: 10 }, predicted: { seconds: plan.steps[0]!.migration!.seconds } },
    ]);
    expect(stage.executor.steps[0]?.measured).toEqual({ seconds: 10, bytes: GIB, blackoutMs: 50 });
  });

  test('starts at once what may run side by side, and says why the rest waits', () => {
    const stage = new Stage(oneVmEach(4));
    stage.want([move('vm1', 'h1', 'h2'), move('vm2', 'h2', 'h1'), move('vm3', 'h3', 'h4')]);
    expect(stage.executor.flights()).toHaveLength(2);
    const waiting = stage.executor.steps.filter(({ state }) => state === 'queued');
    expect(waiting.map(({ because }) => because)).toEqual([
      expect.stringMatching(/^waits for h[12]: 1 of 1 migration in flight$/),
    ]);
  });

  test('the most urgent phase goes first', async () => {
    const stage = new Stage(oneVmEach(3));
    const decisions = [
      aDecision([move('vm1', 'h1', 'h3')], { id: 'a', phase: 'improve' }),
      aDecision([move('vm2', 'h2', 'h3')], { id: 'b', phase: 'repair' }),
    ];
    stage.want([], decisions);
    await stage.clock.advance(MINUTE);
    expect(stage.driver.commands.map((command) => command.split(' ')[1])).toEqual(['vm2', 'vm1']);
  });

  test('switches on, fills, empties and switches off in the order that the room asks for', async () => {
    const inventory = anInventory({
      hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2', power: 'off' })],
      vms: [aVm({ id: 'vm1', host: 'h1' }), aVm({ id: 'vm2', host: 'h1' })],
    });
    const stage = new Stage(inventory);
    stage.want([power('h1', 'off'), move('vm1', 'h1', 'h2'), move('vm2', 'h1', 'h2'), power('h2', 'on')]);
    await stage.clock.advance(HOUR);
    expect(stage.driver.wrongs).toEqual([]);
    expect([...stage.driver.power]).toEqual([
      ['h1', 'off'],
      ['h2', 'on'],
    ]);
    expect(stage.driver.commands[0]).toBe('h2 on');
    expect(stage.driver.commands.at(-1)).toBe('h1 off');
  });

  test('a limit for the cluster holds, and its end wakes what waits elsewhere', async () => {
    const stage = new Stage(oneVmEach(6), { ...DEFAULT_LIMITS, migrationsPerCluster: 1 });
    stage.want([move('vm1', 'h1', 'h2'), move('vm3', 'h3', 'h4'), move('vm5', 'h5', 'h6')]);
    expect(stage.executor.flights()).toHaveLength(1);
    expect(stage.executor.steps.at(-1)?.because).toBe('waits for the cluster: 1 of 1 migration in flight');
    await stage.clock.advance(MINUTE);
    expect(stage.journal.recorded.map(({ outcome }) => outcome?.state)).toEqual(['done', 'done', 'done']);
  });

  test('new limits count at once', () => {
    const stage = new Stage(oneVmEach(4), { ...DEFAULT_LIMITS, migrationsPerCluster: 1 });
    stage.want([move('vm1', 'h1', 'h2'), move('vm3', 'h3', 'h4')]);
    stage.executor.setLimits(DEFAULT_LIMITS);
    expect(stage.executor.flights()).toHaveLength(2);
  });

  test('pausing starts nothing, and resuming does', () => {
    const stage = new Stage(oneVmEach(2));
    stage.executor.pause();
    stage.want([move('vm1', 'h1', 'h2')]);
    expect(stage.standing('vm1')).toBe('queued: waits: Drover is paused');
    stage.executor.resume();
    expect(stage.standing('vm1')).toBe('preparing');
  });
});

describe('when the world got there first', () => {
  const rows: [string, (stage: Stage) => void, string][] = [
    ['is at its target', ({ driver }) => driver.place.set('vm1', 'h2'), 'overtaken: vm1 is on h2 already'],
    ['is elsewhere', ({ driver }) => driver.place.set('vm1', 'h3'), 'overtaken: vm1 is on h3 and no longer on h1'],
    ['is gone', ({ driver }) => driver.place.delete('vm1'), 'overtaken: vm1 is gone'],
  ];
  test.each(rows)('a VM that %s', (_, happens, standing) => {
    const stage = new Stage(oneVmEach(3));
    stage.executor.pause();
    stage.want([move('vm1', 'h1', 'h2')]);
    happens(stage);
    stage.executor.observe(stage.snapshot());
    stage.executor.resume();
    expect(stage.standing('vm1')).toBe(standing);
    expect(stage.driver.commands).toEqual([]);
  });

  test('a host that is on already', () => {
    const stage = new Stage(anInventory({ hosts: [aHost({ id: 'h1', power: 'off' })] }));
    stage.executor.pause();
    stage.want([power('h1', 'on')]);
    stage.driver.power.set('h1', 'on');
    stage.executor.observe(stage.snapshot());
    stage.executor.resume();
    expect(stage.standing('h1')).toBe('overtaken: h1 is on already');
  });

  test('a migration by somebody else holds its tokens and its room', () => {
    const stage = new Stage(oneVmEach(3));
    stage.driver.migrate({ id: 'by hand', vm: 'vm2', from: 'h2', to: 'h3', how: 'live' }, () => {});
    stage.want([move('vm1', 'h1', 'h3')]);
    expect(stage.standing('vm1')).toBe('queued: waits for h3: 1 of 1 migration in flight');
  });

  test('room that somebody else took is waited for', () => {
    const stage = new Stage(
      anInventory({
        hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' }), aHost({ id: 'h3', capacity: { memoryBytes: 8 * GIB } })],
        vms: [
          aVm({ id: 'vm1', host: 'h1', demand: { memoryBytes: 8 * GIB } }),
          aVm({ id: 'vm2', host: 'h2', demand: { memoryBytes: 4 * GIB } }),
        ],
      }),
    );
    stage.executor.pause();
    stage.want([move('vm1', 'h1', 'h3')]);
    stage.driver.place.set('vm2', 'h3');
    stage.executor.observe(stage.snapshot());
    stage.executor.resume();
    expect(stage.standing('vm1')).toBe(
      'queued: waits for h3: h3 has 4 GiB of memory free and vm1 needs 8 GiB of memory',
    );
  });
});
