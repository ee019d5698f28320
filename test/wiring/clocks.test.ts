import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/units.ts';
import { AcceleratedClock, SystemClock } from '../../src/wiring/clocks.ts';

const START_MS = Date.UTC(2026, 10, 20);

beforeEach(() => {
  vi.useFakeTimers({ now: START_MS });
});
afterEach(() => {
  vi.useRealTimers();
});

test('an hour passes in a minute at sixty times the speed', () => {
  const clock = new AcceleratedClock(60, START_MS);
  vi.advanceTimersByTime(MINUTE);
  expect(clock.nowMs()).toBe(START_MS + HOUR);
});

test('what is asked for after datacenter time comes sooner in real time, once', () => {
  const clock = new AcceleratedClock(60, START_MS);
  const calledAtMs: number[] = [];
  clock.after(MINUTE, () => calledAtMs.push(clock.nowMs()));
  vi.advanceTimersByTime(10 * SECOND);
  expect(calledAtMs).toEqual([START_MS + MINUTE]);
});

test('a wait longer than a timer of Node can hold is waited for', () => {
  const clock = new SystemClock();
  const calledAtMs: number[] = [];
  clock.after(60 * DAY, () => calledAtMs.push(clock.nowMs()));
  vi.advanceTimersByTime(59 * DAY);
  expect(calledAtMs).toEqual([]);
  vi.advanceTimersByTime(DAY);
  expect(calledAtMs).toEqual([START_MS + 60 * DAY]);
});

test.each([
  ['short', MINUTE],
  ['long', 60 * DAY],
])('a %s wait that is stopped never comes', (_, delayMs) => {
  const clock = new SystemClock();
  const called = vi.fn();
  const stop = clock.after(delayMs, called);
  vi.advanceTimersByTime(delayMs / 2);
  stop();
  vi.advanceTimersByTime(delayMs);
  expect(called).not.toHaveBeenCalled();
});
