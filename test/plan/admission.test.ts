import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/domain/change.ts';
import type { Limits } from '../../src/domain/profile.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { GBIT_PER_S, GIB } from '../../src/domain/units.ts';
import { Admission, groundOf } from '../../src/plan/admission.ts';
import { capBytesPerS } from '../../src/plan/host-limits.ts';
import { NOTHING_MEASURED } from '../../src/plan/measured.ts';
import { aHost, aSnapshot, aVm } from '../kit/fleet.ts';
import { move, power } from '../kit/verdicts.ts';

const FREE: Limits = {
  ...DEFAULT_LIMITS,
  migrationsPerSource: 0,
  migrationsPerTarget: 0,
  migrationsPerPair: 0,
};

/** Two racks at one site, and one at another; VMs on a storage, and one that takes its disks along. */
const ground = aSnapshot({
  hosts: [
    aHost({ id: 'h1', rack: 'r1', site: 'east' }),
    aHost({ id: 'h2', rack: 'r1', site: 'east' }),
    aHost({ id: 'h3', rack: 'r2', site: 'east' }),
    aHost({ id: 'h4', rack: 'r2', site: 'east' }),
    aHost({ id: 'h5', rack: 'r3', site: 'west' }),
    aHost({ id: 'h6', rack: 'r3', site: 'west' }),
  ],
  vms: [
    aVm({ id: 'on-nfs', storages: ['nfs'] }),
    aVm({ id: 'on-nfs-too', storages: ['nfs'] }),
    aVm({ id: 'with-disks', localDiskBytes: GIB }),
  ],
});

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
    'waits for h1 and h2: 1 of 1 migration in flight',
  ],
  [
    'both ways of a link at once where it is told to',
    { migrationsPerLink: 2 },
    [move('a', 'h1', 'h2')],
    move('b', 'h3', 'h1'),
    undefined,
  ],
  [
    'a host of its own',
    { hosts: { h1: { migrationsPerSource: 2 } } },
    [move('a', 'h1', 'h2')],
    move('b', 'h1', 'h3'),
    undefined,
  ],
  [
    'a host that is to be left alone',
    { ...FREE, hosts: { h3: { migrationsPerTarget: 1 } } },
    [move('a', 'h1', 'h3')],
    move('b', 'h2', 'h3'),
    'waits for h3: 1 of 1 arrival in flight',
  ],
  [
    'a pair of its own',
    { ...FREE, migrationsPerPair: 1, pairs: [{ hosts: ['h2', 'h1'], migrations: 2 }] },
    [move('a', 'h1', 'h2')],
    move('b', 'h1', 'h2'),
    undefined,
  ],
  [
    'rack uplink',
    { migrationsPerRackUplink: 1 },
    [move('a', 'h1', 'h3')],
    move('b', 'h4', 'h5'),
    'waits for the uplink of rack r2: 1 of 1 migration in flight',
  ],
  ['within a rack', { migrationsPerRackUplink: 1 }, [move('a', 'h1', 'h3')], move('b', 'h5', 'h6'), undefined],
  [
    'site uplink',
    { migrationsPerSiteUplink: 1 },
    [move('a', 'h1', 'h5')],
    move('b', 'h3', 'h6'),
    'waits for the uplink of site east: 1 of 1 migration in flight',
  ],
  [
    'storage',
    { migrationsPerStorage: 1 },
    [move('on-nfs', 'h1', 'h2')],
    move('on-nfs-too', 'h3', 'h4'),
    'waits for storage nfs: 1 of 1 migration in flight',
  ],
  [
    'disks that come along',
    { ...FREE, migrationsPerCluster: 4 },
    [move('a', 'h1', 'h2')],
    move('with-disks', 'h3', 'h4'),
    'waits for the cluster: 1 of 4 migrations in flight, and with its disks it counts as 4',
  ],
  ['disks that come along alone', {}, [], move('with-disks', 'h3', 'h4'), undefined],
  [
    'what came with its disks',
    { ...FREE, migrationsPerCluster: 4 },
    [move('with-disks', 'h3', 'h4')],
    move('a', 'h1', 'h2'),
    'waits for the cluster: 4 of 4 migrations in flight',
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
    const admission = new Admission({ ...DEFAULT_LIMITS, ...limits }, groundOf(ground));
    const passages = held.map((other) => admission.passage(other));
    for (const passage of passages) {
      expect(admission.refusal(passage)).toBeUndefined();
      admission.admit(passage);
    }
    const passage = admission.passage(change);
    expect(admission.refusal(passage)).toBe(refusal);
    for (const other of passages) admission.release(other);
    expect(admission.refusal(passage)).toBeUndefined();
  });

  test('quick migrations go by way of the storage: links do not see them', () => {
    const admission = new Admission({ ...DEFAULT_LIMITS, migrationsPerStorage: 1 }, groundOf(ground));
    admission.admit(admission.passage(move('on-nfs', 'h1', 'h2'), 'quick'));
    expect(admission.refusal(admission.passage(move('a', 'h1', 'h2')))).toBeUndefined();
    expect(admission.refusal(admission.passage(move('on-nfs-too', 'h3', 'h4')))).toBe(
      'waits for storage nfs: 1 of 1 migration in flight',
    );
  });
});

describe('where one migration was measured not to fill a link', () => {
  const measured = { ...NOTHING_MEASURED, streamBytesPerS: new Map([['h1', 2 * GBIT_PER_S]]) };
  test.each([
    ['as many as do may run there', 8, 5],
    ['no more than may share it', 3, 3],
    ['the limits stand unless said otherwise', 1, 1],
  ])('%s', (_, mostStreamsPerLink, slots) => {
    const admission = new Admission({ ...DEFAULT_LIMITS, mostStreamsPerLink }, groundOf(ground), measured);
    expect([admission.slotsAt('h1'), admission.slotsAt('h2')]).toEqual([slots, 1]);
  });
});

describe('bandwidth caps', () => {
  const limits = {
    ...DEFAULT_LIMITS,
    migrationBytesPerS: 500,
    hosts: { h2: { migrationBytesPerS: 100 }, h3: { migrationBytesPerS: 0 } },
    pairs: [{ hosts: ['h3', 'h4'] as const, migrationBytesPerS: 900 }],
  };
  test.each([
    ['for all', 'h1', 'h4', 500],
    ['of the slower host', 'h1', 'h2', 100],
    ['of the other host where one has none', 'h3', 'h1', 500],
    ['of the pair before all others', 'h4', 'h3', 900],
  ])('%s', (_, from, to, bytesPerS) => {
    expect(capBytesPerS(limits, { from, to })).toBe(bytesPerS);
  });

  test('none where none is set', () => {
    expect(capBytesPerS(DEFAULT_LIMITS, { from: 'h1', to: 'h2' })).toBe(Infinity);
  });
});
