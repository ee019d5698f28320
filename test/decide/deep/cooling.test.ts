import { describe, expect, it } from 'vitest';
import { Cooling } from '../../../src/decide/deep/cooling.ts';

const LOOKS = 10_000;

/** How far it is at each look of a search whose cost goes up and down by so many times the temperature. */
function courseWith(unrest: (look: number) => number): { readonly progress: number; readonly warmth: number }[] {
  const cooling = new Cooling();
  return Array.from({ length: LOOKS }, (_, look) => {
    cooling.look((look % 2) * unrest(look), 1);
    cooling.advance(look / LOOKS);
    return { progress: cooling.progress, warmth: cooling.warmth() };
  });
}

const half = LOOKS / 2;

describe('the course of cooling', () => {
  it.each([0, 1, 4, 16, 1_000])(
    'never gets warmer, and ends cold where the cost changes by %i temperatures',
    (unrest) => {
      const course = courseWith(() => unrest);
      expect(course.every(({ warmth }, n) => n === 0 || warmth <= course[n - 1]!.warmth)).toBe(true);
      expect(course.at(-1)!.progress).toBeGreaterThan(0.999);
      expect(course.at(-1)!.warmth).toBeLessThan(0.00001);
    },
  );

  it('is even where the cost changes as much as usual', () => {
    expect(courseWith(() => 4)[half]!.progress).toBeCloseTo(0.5, 2);
  });

  it('is slower as long as much changes, and faster where nothing does', () => {
    expect(courseWith(() => 16)[half]!.progress).toBeLessThan(0.25);
    expect(courseWith(() => 1)[half]!.progress).toBeGreaterThan(0.75);
  });

  it('has more time left for what is restless later', () => {
    const restlessLate = courseWith((look) => (look < half ? 0 : 16));
    expect(restlessLate[half]!.progress).toBeGreaterThan(0.75);
  });
});
