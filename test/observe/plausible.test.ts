import { describe, expect, it } from 'vitest';
import { FrozenValues } from '../../src/observe/frozen-values.ts';
import { UnitJumps } from '../../src/observe/unit-jumps.ts';

const PATIENCE_MS = 1000;
const STEP_MS = 10;

/** The places of the values that count as jumped; those before them are learnt. */
function jumpsIn(values: readonly number[]): number[] {
  const jumps = new UnitJumps(PATIENCE_MS);
  jumps.reserve(1);
  return values.flatMap((value, place) => {
    if (jumps.isJump(0, value, place * STEP_MS)) return [place];
    jumps.learn(0, value);
    return [];
  });
}

const times = (count: number, value: number) => new Array<number>(count).fill(value);
const STEADY = [100, 101, 99, 100, 102, 98];

describe('a jump of unit', () => {
  it.each([
    { what: 'a thousandfold', values: [...STEADY, 100_500], places: [6] },
    { what: 'a kibifold', values: [...STEADY, 102_400], places: [6] },
    { what: 'a thousandth', values: [...STEADY, 0.1], places: [6] },
    { what: 'a kibith', values: [...STEADY, 100 / 1024], places: [6] },
    { what: 'a hundredfold is a load', values: [...STEADY, 10_000], places: [] },
    { what: 'a leap far beyond is a load', values: [...STEADY, 1e7], places: [] },
    { what: 'from what was never steady', values: [10, 90, 20, 70, 5, 60, 40_000], places: [] },
    { what: 'from what is hardly known', values: [100, 100, 100_000], places: [] },
    { what: 'from zero', values: [...times(8, 0), 1000], places: [] },
    { what: 'to zero', values: [...STEADY, 0], places: [] },
    { what: 'stays one while the other unit lasts', values: [...STEADY, 100_000, 170_000, 60_000], places: [6, 7, 8] },
    { what: 'is over with the old unit', values: [...STEADY, 100_000, 101, 99], places: [6] },
  ])('$what', ({ values, places }) => {
    expect(jumpsIn(values)).toEqual(places);
  });

  it('is taken for true when it lasts longer than patience', () => {
    const places = jumpsIn([...STEADY, ...times(120, 100_000)]);
    expect(places[0]).toBe(6);
    expect(places.at(-1)).toBe(6 + PATIENCE_MS / STEP_MS - 1);
  });

  it('is of one row, and forgotten with it', () => {
    const jumps = new UnitJumps(PATIENCE_MS);
    jumps.reserve(2);
    for (const value of STEADY) jumps.learn(0, value);
    expect([jumps.isJump(1, 100_000, 0), jumps.isJump(0, 100_000, 0)]).toEqual([false, true]);
    jumps.clear(0);
    expect(jumps.isJump(0, 100_000, STEP_MS)).toBe(false);
  });
});

const AFTER = 5;

function frozenIn(values: readonly number[], stepMs = STEP_MS): number[] {
  const frozen = new FrozenValues(AFTER);
  frozen.reserve(1);
  return values.flatMap((value, place) => (frozen.isFrozen(0, value, 1 + place * stepMs) ? [place] : []));
}

const VARIED = Array.from({ length: 10 }, (_, place) => 100 + Math.sin(place));

describe('a frozen value', () => {
  it.each([
    { what: 'the same five times after it varied', values: [...VARIED, ...times(6, 7)], places: [14, 15] },
    { what: 'is over with the next difference', values: [...VARIED, ...times(5, 7), 8, 9], places: [14] },
    { what: 'zero is idleness', values: [...VARIED, ...times(20, 0)], places: [] },
    { what: 'what never varied', values: times(50, 7), places: [] },
    {
      what: 'what always came in runs',
      values: Array.from({ length: 60 }, (_, place) => 1 + Math.floor(place / 6)),
      places: [],
    },
    {
      what: 'a run far longer than all before',
      values: [...Array.from({ length: 24 }, (_, place) => 1 + Math.floor(place / 3)), ...times(14, 77)],
      places: [36, 37],
    },
  ])('$what', ({ values, places }) => {
    expect(frozenIn(values)).toEqual(places);
  });

  it('is not made of one sample that is told again and again', () => {
    expect(frozenIn([...VARIED, ...times(20, 7)], 0)).toEqual([]);
  });
});
