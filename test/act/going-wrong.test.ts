import { describe, expect, test } from 'vitest';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { GIB, HOUR, MINUTE, SECOND } from '../../src/domain/units.ts';
import { aHost, anInventory, aVm } from '../kit/fleet.ts';
import { move, power } from '../kit/verdicts.ts';
import { oneVmEach, Stage } from './stage.ts';

describe('when something goes wrong', () => {
  test('a migration that failed is tried once more', async () => {
    const stage = new Stage(oneVmEach(2));
    stage.driver.courses.set('vm1', ['fails', 'well']);
    stage.want([move('vm1', 'h1', 'h2')]);
    await stage.clock.advance(12 * SECOND);
    expect(stage.standing('vm1')).toMatch(/^queued: tried again in \d+ s: the target refused$/);
    await stage.clock.advance(MINUTE);
    expect(stage.standing('vm1')).toBe('done');
    expect(stage.driver.wrongs).toEqual([]);
    expect(stage.journal.recorded.map(({ step, outcome }) => [step.id, outcome?.state])).toEqual([
      ['p1-s1', 'failed'],
      ['p1-s1-try2', 'done'],
    ]);
  });

  test('one that fails after what was planned was withdrawn is not tried again', async () => {
    const stage = new Stage(oneVmEach(2));
    stage.driver.courses.set('vm1', ['fails', 'well']);
    stage.want([move('vm1', 'h1', 'h2')]);
    stage.executor.withdraw();
    await stage.clock.advance(5 * MINUTE);
    expect(stage.standing('vm1')).toBe('failed: the target refused');
    expect(stage.driver.commands).toHaveLength(1);
  });

  test('what depends on a step that failed for good is cancelled', async () => {
    const full = (id: string) => aHost({ id, capacity: { memoryBytes: 4 * GIB } });
    const stage = new Stage(
      anInventory({
        hosts: [full('h1'), full('h2'), full('h3')],
        vms: [aVm({ id: 'vm1', host: 'h1' }), aVm({ id: 'vm2', host: 'h2' })],
      }),
    );
    stage.driver.courses.set('vm2', ['fails']);
    stage.want([move('vm1', 'h1', 'h2'), move('vm2', 'h2', 'h3')]);
    await stage.clock.advance(10 * MINUTE);
    expect(stage.standing('vm2')).toBe('failed: the target refused');
    expect(stage.standing('vm1')).toBe('cancelled: cancelled because p1-s1 failed');
  });

  test.each([
    ['the target is drained', 'h2', { maintenance: true }, 'overtaken: h2 takes nobody in: it is under maintenance'],
    ['the source is lost and boots again', 'h1', { power: 'booting' }, 'queued: waits for h1: it is booting'],
  ] as const)('a migration does not begin once %s', async (_, id, becomes, standing) => {
    const stage = new Stage(oneVmEach(2));
    stage.executor.pause();
    stage.want([move('vm1', 'h1', 'h2')]);
    const { hosts, ...rest } = stage.driver.inventoryNow;
    const changed = hosts.map((host) => (host.id === id ? { ...host, ...becomes } : host));
    stage.executor.observe(toSnapshot({ ...rest, hosts: changed }, 2));
    stage.executor.resume();
    await stage.clock.advance(MINUTE);
    expect(stage.standing('vm1')).toBe(standing);
    expect(stage.driver.commands).toEqual([]);
  });

  test('a migration without progress is given up', async () => {
    const stage = new Stage(oneVmEach(2));
    stage.driver.courses.set('vm1', ['stalls']);
    stage.want([move('vm1', 'h1', 'h2')]);
    await stage.clock.advance(HOUR);
    expect(stage.standing('vm1')).toBe('failed: no progress for 2 min 30 s');
    expect(stage.driver.place.get('vm1')).toBe('h1');
    expect(stage.clock.pending).toBe(0);
  });

  test.each([90, -90, 3, -3])(
    'a clock that jumps by %i min, again and again, ends no healthy migration',
    async (minutes) => {
      const stage = new Stage(oneVmEach(2));
      stage.driver.secondsOf.set('vm1', 900);
      stage.want([move('vm1', 'h1', 'h2')]);
      for (let jump = 0; jump < 17; jump++) {
        await stage.clock.advance(MINUTE + jump * SECOND);
        stage.skewMs += minutes * MINUTE;
      }
      expect(stage.standing('vm1')).toBe('done');
      expect(stage.driver.commands).toHaveLength(1);
    },
  );

  test.each([90, -90])('one without progress is given up although the clock jumps by %i min', async (minutes) => {
    const stage = new Stage(oneVmEach(2));
    stage.driver.courses.set('vm1', ['stalls']);
    stage.want([move('vm1', 'h1', 'h2')]);
    await stage.clock.advance(MINUTE);
    stage.skewMs = minutes * MINUTE;
    await stage.clock.advance(5 * MINUTE);
    expect(stage.journal.recorded[0]?.outcome).toMatchObject({
      state: 'failed',
      because: expect.stringMatching(/^no progress/),
    });
  });

  test('a guest that writes faster than it can be copied is given up', async () => {
    const stage = new Stage(oneVmEach(2));
    stage.driver.courses.set('vm1', ['endless']);
    stage.want([move('vm1', 'h1', 'h2')]);
    await stage.clock.advance(3 * HOUR);
    expect(stage.standing('vm1')).toMatch(/^failed: not done after 53 min 20 s: the guest writes faster/);
  });

  test('a host at which one migration after the other failed rests', async () => {
    const stage = new Stage(oneVmEach(5));
    for (const vm of ['vm1', 'vm2', 'vm3']) stage.driver.courses.set(vm, ['fails', 'fails', 'well']);
    stage.want(['1', '2', '3'].map((n) => move(`vm${n}`, `h${n}`, 'h5')));
    await stage.clock.advance(2 * MINUTE);
    expect(stage.executor.steps.map(({ because }) => because)).toContainEqual(
      expect.stringMatching(/^waits for h5: \d migrations in a row failed there, tried again in \d min/),
    );
    await stage.clock.advance(2 * HOUR);
    expect(stage.executor.steps.filter(({ state }) => state === 'queued')).toEqual([]);
  });

  test('nothing is commanded that the journal could not keep, nor anything after', async () => {
    const stage = new Stage(oneVmEach(4));
    stage.journal.trouble = 'the disk is full';
    stage.want([move('vm1', 'h1', 'h2'), move('vm3', 'h3', 'h4')]);
    await stage.clock.advance(HOUR);
    expect(stage.driver.commands).toEqual([]);
    expect(stage.executor.stoppedBecause).toBe(
      'the journal failed (the disk is full); once that is mended, start Drover again',
    );
    expect(stage.standing('vm1')).toBe(
      'queued: waits: the journal failed (the disk is full); once that is mended, start Drover again',
    );
    expect(stage.logged).toEqual([
      'nothing is started any more: the journal failed (the disk is full); once that is mended, start Drover again',
    ]);
  });
});

describe('power', () => {
  const twoHosts = () =>
    anInventory({ hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })], vms: [aVm({ id: 'vm2', host: 'h2' })] });

  test('a host is not switched off under a VM that came at the last moment', async () => {
    const stage = new Stage(twoHosts());
    stage.executor.pause();
    stage.want([power('h1', 'off')]);
    stage.driver.place.set('vm2', 'h1');
    stage.executor.resume();
    await stage.clock.advance(MINUTE);
    expect(stage.driver.commands).toEqual([]);
    expect(stage.standing('h1')).toBe('failed: not switched off: vm2 runs on h1');
    expect(stage.journal.recorded).toEqual([]);
  });

  test('a host is not switched off that cannot be looked at', async () => {
    const stage = new Stage(twoHosts());
    stage.driver.inventoryTrouble = 'connection lost';
    stage.want([power('h1', 'off')]);
    await stage.clock.advance(MINUTE);
    expect(stage.standing('h1')).toBe('failed: not switched off: h1 could not be looked at once more: connection lost');
  });

  test('a host is not switched off whose metrics are not trusted', async () => {
    const inventory = twoHosts();
    const stage = new Stage({
      ...inventory,
      hosts: inventory.hosts.map((host) => ({
        ...host,
        known: false,
        doubt: 'no sample of its memory has come for more than 45 s',
      })),
    });
    stage.want([power('h1', 'off')]);
    expect(stage.standing('h1')).toBe(
      'failed: not switched off: the metrics of h1 cannot be trusted: no sample of its memory has come for more than 45 s',
    );
  });

  test('a host that does not come up is suspect, and nothing more is done with it', async () => {
    const stage = new Stage(
      anInventory({
        hosts: [aHost({ id: 'h1', power: 'off' }), aHost({ id: 'h2' })],
        vms: [aVm({ id: 'vm2', host: 'h2' })],
      }),
    );
    stage.driver.neverSwitches.add('h1');
    stage.want([power('h1', 'on'), move('vm2', 'h2', 'h1')]);
    await stage.clock.advance(HOUR);
    expect(stage.standing('h1')).toBe('failed: not on after 10 min');
    expect(stage.standing('vm2')).toBe('cancelled: cancelled because p1-s1 failed');
    expect([...stage.executor.suspects]).toEqual(['h1']);
    stage.driver.power.set('h1', 'on');
    stage.want([move('vm2', 'h2', 'h1')]);
    expect(stage.standing('vm2')).toBe('failed: h1 is suspect');
    stage.executor.clearSuspect('h1');
    stage.want([move('vm2', 'h2', 'h1')]);
    expect(stage.standing('vm2')).toBe('preparing');
  });
});
