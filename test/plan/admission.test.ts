import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/domain/change.ts';
import type { Limits } from '../../src/domain/profile.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { Admission } from '../../src/plan/admission.ts';
import { move, power } from '../kit/verdicts.ts';

const FREE: Limits = {
  ...DEFAULT_LIMITS,
  migrationsPerSource: 0,
  migrationsPerTarget: 0,
  migrationsPerPair: 0,
};

const rows: [string, Partial<Limits>, Change[], Change, string | undefined][] = [
  ['no limit', FREE, [move('a', 'h1', 'h2'), move('b', 'h1', 'h2')], move('c', 'h1', 'h2'), undefined],
  ['source', {}, [move('a', 'h1', 'h2')], move('b', 'h1', 'h3'), 'waits for h1: 1 of 1 migration in flight'],
  ['target', {}, [move('a', 'h1', 'h3')], move('b', 'h2', 'h3'), 'waits for h3: 1 of 1 migration in flight'],
  [
    'a source that is a target',
    {},
    [move('a', 'h1', 'h2')],
    move('b', 'h2', 'h3'),
    'waits for h2: 1 of 1 migration in flight',
  ],
  ['others', {}, [move('a', 'h1', 'h2')], move('b', 'h3', 'h4'), undefined],
  [
    'fewer departures than arrivals',
    { migrationsPerSource: 1, migrationsPerTarget: 3, migrationsPerPair: 0 },
    [move('a', 'h1', 'h2')],
    move('b', 'h1', 'h3'),
    'waits for h1: 1 of 1 departure in flight',
  ],
  [
    'fewer arrivals than departures',
    { migrationsPerSource: 3, migrationsPerTarget: 2, migrationsPerPair: 0 },
    [move('a', 'h1', 'h3'), move('b', 'h1', 'h3')],
    move('c', 'h2', 'h3'),
    'waits for h3: 2 of 2 arrivals in flight',
  ],
  [
    'pair, either way round',
    { ...FREE, migrationsPerPair: 1 },
    [move('a', 'h1', 'h2')],
    move('b', 'h2', 'h1'),
    'waits for h2 and h1: 1 of 1 migration in flight',
  ],
  [
    'cluster',
    { migrationsPerCluster: 2 },
    [move('a', 'h1', 'h2'), move('b', 'h3', 'h4')],
    move('c', 'h5', 'h6'),
    'waits for the cluster: 2 of 2 migrations in flight',
  ],
  [
    'power',
    { powerSwitchesPerCluster: 2 },
    [power('h1', 'on'), power('h2', 'off')],
    power('h3', 'on'),
    'waits for the cluster: 2 of 2 power switches under way',
  ],
];

describe('admission', () => {
  test.each(rows)('%s', (_, limits, held, change, refusal) => {
    const admission = new Admission({ ...DEFAULT_LIMITS, ...limits });
    for (const other of held) {
      expect(admission.refusal(other)).toBeUndefined();
      admission.admit(other);
    }
    expect(admission.refusal(change)).toBe(refusal);
    expect(admission.admits(change)).toBe(refusal === undefined);
    for (const other of held) admission.release(other);
    expect(admission.admits(change)).toBe(true);
  });
});
