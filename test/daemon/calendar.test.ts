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
  new Calendar([NIGHT, MORNING]).follow(clock, (wish) =>
    told.push({ at: new Date(clock.nowMs()).toISOString(), wish }),
  );
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
  const told: CalendarWish[] = [];
  new Calendar([NIGHT]).follow(clock, (wish) => told.push(wish));
  nowMs += 2 * HOUR;
  calls[0]?.();
  expect(told).toEqual([{ mode: 'auto', power: true }]);
});

test('nothing is told after it is stopped', async () => {
  const clock = new VirtualClock(berlin('2026-11-20T21:59:00'));
  const told: CalendarWish[] = [];
  const stop = new Calendar([NIGHT]).follow(clock, (wish) => told.push(wish));
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
