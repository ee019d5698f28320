import { describe, expect, test } from 'vitest';
import { liveCaseText } from '../../src/case/live-case.ts';
import { readCase } from '../../src/case/read-case.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_LIMITS, DEFAULT_PRICES, DEFAULT_PROFILE, type Limits } from '../../src/domain/profile.ts';
import type { Rule } from '../../src/domain/rule.ts';
import { aHost, anInventory, aVm } from '../kit/fleet.ts';

const COURSE = { profile: DEFAULT_PROFILE, prices: DEFAULT_PRICES, power: true };

function readBack(rules: readonly Rule[], limits: Partial<Limits> = {}) {
  const snapshot = toSnapshot(
    anInventory({
      hosts: [aHost({ id: 'h1', labels: { disk: 'ssd' } }), aHost({ id: 'h2' })],
      vms: [aVm({ id: 'a', host: 'h1' }), aVm({ id: 'b', host: 'h2' })],
      rules,
    }),
  );
  const read = readCase(liveCaseText(snapshot, { ...COURSE, limits: { ...DEFAULT_LIMITS, ...limits } }), 'live');
  if (Array.isArray(read)) throw new Error(read[0]?.what);
  return read;
}

describe('what is said of hosts and VMs that are not there is left out of the case of a running datacenter', () => {
  const runOn = { kind: 'run-on' as const, id: 'r', vmLabels: {}, hostLabels: {} };
  test.each<[string, Rule, Rule | undefined]>([
    [
      'names of some',
      { kind: 'anti-affinity', id: 'r', vms: ['a', 'gone', 'b'], level: 'host' },
      { kind: 'anti-affinity', id: 'r', vms: ['a', 'b'], level: 'host' },
    ],
    ['all but one', { kind: 'anti-affinity', id: 'r', vms: ['a', 'gone'], level: 'host' }, undefined],
    ['a host', { ...runOn, vms: ['a'], hosts: ['h1', 'gone'] }, { ...runOn, vms: ['a'], hosts: ['h1'] }],
    ['all VMs', { ...runOn, vms: ['gone'], hosts: ['h1'] }, undefined],
    ['a label', { ...runOn, vms: [], vmLabels: { app: 'gone' }, hosts: ['h1'] }, undefined],
    [
      'a label beside a name',
      { ...runOn, vms: ['a'], hosts: ['h1'], hostLabels: { disk: 'gone' } },
      { ...runOn, vms: ['a'], hosts: ['h1'] },
    ],
    [
      'a job',
      {
        kind: 'backups',
        id: 'r',
        most: 1,
        hosts: [],
        hostLabels: { disk: 'ssd' },
        jobs: [
          { startMinute: 0, minutes: 5, vms: ['gone'], vmLabels: {} },
          { startMinute: 9, minutes: 5, vms: ['a'], vmLabels: {} },
        ],
      },
      {
        kind: 'backups',
        id: 'r',
        most: 1,
        hosts: [],
        hostLabels: { disk: 'ssd' },
        jobs: [{ startMinute: 9, minutes: 5, vms: ['a'], vmLabels: {} }],
      },
    ],
  ])('%s', (_what, rule, left) => {
    expect(readBack([rule]).inventory.rules).toEqual(left === undefined ? [] : [left]);
  });

  test('limits', () => {
    const { limits } = readBack([], {
      hosts: { h1: { migrationsPerSource: 2 }, gone: { migrationsPerSource: 3 } },
      pairs: [
        { hosts: ['h1', 'gone'], migrations: 2 },
        { hosts: ['h1', 'h2'], migrations: 3 },
      ],
    });
    expect(limits.hosts).toEqual({ h1: { migrationsPerSource: 2 } });
    expect(limits.pairs).toEqual([{ hosts: ['h1', 'h2'], migrations: 3 }]);
  });
});
