import { describe, expect, test } from 'vitest';
import { POWER_STATES } from '../../src/domain/power.ts';
import { SECOND } from '../../src/domain/units.ts';
import { fleetView, hostDetail, hostStatus, planDetail, stepView, vmStatuses } from '../../src/serve/views.ts';
import { NOON_MS } from '../kit/fleet.ts';
import { aPlan, aStep, aStepStatus, someVerdicts, twoHosts } from './fake-daemon.ts';

describe('hosts', () => {
  test('a moving VM counts where it runs, and holds memory on both hosts', () => {
    const [source, target] = [0, 1].map((h) => hostStatus(twoHosts(), h));
    expect(source).toMatchObject({
      id: 'h1',
      vmCount: 2,
      departing: 1,
      arriving: 0,
      share: { cpu: 41 / 80, memory: 8 / 128 },
    });
    expect(target).toMatchObject({
      id: 'h2',
      vmCount: 0,
      departing: 0,
      arriving: 1,
      share: { cpu: 0, memory: 4 / 128 },
    });
  });

  test('a host that is off draws what its model says', () => {
    expect(hostStatus(twoHosts(), 2)).toMatchObject({ power: 'off', watts: 6, used: { cpuMhz: 0 }, rack: 'r2' });
  });

  test('in detail it names its VMs', () => {
    expect(hostDetail(twoHosts(), 0)).toMatchObject({ vms: ['web', 'db'], make: { cores: 32 } });
  });
});

test('VMs know where they are going', () => {
  expect(vmStatuses(twoHosts(), [0, 1]).map((vm) => vm.movingTo)).toEqual(['h2', null]);
});

test('the fleet in figures', () => {
  const fleet = fleetView(twoHosts(), someVerdicts());
  expect(fleet).toMatchObject({
    hosts: 3,
    vms: 2,
    migrations: 1,
    costPerHour: 1.5,
    violations: 1,
    share: { cpu: 41 / 160 },
  });
  expect(Object.keys(fleet.hostsByPower)).toEqual([...POWER_STATES]);
  expect(fleet.hostsByPower).toMatchObject({ on: 2, off: 1 });
  expect(fleetView(twoHosts(), undefined).costPerHour).toBeNull();
});

test('hosts that are still to be switched on do not count as staying on', () => {
  const refusal = { rule: 'reserve', because: 'too few' };
  const staysOn = ['h1', 'h2', 'h3', 'gone'].map((host) => ({ host, refusal }));
  expect(fleetView(twoHosts(), { ...someVerdicts(), staysOn }).staysOn).toEqual([{ ...refusal, count: 2 }]);
});

describe('steps', () => {
  const rows: [
    about: string,
    status: ReturnType<typeof aStepStatus>,
    share: number | null,
    remainingMs: number | null,
  ][] = [
    ['a migration by its bytes', aStepStatus(), 0.75, 10 * SECOND],
    ['without progress by time', aStepStatus({ progress: null }), 0.25, 15 * SECOND],
    ['over time: never beyond the end', aStepStatus({ progress: null, startedAtMs: NOON_MS - 60 * SECOND }), 1, 0],
    ['queued', aStepStatus({ state: 'queued', startedAtMs: null, progress: null }), null, null],
    ['done', aStepStatus({ state: 'done' }), 1, 0],
    ['failed', aStepStatus({ state: 'failed' }), null, 0],
  ];
  test.each(rows)('%s', (_, status, share, remainingMs) => {
    expect(stepView(status, NOON_MS + 5 * SECOND)).toMatchObject({ share, remainingMs, words: 'web: h1 → h2' });
  });
});

test('a plan in detail has its steps in words', () => {
  const plan = aPlan({ steps: [aStep(), aStep({ id: 's2', after: ['s1'] })] });
  const detail = planDetail({ plan, state: 'under way' }, []);
  expect(detail).toMatchObject({ stepCount: 2, state: 'under way' });
  expect(detail.steps.map(({ words, after }) => [words, after])).toEqual([
    ['web: h1 → h2', []],
    ['web: h1 → h2', ['s1']],
  ]);
});
