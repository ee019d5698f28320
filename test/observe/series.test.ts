import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/domain/units.ts';
import { Series } from '../../src/observe/series.ts';
import { causeOf, TRUSTED } from '../../src/observe/trust-gate.ts';
import { Windows, windowShape } from '../../src/observe/windows.ts';
import { COUNTER_RESET } from '../../src/ports/samples.ts';

const SHAPE = windowShape({ sampleSeconds: 20, fastWindowSeconds: 120, slowWindowSeconds: 2400 });
const DEADLINES = { staleAfterMs: MINUTE, skewMs: 20 * SECOND, unitPatienceMs: 40 * MINUTE, frozenAfterSamples: 10 };
const HABITS = { isSteady: true, isFidgety: true, isHeld: true };
const CEILING = 10_000;
const START_MS = Date.UTC(2026, 10, 20);

function seriesOf(rows: number): Series {
  const series = new Series(0, SHAPE, DEADLINES, HABITS);
  series.reserve(rows);
  for (let row = 0; row < rows; row++) series.limit(row, CEILING);
  return series;
}

const bad = fc.constantFrom(Number.NaN, Infinity, -1, COUNTER_RESET, CEILING + 1);

const samples = fc
  .array(
    fc.record({
      value: fc.oneof(
        { weight: 5, arbitrary: fc.double({ min: 1000, max: 9000, noNaN: true }) },
        { weight: 1, arbitrary: bad },
      ),
      stepMs: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 0, max: 40 * SECOND }) },
        { weight: 2, arbitrary: fc.integer({ min: -200 * SECOND, max: 0 }) },
        { weight: 1, arbitrary: fc.constant(2 * 3600 * SECOND) },
      ),
      aheadMs: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(30 * SECOND) }),
    }),
    { maxLength: 80 },
  )
  .map((steps) => {
    let nowMs = START_MS;
    return steps.map(({ value, stepMs, aheadMs }) => {
      const atMs = nowMs + stepMs + aheadMs;
      nowMs = Math.max(nowMs, nowMs + stepMs);
      return { value, atMs, nowMs };
    });
  });

describe('a series', () => {
  it('has windows as if nothing that is refused had ever come', () => {
    fc.assert(
      fc.property(samples, (sequence) => {
        const series = seriesOf(1);
        const clean = new Windows(SHAPE);
        clean.reserve(1);
        for (const { value, atMs, nowMs } of sequence) {
          const isGood = value >= 0 && value <= CEILING && atMs <= nowMs + DEADLINES.skewMs;
          expect(series.take(0, value, atMs, nowMs) === TRUSTED).toBe(isGood);
          if (isGood) clean.take(0, value, atMs);
        }
        series.windows.refresh();
        clean.refresh();
        for (const ring of ['fast', 'slow'] as const) {
          for (const figure of ['samples', 'mean', 'deviation', 'peak', 'lowest'] as const) {
            expect(series.windows[ring][figure][0] ?? 0).toBe(clean[ring][figure][0]);
          }
        }
      }),
    );
  });

  it.each([
    { what: 'a jump of unit, though it is beyond capacity too', newest: 5_000_000, cause: 'unit-jump' },
    { what: 'too much', newest: 20_000, cause: 'beyond-capacity' },
    { what: 'a counter that began anew', newest: COUNTER_RESET, cause: 'counter-reset' },
    { what: 'what it was', newest: 5000, cause: undefined },
  ])('names $what: $cause', ({ newest, cause }) => {
    const series = seriesOf(1);
    const values = [5000, 5010, 4990, 5005, 4995, newest];
    const verdicts = values.map((value, n) => series.take(0, value, n * 20 * SECOND, n * 20 * SECOND));
    series.windows.refresh();
    expect(causeOf(verdicts.at(-1)!)).toBe(cause);
    expect(causeOf(series.judge(0, 100 * SECOND))).toBe(cause);
  });

  it('does not believe a source that repeats itself, until it says something else', () => {
    const series = seriesOf(1);
    let n = 0;
    const tell = (value: number) => series.take(0, value, ++n * 20 * SECOND, n * 20 * SECOND);
    const varied = Array.from({ length: 15 }, (_, place) => tell(5000 + place));
    const same = Array.from({ length: 12 }, () => tell(4321));
    expect(varied.map(causeOf)).toEqual(varied.map(() => undefined));
    expect(same.map(causeOf).slice(8)).toEqual([undefined, 'frozen', 'frozen', 'frozen']);
    expect(causeOf(tell(4322))).toBeUndefined();
  });

  it('does not believe what lies ahead once the clock is put back, and begins anew with the next samples', () => {
    const series = seriesOf(1);
    const aheadMs = 72 * MINUTE;
    const take = (value: number, atMs: number) => series.take(0, value, atMs, atMs);
    for (let n = 0; n < 6; n++) take(5000 + n, aheadMs + n * 20 * SECOND);
    const judged = (nowMs: number) => {
      series.windows.refresh();
      const found = { verdict: new Uint8Array(1), metric: new Uint8Array(1), atMs: new Float64Array(1).fill(Infinity) };
      series.find(nowMs, found, TRUSTED);
      expect(found.verdict[0]).toBe(series.judge(0, nowMs));
      return causeOf(found.verdict[0]!);
    };
    expect(judged(aheadMs + 100 * SECOND)).toBeUndefined();
    expect(judged(10 * MINUTE)).toBe('clock-skew');
    take(7000, 10 * MINUTE);
    expect(judged(10 * MINUTE)).toBe('missing');
    take(7001, 10 * MINUTE + 20 * SECOND);
    expect(judged(10 * MINUTE + 20 * SECOND)).toBeUndefined();
    expect(series.windows.slow.mean[0]).toBe(7000.5);
    expect(judged(13 * MINUTE)).toBe('stale');
  });

  it('begins to count anew how long a value is held when the clock is put back', () => {
    const series = seriesOf(1);
    series.held.limit(0, 1000);
    series.take(0, 5000, 72 * MINUTE, 72 * MINUTE);
    series.take(0, 5001, 10 * MINUTE, 10 * MINUTE);
    series.take(0, 5002, 10 * MINUTE + 20 * SECOND, 10 * MINUTE + 20 * SECOND);
    expect(series.held.heldMs(0)).toBe(20 * SECOND);
  });
});
