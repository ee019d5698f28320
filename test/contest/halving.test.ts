import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frontOf, ranked, roundsFor, type Scored } from '../../src/contest/halving.ts';
import { knobName, knobsOf, turned } from '../../src/contest/knobs.ts';
import { DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { option } from '../../src/sdk/options.ts';
import { seededRandom } from '../../src/simulator/random.ts';

const scored = (words: string, objectives: readonly number[], cost = 0): Scored => ({ words, objectives, cost });
const wordsOf = (list: readonly Scored[]) => list.map(({ words }) => words);

describe('successive halving', () => {
  test('halves the candidates and doubles the seeds, and ends with all seeds', () => {
    expect(roundsFor(16, 4)).toEqual([
      { candidates: 16, seeds: 1 },
      { candidates: 8, seeds: 2 },
      { candidates: 4, seeds: 4 },
    ]);
    expect(roundsFor(3, 1)).toEqual([{ candidates: 3, seeds: 1 }]);
    expect(roundsFor(2, 5).at(-1)).toEqual({ candidates: 1, seeds: 5 });
  });

  test('the front holds those than which nobody is as good in everything and better in something', () => {
    const all = [scored('a', [1, 9]), scored('b', [9, 1]), scored('c', [9, 2]), scored('d', [1, 9])];
    expect(wordsOf(frontOf(all))).toEqual(['a', 'b', 'd']);
  });

  test('behind the front come those whom only the front beats; among equals, money decides', () => {
    const all = [scored('c', [5, 5]), scored('b', [9, 1], 2), scored('a', [1, 4], 1), scored('d', [9, 9])];
    expect(wordsOf(ranked(all))).toEqual(['a', 'b', 'c', 'd']);
  });

  test('nobody is lost in the ranking, and nobody before is beaten by one behind', () => {
    const objectives = fc.array(fc.nat(4), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(objectives, { maxLength: 12 }), (list) => {
        const all = list.map((each, index) => scored(String(index), each));
        const order = ranked(all);
        expect(wordsOf(order).toSorted()).toEqual(wordsOf(all).toSorted());
        order.forEach((later, index) => {
          for (const earlier of order.slice(0, index))
            expect(wordsOf(frontOf([earlier, later]))).toContain(earlier.words);
        });
      }),
    );
  });
});

describe('knobs', () => {
  const specs = {
    comfort: option.share('share', 0.7),
    count: option.number('count', 10, 'VMs', { least: 8 }),
    loud: option.flag('flag', false),
    way: option.choice('choice', ['a', 'b'], 'a'),
  };
  const profile = {
    ...DEFAULT_PROFILE,
    policies: { one: { weight: 1, options: {} }, off: { weight: 0, options: {} } },
  };
  const knobs = knobsOf(profile, () => specs);

  test('are the fields of the profile, and weight and options of the policies at work', () => {
    const names = knobs.map(knobName);
    expect(names).toEqual(expect.arrayContaining(['profile:margin', 'one:weight', 'one:comfort', 'one:way']));
    expect(names.filter((name) => name.startsWith('off'))).toEqual([]);
  });

  test('draw what the option takes', () => {
    const random = seededRandom(1);
    const drawn = (name: string) =>
      Array.from({ length: 50 }, () => knobs.find((each) => knobName(each) === name)!.draw(random));
    for (const value of drawn('one:comfort')) expect(value).toSatisfy((share: number) => share >= 0 && share <= 1);
    for (const value of drawn('one:count')) expect(value).toSatisfy((count: number) => count >= 8 && count <= 50);
    for (const value of drawn('profile:spareHosts')) expect(Number.isInteger(value)).toBe(true);
    expect(new Set(drawn('one:loud'))).toEqual(new Set([false, true]));
    expect(new Set(drawn('one:way'))).toEqual(new Set(['a', 'b']));
  });

  test('turned, they are words of a contender', () => {
    expect(turned(knobs, seededRandom(3))).toMatch(/^([a-z]+:(\w[\w.]*=[\w.]+,?)+\+?)+$/);
    expect(turned([], seededRandom(3))).toBe('usual');
  });
});
