import { expect, test } from 'vitest';
import type { CalendarEntry } from '../../src/config/settings.ts';
import { Calendar, type CalendarWish } from '../../src/daemon/calendar.ts';
import { HOUR, MINUTE } from '../../src/domain/units.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';

const NIGHT: CalendarEntry = { at: '0 22 * * *', timezone: 'Europe/Berlin', mode: 'auto', power: true };
const MORNING: CalendarEntry = { at: '30 6 * * mon-fri', timezone: 'Europe/Berlin', power: false };

const berlin = (time: string): number => Date.parse(`${time}+01:00`);

test('entries come due at their own timezone, once each', async () => {
  const clock = new VirtualClock(berlin('2026-11-20T21:59:30'));
  const told: { readonly at: string; readonly wish: CalendarWish }[] = [];
  const calendar = new Calendar([NIGHT, MORNING]);
  calendar.follow(clock, (atMs) => {
    const wish = calendar.dueAt(atMs);
    if (Object.keys(wish).length > 0) told.push({ at: new Date(clock.nowMs()).toISOString(), wish });
  });
  await clock.advance(72 * HOUR);
  expect(told).toEqual([
    { at: '2026-11-20T21:00:00.000Z', wish: { mode: 'auto', power: true } },
    { at: '2026-11-21T21:00:00.000Z', wish: { mode: 'auto', power: true } },
    { at: '2026-11-22T21:00:00.000Z', wish: { mode: 'auto', power: true } },
    { at: '2026-11-23T05:30:00.000Z', wish: { power: false } },
  ]);
});

test('a clock that jumps over an entry still tells it', () => {
  let nowMs = berlin('2026-11-20T21:00:00');
  const calls: (() => void)[] = [];
  const clock: Clock = {
    nowMs: () => nowMs,
    after: (_, call) => {
      calls.push(call);
      return () => undefined;
    },
  };
  const told: number[] = [];
  new Calendar([NIGHT]).follow(clock, (atMs) => told.push(atMs));
  nowMs += 2 * HOUR;
  calls[0]?.();
  expect(told).toHaveLength(120);
  expect(told).toContain(berlin('2026-11-20T22:00:00'));
});

test('a clock that is put forward by years, or back, is followed from where it is', () => {
  let nowMs = 0;
  let waits = { ms: 0, call: () => {} };
  const after: Clock['after'] = (ms, call) => {
    waits = { ms, call };
    return () => undefined;
  };
  const told: number[] = [];
  new Calendar([NIGHT]).follow({ nowMs: () => nowMs, after }, (atMs) => told.push(atMs));
  const countAt = (time: string) => {
    told.length = 0;
    nowMs = berlin(time);
    waits.call();
    return told.length;
  };
  expect(countAt('2026-11-20T12:00:00')).toBe(7 * 24 * 60);
  expect(countAt('2026-11-20T12:01:00')).toBe(1);
  expect(countAt('2026-11-20T09:00:00')).toBe(0);
  expect(waits.ms).toBe(MINUTE);
  expect(countAt('2026-11-20T09:01:00')).toBe(1);
});

test('nothing is told after it is stopped', async () => {
  const clock = new VirtualClock(berlin('2026-11-20T21:59:00'));
  const told: number[] = [];
  const stop = new Calendar([NIGHT]).follow(clock, (atMs) => told.push(atMs));
  stop();
  await clock.advance(10 * MINUTE);
  expect(told).toEqual([]);
});

test.each([
  ['the evening after a working day', '2026-11-20T23:15:00', { mode: 'auto', power: true }],
  ['a weekday morning', '2026-11-20T07:00:00', { mode: 'auto', power: false }],
  ['a weekend morning, when power is not taken back', '2026-11-21T07:00:00', { mode: 'auto', power: true }],
  ['the very minute of an entry', '2026-11-20T22:00:10', { mode: 'auto', power: true }],
])('what stands on %s', (_, time, wish) => {
  expect(new Calendar([NIGHT, MORNING]).standingAt(berlin(time))).toEqual(wish);
});

test('of two entries for one minute the later in the list wins', () => {
  const calendar = new Calendar([NIGHT, { ...NIGHT, mode: 'recommend' }]);
  expect(calendar.dueAt(berlin('2026-11-20T22:00:00')).mode).toBe('recommend');
  expect(calendar.standingAt(berlin('2026-11-20T22:05:00')).mode).toBe('recommend');
});

test('seconds in an entry are left out', () => {
  const calendar = new Calendar([{ ...NIGHT, at: '30 0 22 * * *' }]);
  expect(calendar.dueAt(berlin('2026-11-20T22:00:00'))).toEqual({ mode: 'auto', power: true });
});

test('without entries nothing is wished for', () => {
  expect(new Calendar([]).standingAt(berlin('2026-11-20T22:00:00'))).toEqual({});
});

const WORKDAY: CalendarEntry = {
  at: '30 7 * * mon-fri',
  timezone: 'Europe/Berlin',
  hostsOn: { atLeast: 40, by: '08:00' },
  profile: 'days',
};
const RELEASE: CalendarEntry = { at: '0 20 * * *', timezone: 'Europe/Berlin', hostsOn: { atLeast: 0, by: '20:00' } };

test.each([
  ['in the morning, half an hour ahead', '2026-11-20T07:45:00', 40, '2026-11-20T08:00:00'],
  ['in the afternoon', '2026-11-20T15:00:00', 40, '2026-11-20T08:00:00'],
  ['on a Saturday, since Friday evening', '2026-11-21T15:00:00', 0, '2026-11-20T20:00:00'],
])('how many hosts are wanted %s', (_, time, atLeast, by) => {
  const { hostsOn } = new Calendar([WORKDAY, RELEASE]).standingAt(berlin(time));
  expect(hostsOn).toEqual({ atLeast, byMs: berlin(by) });
});

test('the time of day is that of the time zone, also when it has passed midnight or clocks are changed', () => {
  const night: CalendarEntry = { at: '0 22 * * *', timezone: 'Europe/Berlin', hostsOn: { atLeast: 3, by: '06:00' } };
  const summer = (time: string) => Date.parse(`${time}+02:00`);
  const byOf = (atMs: number) => new Calendar([night]).dueAt(atMs).hostsOn?.byMs;
  expect(byOf(berlin('2026-11-20T22:00:00'))).toBe(berlin('2026-11-21T06:00:00'));
  expect(byOf(summer('2026-10-24T22:00:00'))).toBe(berlin('2026-10-25T06:00:00'));
});

test('the last day of a quarter can be told by cron alone', () => {
  const quarterEnd: CalendarEntry = { at: '0 0 L 3,6,9,12 *', timezone: 'UTC', profile: 'quarter-end' };
  const calendar = new Calendar([quarterEnd]);
  expect(calendar.dueAt(Date.parse('2026-12-31T00:00:00Z'))).toEqual({ profile: 'quarter-end' });
  expect(calendar.dueAt(Date.parse('2026-12-30T00:00:00Z'))).toEqual({});
  expect(calendar.dueAt(Date.parse('2026-09-30T00:00:00Z'))).toEqual({ profile: 'quarter-end' });
});

test('maintenance windows are open from their beginning for as long as they last', () => {
  const window: CalendarEntry = {
    at: '0 2 * * sun',
    timezone: 'Europe/Berlin',
    maintenance: { hosts: ['h3', 'h4'], minutes: 240 },
  };
  const calendar = new Calendar([window, NIGHT]);
  const open = { hosts: ['h3', 'h4'], untilMs: berlin('2026-11-22T06:00:00') };
  expect(calendar.windowsFrom(berlin('2026-11-22T02:00:00'))).toEqual([open]);
  expect(calendar.windowsAt(berlin('2026-11-22T01:59:00'))).toEqual([]);
  expect(calendar.windowsAt(berlin('2026-11-22T02:00:30'))).toEqual([open]);
  expect(calendar.windowsAt(berlin('2026-11-22T05:59:30'))).toEqual([open]);
  expect(calendar.windowsAt(berlin('2026-11-22T06:00:00'))).toEqual([]);
});
