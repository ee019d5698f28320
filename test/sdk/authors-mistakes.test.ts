import { describe, expect, it } from 'vitest';
import { definePolicy, expectedExcess, option } from '../../src/sdk/index.ts';

/** What must not compile: the compiler reports an unused `@ts-expect-error` as an error of its own. */
const wrongOption = definePolicy({
  id: 'wrong-option',
  about: '',
  phase: 'improve',
  options: { comfort: option.share('', 0.5) },
  terms: {},
  // @ts-expect-error: there is no option of this name
  cost: { host: (_host, options) => options.confort },
});

const missingBlank = definePolicy({
  id: 'missing-blank',
  about: '',
  phase: 'improve',
  options: {},
  terms: {},
  reasons: { hot: '{host} was at {share}' },
  cost: {},
  *propose({ because }) {
    // @ts-expect-error: the blank {share} is not filled
    yield { wishes: [], because: because.hot({ host: 'h1' }) };
  },
});

describe('the SDK', () => {
  it('makes policies of definitions, mistakes and all', () => {
    expect([wrongOption.id, missingBlank.id]).toEqual(['wrong-option', 'missing-blank']);
  });

  it.each([
    [80, 0, 100, 0],
    [120, 0, 100, 20],
    [100, 10, 100, 3.9894],
    [0, 10, 100, 0],
    [300, 10, 100, 200],
  ])('expects of a demand of %d ± %d above %d an excess of %d', (mean, deviation, limit, excess) => {
    expect(expectedExcess(mean, deviation, limit)).toBeCloseTo(excess, 3);
  });
});
