import { describe, expect, it } from 'vitest';
import { SECOND } from '../../src/domain/units.ts';
import { Measurements } from '../../src/observe/measurements.ts';
import { windowShape } from '../../src/observe/windows.ts';
import type { Metric } from '../../src/ports/samples.ts';
import { batchOf, type Row } from './kit.ts';

const INTERVAL_MS = 20 * SECOND;
const T0 = 1_000 * INTERVAL_MS;
const SHAPE = windowShape({ sampleSeconds: 20, fastWindowSeconds: 120, slowWindowSeconds: 2400 });

const DEADLINES = {
  staleAfterMs: 3 * INTERVAL_MS,
  skewMs: INTERVAL_MS,
  unitPatienceMs: 2400 * SECOND,
  frozenAfterSamples: 10,
};

function measurements(...numbers: number[]): Measurements {
  const measured = new Measurements(SHAPE, DEADLINES);
  measured.list(numbers, T0);
  measured.limit(ceilingOf(numbers, 1000));
  return measured;
}

const ceilingOf = (numbers: readonly number[], cpuMhz: number) =>
  new Map<Metric, Float64Array>([['cpuMhz', new Float64Array(numbers.length).fill(cpuMhz)]]);

function take(measured: Measurements, nowMs: number, ...rows: Row[]): void {
  measured.take({ batch: batchOf('vm', rows), from: 0, to: rows.length }, nowMs);
}

function trustAt(measured: Measurements, nowMs: number, index = 0, isExpected = true) {
  measured.refresh();
  measured.judge(nowMs, () => isExpected);
  const trust = measured.standing.trust(measured.rowAt[index]!);
  return trust.known ? 'known' : trust.cause;
}

describe('who is known', () => {
  const at = (intervals: number) => T0 + intervals * INTERVAL_MS;
  const good = (intervals: number): Row => ({ entity: 0, value: 500, atMs: at(intervals) });
  it.each<{ what: string; rows: Row[]; after: number; trust: string }>([
    { what: 'nothing measured', rows: [], after: 0, trust: 'missing' },
    { what: 'one sample', rows: [good(0)], after: 0, trust: 'missing' },
    { what: 'two samples', rows: [good(0), good(1)], after: 1, trust: 'known' },
    { what: 'silent up to the limit', rows: [good(0), good(1)], after: 4, trust: 'known' },
    { what: 'silent for longer', rows: [good(0), good(1)], after: 4.1, trust: 'stale' },
    { what: 'then NaN', rows: [good(0), good(1), { ...good(2), value: Number.NaN }], after: 2, trust: 'not-a-number' },
    { what: 'then negative', rows: [good(0), good(1), { ...good(2), value: -1 }], after: 2, trust: 'negative' },
    {
      what: 'then too much',
      rows: [good(0), good(1), { ...good(2), value: 1001 }],
      after: 2,
      trust: 'beyond-capacity',
    },
    { what: 'an old bad one', rows: [good(0), good(2), { ...good(1), value: -1 }], after: 2, trust: 'known' },
    { what: 'bad, then good', rows: [good(0), { ...good(1), value: -1 }, good(2)], after: 2, trust: 'known' },
    {
      what: 'only network measured',
      rows: [0, 1].map((n) => ({ ...good(n), metric: 'netRxBytesPerS' as const })),
      after: 1,
      trust: 'missing',
    },
    {
      what: 'network gone bad',
      rows: [good(0), good(1), { ...good(1), metric: 'netTxBytesPerS', value: -1 }],
      after: 1,
      trust: 'negative',
    },
    {
      what: 'pages written no longer measured',
      rows: [good(0), { ...good(0), metric: 'dirtyBytesPerS' as const }, good(4), good(5)],
      after: 5,
      trust: 'known',
    },
    {
      what: 'watts gone bad',
      rows: [good(0), good(1), { ...good(1), metric: 'powerWatts', value: -1 }],
      after: 1,
      trust: 'known',
    },
  ])('$what: $trust', ({ rows, after, trust }) => {
    const measured = measurements(0);
    take(measured, Math.max(T0, ...rows.map(({ atMs }) => atMs)), ...rows);
    expect(trustAt(measured, at(after))).toBe(trust);
  });

  it('does not take samples for new that keep coming in and are old', () => {
    const measured = measurements(0);
    take(measured, at(9), good(0), good(1), good(2));
    expect(trustAt(measured, at(9))).toBe('clock-skew');
    expect(trustAt(measured, at(20))).toBe('stale');
  });

  it('takes what is told in cores by the clock of the host', () => {
    const measured = measurements(0);
    measured.clock(Float64Array.of(2500));
    take(measured, at(0), { entity: 0, metric: 'cpuCores', value: 0.2, atMs: at(0) });
    measured.refresh();
    expect(measured.vital.windows.fast.mean[measured.rowAt[0]!]).toBe(500);
  });

  it('does not believe a clock that is ahead by more than an interval', () => {
    const measured = measurements(0);
    take(measured, T0, good(0), good(1), good(1.1));
    expect(trustAt(measured, T0)).toBe('clock-skew');
  });

  it('asks nothing of who need not report', () => {
    expect(trustAt(measurements(0), T0, 0, false)).toBe('known');
  });

  it('remembers since when, and counts by cause', () => {
    const measured = measurements(0, 1);
    take(measured, at(1), good(0), good(1));
    trustAt(measured, at(1));
    expect(measured.standing.unknownByCause()).toEqual([{ cause: 'missing', count: 1 }]);
    trustAt(measured, at(2));
    expect(measured.standing.trust(measured.rowAt[0]!)).toEqual({ known: true, sinceMs: at(1) });
    expect(measured.oldestAtMs).toBe(at(1));
    trustAt(measured, at(9));
    expect(measured.standing.trust(measured.rowAt[0]!)).toEqual({ known: false, cause: 'stale', sinceMs: at(9) });
    expect(measured.oldestAtMs).toBe(Infinity);
  });
});

describe('rows', () => {
  it('follow an entity when the order of the inventory changes', () => {
    const measured = measurements(3, 5);
    take(measured, T0, { entity: 5, value: 50, atMs: T0 });
    measured.list([5, 4, 3], T0);
    measured.refresh();
    const { mean } = measured.series('cpuMhz').windows.fast;
    expect([0, 1, 2].map((index) => mean[measured.rowAt[index]!])).toEqual([50, 0, 0]);
  });

  it('are given to others when their entity has gone, without what it left', () => {
    const measured = measurements(0, 1);
    take(
      measured,
      T0,
      { entity: 0, value: 50, atMs: T0 },
      { entity: 0, metric: 'netRxBytesPerS', value: -1, atMs: T0 },
    );
    const row = measured.rowAt[0]!;
    measured.list([1], T0);
    measured.list([1, 2], T0);
    expect(measured.rowAt[1]).toBe(row);
    expect(trustAt(measured, T0, 1)).toBe('missing');
    expect(measured.series('netRxBytesPerS').isMeasured(row)).toBe(false);
  });

  it('exist only for what is listed', () => {
    const measured = measurements(0);
    take(measured, T0, { entity: 7, value: 50, atMs: T0 }, { entity: 70_000, value: 50, atMs: T0 });
    expect(measured.unlisted).toBe(2);
  });
});
