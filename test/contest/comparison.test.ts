import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare } from '../../src/contest/comparison.ts';
import { estimateOf, isShown } from '../../src/contest/estimate.ts';
import { aRun } from './runs.ts';

describe('an estimate', () => {
  test('of five is as wide as Student says', () => {
    const { mean, margin } = estimateOf([1, 2, 3, 4, 5]);
    expect(mean).toBe(3);
    expect(margin).toBeCloseTo((2.776 * Math.sqrt(2.5)) / Math.sqrt(5), 9);
  });

  test('of one knows no margin, and shows nothing', () => {
    expect(estimateOf([7])).toEqual({ mean: 7, margin: null });
    expect(isShown(estimateOf([7]))).toBe(false);
  });

  test('does not depend on the order but for rounding', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(values, (list) => {
        const [one, other] = [estimateOf(list), estimateOf(list.toReversed())];
        expect(one.mean).toBeCloseTo(other.mean, 3);
        expect(one.margin).toBeCloseTo(other.margin!, 3);
      }),
    );
  });
});

describe('comparing', () => {
  const runs = [1, 2, 3].flatMap((seed) => [
    aRun({ contender: 'a', seed, kpis: { energyKwh: 10 * seed } }),
    aRun({ contender: 'b', seed, kpis: { energyKwh: 10 * seed - 1 } }),
  ]);
  const kpi = (contender: number, key: string) => compare(runs)[contender]!.kpis.find((each) => each.key === key)!;

  test('goes seed by seed: what differs between seeds does not blur what differs between contenders', () => {
    expect(kpi(1, 'energyKwh').difference).toEqual({ mean: -1, margin: 0 });
    expect(kpi(1, 'energyKwh').is!.margin).toBeGreaterThan(20);
    expect(isShown(kpi(1, 'energyKwh').difference!)).toBe(true);
  });

  test('holds nobody against himself', () => {
    expect(kpi(0, 'energyKwh').difference).toBeNull();
    expect(compare(runs).map(({ contender, seeds }) => [contender, seeds])).toEqual([
      ['a', [1, 2, 3]],
      ['b', [1, 2, 3]],
    ]);
  });

  test('leaves out what no run has anything to say of', () => {
    expect(kpi(1, 'forecastErrorShare')).toEqual({ key: 'forecastErrorShare', is: null, difference: null });
  });
});
