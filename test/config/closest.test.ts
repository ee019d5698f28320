import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closest, didYouMean, editDistance } from '../../src/config/closest.ts';

describe('closest', () => {
  test.each([
    ['pwoer', ['mode', 'power', 'driver'], 'power'],
    ['horizonMinute', ['horizonMinutes', 'minimumOnMinutes'], 'horizonMinutes'],
    ['perKWh', ['perKwh', 'pue'], 'perKwh'],
    ['decde', ['decide', 'decisions'], 'decide'],
    ['xy', ['ab', 'xz'], undefined],
    ['bananas', ['mode', 'power'], undefined],
    ['nosuch', ['vouch', 'resume'], undefined],
    ['lpan', ['plan', 'place'], 'plan'],
  ])('%s among %j is %s', (word, known, meant) => {
    expect(closest(word, known)).toBe(meant);
  });

  test('says it as a question, or nothing', () => {
    expect(didYouMean('atuo', ['auto', 'observe'])).toBe(' — did you mean "auto"?');
    expect(didYouMean('zzz', ['auto'])).toBe('');
  });
});

describe('editDistance', () => {
  test.each([
    ['', 'abc', 3],
    ['auto', 'atuo', 1],
    ['kitten', 'sitting', 3],
    ['same', 'same', 0],
  ])('%s to %s takes %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  test('is the same both ways, and zero only between equals', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });
});
