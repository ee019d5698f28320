import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../src/domain/units.ts';
import type { RingShape } from '../../src/observe/bucket-rings.ts';
import { Windows, windowShape } from '../../src/observe/windows.ts';

interface Sample {
  readonly row: number;
  readonly value: number;
  readonly atMs: number;
}

const SHAPE = windowShape({ sampleSeconds: 20, fastWindowSeconds: 120, slowWindowSeconds: 2400 });

/** The same from scratch: it keeps every sample and shares no code with the rings. */
class KeptSamples {
  readonly #kept: Sample[] = [];

  take(sample: Sample): boolean {
    const bucket = bucketOf(sample, SHAPE.fast);
    const others = this.#kept.filter(({ row }) => row === sample.row);
    const newest = Math.max(...others.map((other) => bucketOf(other, SHAPE.fast)));
    if (bucket <= newest - SHAPE.fast.buckets) return false;
    const neighbours = others.filter((other) => bucketOf(other, SHAPE.fast) === bucket);
    if (neighbours.some(({ atMs }) => atMs >= sample.atMs)) return false;
    this.#kept.push(sample);
    return true;
  }

  summary(row: number, shape: RingShape) {
    const all = this.#kept.filter((sample) => sample.row === row);
    const newest = Math.max(0, ...all.map((sample) => bucketOf(sample, shape)));
    const within = all.filter((sample) => bucketOf(sample, shape) > newest - shape.buckets);
    const means: number[] = [];
    const points: { readonly atS: number; readonly value: number }[] = [];
    for (let bucket = newest - shape.buckets + 1; bucket <= newest; bucket++) {
      const values = within.filter((sample) => bucketOf(sample, shape) === bucket).map(({ value }) => value);
      const counts = shape.extremesOf === 'every bucket' || bucket < newest;
      if (values.length > 0) points.push({ atS: (bucket * shape.bucketMs) / SECOND, value: meanOf(values) });
      if (values.length > 0 && counts) means.push(meanOf(values));
    }
    const values = within.map(({ value }) => value);
    const mean = meanOf(values);
    const deviation = Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
    const extremes = means.length > 0 ? means : [mean];
    return {
      samples: values.length,
      mean,
      deviation,
      peak: Math.max(...extremes),
      lowest: Math.min(...extremes),
      risePerS: riseOf(points),
    };
  }

  latest(row: number): Sample | undefined {
    return this.#kept.filter((sample) => sample.row === row).sort((a, b) => b.atMs - a.atMs)[0];
  }
}

const bucketOf = ({ atMs }: Sample, { bucketMs }: RingShape) => Math.floor(atMs / bucketMs);
const meanOf = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Covariance over variance, as in the books. */
function riseOf(points: readonly { readonly atS: number; readonly value: number }[]): number {
  const middleS = meanOf(points.map(({ atS }) => atS));
  const middle = meanOf(points.map(({ value }) => value));
  const variance = meanOf(points.map(({ atS }) => (atS - middleS) ** 2));
  return variance === 0 ? 0 : meanOf(points.map(({ atS, value }) => (atS - middleS) * (value - middle))) / variance;
}

const ROWS = 3;
const START_MS = Date.UTC(2026, 10, 20);

/** Mostly forward in small steps, now and then back, twice the same, or after a gap longer than a window. */
const samples = fc
  .array(
    fc.record({
      row: fc.nat(ROWS - 1),
      value: fc.integer({ min: 0, max: 10_000 }),
      stepMs: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 0, max: 40 * SECOND }) },
        { weight: 3, arbitrary: fc.integer({ min: -200 * SECOND, max: 0 }) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 4000 * SECOND }) },
      ),
    }),
    { maxLength: 120 },
  )
  .map((steps) => {
    let atMs = START_MS;
    return steps.map(({ row, value, stepMs }) => {
      atMs = Math.max(0, atMs + stepMs);
      return { row, value, atMs };
    });
  });

function windowsFor(rows: number): Windows {
  const windows = new Windows(SHAPE);
  windows.reserve(rows);
  return windows;
}

describe('windows', () => {
  it('agree with a recount from every sample, whatever comes in whatever order', () => {
    fc.assert(
      fc.property(samples, fc.nat(7), (sequence, refreshEvery) => {
        const windows = windowsFor(ROWS);
        const reference = new KeptSamples();
        sequence.forEach((sample, place) => {
          expect(windows.take(sample.row, sample.value, sample.atMs)).toBe(reference.take(sample));
          if (place % (refreshEvery + 1) === 0) windows.refresh();
        });
        windows.refresh();
        for (let row = 0; row < ROWS; row++) expectSame(windows, reference, row);
      }),
      { numRuns: 150 },
    );
  });

  it('keep what they hold when they grow', () => {
    const windows = windowsFor(1);
    windows.take(0, 10, START_MS);
    windows.reserve(100);
    windows.take(99, 7, START_MS);
    windows.take(0, 20, START_MS + 20 * SECOND);
    windows.refresh();
    expect([windows.fast.mean[0], windows.fast.mean[99], windows.fast.samples[50]]).toEqual([15, 7, 0]);
  });

  it('forget a row that is cleared', () => {
    const windows = windowsFor(2);
    windows.take(0, 10, START_MS);
    windows.take(1, 30, START_MS);
    windows.refresh();
    windows.clear(0);
    expect([windows.fast.samples[0], windows.fast.mean[0], windows.latestAtMs[0]]).toEqual([0, 0, -Infinity]);
    expect(windows.fast.mean[1]).toBe(30);
  });

  it('count what came late and what came twice', () => {
    const windows = windowsFor(1);
    windows.take(0, 10, START_MS);
    windows.take(0, 10, START_MS);
    windows.take(0, 10, START_MS - 200 * SECOND);
    expect([windows.repeated, windows.late]).toEqual([1, 1]);
  });

  it('do not take one spike for a peak of the slow window, nor one lull for its lowest', () => {
    const windows = windowsFor(2);
    for (let n = 0; n < 30; n++) windows.take(1, n === 29 ? 0 : 100, START_MS + n * 20 * SECOND);
    for (let n = 0; n < 30; n++) windows.take(0, n === 29 ? 5000 : 100, START_MS + n * 20 * SECOND);
    windows.refresh();
    expect([windows.slow.peak[0], windows.slow.lowest[1]]).toEqual([100, 100]);
    expect(windows.fast.peak[0]).toBe(5000);
  });
});

describe('the shape of windows', () => {
  it.each([
    { sample: 20, fast: 120, buckets: 6, bucketMs: 20_000 },
    { sample: 1, fast: 120, buckets: 60, bucketMs: 2_000 },
    { sample: 60, fast: 60, buckets: 3, bucketMs: 60_000 },
  ])('$fast s of samples every $sample s: $buckets buckets', ({ sample, fast, buckets, bucketMs }) => {
    const shape = windowShape({ sampleSeconds: sample, fastWindowSeconds: fast, slowWindowSeconds: 2400 });
    expect(shape.fast).toMatchObject({ buckets, bucketMs });
  });
});

function expectSame(windows: Windows, reference: KeptSamples, row: number): void {
  for (const ring of [windows.fast, windows.slow]) {
    const expected = reference.summary(row, ring.shape);
    expect(ring.samples[row]).toBe(expected.samples);
    expect(ring.mean[row]).toBeCloseTo(expected.mean, 6);
    expect(ring.deviation[row]).toBeCloseTo(expected.deviation, 3);
    expect(ring.peak[row]).toBeCloseTo(expected.peak, 6);
    expect(ring.lowest[row]).toBeCloseTo(expected.lowest, 6);
    expect(ring.risePerS(row)).toBeCloseTo(expected.risePerS, 5);
  }
  const latest = reference.latest(row);
  expect(windows.latestAtMs[row]).toBe(latest?.atMs ?? -Infinity);
  expect(windows.latest[row]).toBe(latest?.value ?? 0);
}
