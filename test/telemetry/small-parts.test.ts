import { describe, expect, test } from 'vitest';
import type { Change, Move } from '../../src/domain/change.ts';
import { TYPICAL_SERVER, wattsAt } from '../../src/domain/power.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { GIB, HOUR, MINUTE } from '../../src/domain/units.ts';
import { failoverRows } from '../../src/telemetry/failover.ts';
import { figuresOf } from '../../src/telemetry/fleet-figures.ts';
import { hostsByLoadRows } from '../../src/telemetry/fleet-rows.ts';
import { limitRows, limitUsedRows } from '../../src/telemetry/limit-rows.ts';
import { reasonKind } from '../../src/telemetry/reason-kind.ts';
import { UndoneMoves } from '../../src/telemetry/undone-moves.ts';
import { aHost, aSnapshot, aVm, many, NOON_MS } from '../kit/fleet.ts';
import { move, power } from '../kit/verdicts.ts';
import { aStep, aStepStatus } from '../serve/fake-daemon.ts';

describe('reasons without names and amounts', () => {
  const web = move('web', 'alpha', 'beta');
  test.each<[because: string, change: Change, kind: string]>([
    ['waits for beta: 1 of 1 migrations in flight', web, 'waits for the target: … of … migrations in flight'],
    ['waits for alpha and beta: 2 of 2', web, 'waits for the source and the target: … of …'],
    ['no progress for 2 min 30 s', web, 'no progress for …'],
    ['no progress for 45 s', web, 'no progress for …'],
    ['waits for step p3-s12', web, 'waits for step …'],
    ['web is gone', web, 'the VM is gone'],
    ['db-7 runs on alpha', web, '… runs on the source'],
    ['not on after 9 min', power('gamma', 'on'), 'not on after …'],
    ['gamma is suspect', power('gamma', 'off'), 'the host is suspect'],
    ['no room on alphabet', web, 'no room on alphabet'],
  ])('%s', (because, change, kind) => expect(reasonKind(because, change)).toBe(kind));
});

describe('moves undone', () => {
  const back = move('web', 'h2', 'h1');
  test.each<[string, readonly (readonly [Move, number])[], boolean[]]>([
    [
      'there and back',
      [
        [move('web', 'h1', 'h2'), 0],
        [back, HOUR],
      ],
      [false, true],
    ],
    [
      'back much later',
      [
        [move('web', 'h1', 'h2'), 0],
        [back, 5 * HOUR],
      ],
      [false, false],
    ],
    [
      'onwards',
      [
        [move('web', 'h1', 'h2'), 0],
        [move('web', 'h2', 'h3'), 1],
      ],
      [false, false],
    ],
    [
      'another VM comes the other way',
      [
        [move('web', 'h1', 'h2'), 0],
        [move('db', 'h2', 'h1'), 1],
      ],
      [false, false],
    ],
    [
      'to and fro and to',
      [
        [move('web', 'h1', 'h2'), 0],
        [back, 1],
        [move('web', 'h1', 'h2'), 2],
      ],
      [false, true, true],
    ],
  ])('%s', (_, moves, expected) => {
    const undone = new UndoneMoves(4 * HOUR);
    expect(moves.map(([one, atMs]) => undone.moved(one, atMs))).toEqual(expected);
  });
});

describe('limits', () => {
  const value = (rows: readonly { labels: { limit: string }; value: number }[]) =>
    Object.fromEntries(rows.map(({ labels, value }) => [labels.limit, value]));

  test('are told as they are set', () => {
    expect(value(limitRows({ ...DEFAULT_LIMITS, migrationsPerCluster: 7, powerSwitchesPerCluster: 3 }))).toMatchObject({
      source: 1,
      target: 1,
      pair: 1,
      storage: 0,
      cluster: 7,
      'power switches': 3,
    });
  });

  const under = (change: Change, state: 'copying' | 'queued' | 'running' | 'done' = 'copying', how?: 'quick') =>
    aStepStatus({ step: aStep({ change, ...(how !== undefined && { how }) }), state });

  test('count where most is under way, foreign migrations too, and nothing that waits or has ended', () => {
    const hosts = many(9, (n) => aHost({ id: `h${n}`, rack: n < 3 ? 'r1' : 'r2' }));
    const flights = [
      { vm: 'a', from: 'h1', to: 'h2' },
      { vm: 'x', from: 'h1', to: 'h9' },
    ];
    const steps = [
      under(move('a', 'h1', 'h2')),
      under(move('b', 'h1', 'h3')),
      under(move('c', 'h2', 'h1')),
      under(move('d', 'h1', 'h4'), 'queued'),
      under(move('e', 'h1', 'h4'), 'done'),
      under(move('q', 'h1', 'h4'), 'copying', 'quick'),
      under(power('h5', 'on'), 'running'),
    ];
    expect(value(limitUsedRows(steps, aSnapshot({ hosts, flights }), DEFAULT_LIMITS))).toEqual({
      source: 3,
      target: 1,
      link: 4,
      pair: 2,
      'rack uplink': 2,
      'site uplink': 0,
      storage: 0,
      cluster: 5,
      'power switches': 1,
    });
  });

  test('a migration that takes its disks along counts for more, quick ones count at storages too', () => {
    const vms = [
      aVm({ id: 'a', storages: ['s1', 's2'], localDiskBytes: GIB }),
      aVm({ id: 'b', storages: ['s2'] }),
      aVm({ id: 'c', storages: ['s1'] }),
    ];
    const steps = [
      under(move('a', 'h1', 'h2')),
      under(move('b', 'h3', 'h4')),
      under(move('c', 'h5', 'h6'), 'copying', 'quick'),
    ];
    const rows = limitUsedRows(steps, aSnapshot({ vms }), { ...DEFAULT_LIMITS, weightWithStorage: 4 });
    expect(value(rows)).toMatchObject({ source: 4, storage: 5, cluster: 6 });
  });

  test('before the first snapshot only steps are known', () => {
    expect(value(limitUsedRows([under(move('a', 'h1', 'h2'))], undefined, DEFAULT_LIMITS))).toMatchObject({
      source: 1,
    });
  });
});

describe('power figures', () => {
  const idle = wattsAt(TYPICAL_SERVER, 0);
  const at = (share: number) => wattsAt(TYPICAL_SERVER, share);

  test('by model: booting and shutting down are no idling', () => {
    const states = ['on', 'off', 'booting', 'shutting-down'] as const;
    const figures = figuresOf(aSnapshot({ hosts: states.map((power, n) => aHost({ id: `h${n}`, power })) }));
    expect(Array.from(figures.watts)).toEqual([idle, TYPICAL_SERVER.offWatts, at(0.5), at(0.2)]);
    expect(figures.expectedWatts).toBe(figures.totalWatts);
    expect(figures.savedWatts).toBe(idle - TYPICAL_SERVER.offWatts);
    expect(figures.switchingWatts).toBe(at(0.5) + at(0.2) - 2 * idle);
    expect(figures.hostsMetered).toBe(0);
  });

  test.each<[string, number, { changedMsAgo?: number; on?: boolean }, unexpected: number]>([
    ['as the model says', 122, {}, 0],
    ['a little more', 145, {}, 0],
    ['much more', 190, {}, 1],
    ['much less', 60, {}, 1],
    ['off and drawing', 80, { on: false }, 1],
    ['off', 8, { on: false }, 0],
    ['just switched off, so the mean still remembers', 80, { on: false, changedMsAgo: MINUTE }, 0],
  ])('measured, %s', (_, watts, { changedMsAgo = HOUR, on = true }, unexpected) => {
    const host = aHost({ power: on ? 'on' : 'off', lastPowerChangeAtMs: NOON_MS - changedMsAgo });
    const { hosts, ...rest } = aSnapshot({ hosts: [host, aHost({ id: 'h2' })] });
    const figures = figuresOf({ ...rest, hosts: { ...hosts, powerWatts: Float64Array.of(watts, Number.NaN) } });
    expect(Array.from(figures.watts)).toEqual([watts, idle]);
    expect(figures.totalWatts).toBe(watts + idle);
    expect(figures).toMatchObject({ hostsMetered: 1, hostsUnexpected: unexpected });
    expect(figures.expectedWatts).toBe((on ? idle : TYPICAL_SERVER.offWatts) + idle);
  });
});

describe('how many hosts may fail', () => {
  const spare = (hosts: readonly ReturnType<typeof aHost>[], cpuMhz: number, memoryBytes = 0) => {
    const snapshot = aSnapshot({ hosts, vms: [aVm({ demand: { cpuMhz, memoryBytes } })] });
    return failoverRows(snapshot, figuresOf(snapshot)).map(({ value }) => value);
  };
  const four = many(4, (n) => aHost({ id: `h${n}` }));

  test.each<[string, ReturnType<typeof aHost>[], number, number, [cpu: number, memory: number]]>([
    ['little load', four, 1_000, GIB, [3, 3]],
    ['half full', four, 160_000, GIB, [2, 3]],
    ['just too much for two', four, 160_001, GIB, [1, 3]],
    ['full', four, 320_000, 4 * 128 * GIB, [0, 0]],
    ['one is off', [...four.slice(0, 3), aHost({ id: 'h4', power: 'off' })], 160_000, GIB, [1, 2]],
    ['one is in maintenance', [...four.slice(0, 3), aHost({ id: 'h4', maintenance: true })], 160_000, GIB, [1, 2]],
    ['one is unknown', [...four.slice(0, 3), aHost({ id: 'h4', known: false })], 160_000, GIB, [1, 2]],
    ['the largest fails first', [...four, aHost({ id: 'h5', capacity: { cpuMhz: 320_000 } })], 300_000, GIB, [1, 4]],
  ])('%s', (_, hosts, cpuMhz, memoryBytes, expected) => expect(spare(hosts, cpuMhz, memoryBytes)).toEqual(expected));
});

test('hosts by tenths of their load', () => {
  const loads = [Float64Array.of(0, 0.1, 0.1001, 0.55, 1, 1.2), ...many(3, () => new Float64Array(0))];
  const cpu = hostsByLoadRows(loads).filter(({ labels, value }) => labels.resource === 'cpu' && value > 0);
  expect(cpu.map(({ labels, value }) => [labels.band, value])).toEqual([
    ['0.1', 2],
    ['0.2', 1],
    ['0.6', 1],
    ['1', 1],
    ['more', 1],
  ]);
});
