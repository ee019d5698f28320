import { describe, expect, it } from 'vitest';
import { CAUSES, causeOf, judgeSample, judgeWindow, TRUSTED, verdictOf } from '../../src/observe/trust-gate.ts';
import { COUNTER_RESET } from '../../src/ports/samples.ts';

const NOW_MS = 1_000_000;

describe('a sample', () => {
  it.each([
    { what: 'an ordinary value', value: 5, atMs: NOW_MS, cause: undefined },
    { what: 'zero', value: 0, atMs: NOW_MS, cause: undefined },
    { what: 'exactly the ceiling', value: 10, atMs: NOW_MS, cause: undefined },
    { what: 'above the ceiling', value: 10.1, atMs: NOW_MS, cause: 'beyond-capacity' },
    { what: 'negative', value: -0.1, atMs: NOW_MS, cause: 'negative' },
    { what: 'NaN', value: Number.NaN, atMs: NOW_MS, cause: 'not-a-number' },
    { what: 'a counter that began anew', value: COUNTER_RESET, atMs: NOW_MS, cause: 'counter-reset' },
    { what: 'infinite', value: Infinity, atMs: NOW_MS, cause: 'not-a-number' },
    { what: 'at no time', value: 5, atMs: Number.NaN, cause: 'not-a-number' },
    { what: 'in the future', value: 5, atMs: NOW_MS + 1, cause: 'clock-skew' },
    { what: 'before time began', value: 5, atMs: -1, cause: 'clock-skew' },
  ])('$what: $cause', ({ value, atMs, cause }) => {
    expect(causeOf(judgeSample(value, atMs, 10, NOW_MS))).toBe(cause);
  });

  it('without a ceiling may be as high as it likes', () => {
    expect(judgeSample(1e300, NOW_MS, Infinity, NOW_MS)).toBe(TRUSTED);
  });
});

describe('a window', () => {
  it.each([
    { samples: 0, ageMs: Infinity, arrivedMs: Infinity, cause: 'missing' },
    { samples: 1, ageMs: 0, arrivedMs: 0, cause: 'missing' },
    { samples: 2, ageMs: 60, arrivedMs: 60, cause: undefined },
    { samples: 2, ageMs: 61, arrivedMs: 61, cause: 'stale' },
    { samples: 1, ageMs: 61, arrivedMs: 61, cause: 'stale' },
    { samples: 2, ageMs: 61, arrivedMs: 60, cause: 'stale' },
    { samples: 2, ageMs: 62, arrivedMs: 1, cause: 'clock-skew' },
  ])(
    '$samples samples, the newest $ageMs old, come in $arrivedMs ago: $cause',
    ({ samples, ageMs, arrivedMs, cause }) => {
      expect(causeOf(judgeWindow(samples, ageMs, arrivedMs, 60))).toBe(cause);
    },
  );
});

it('verdicts and causes are the same thing in two forms', () => {
  expect(CAUSES.map((cause) => causeOf(verdictOf(cause)))).toEqual([...CAUSES]);
  expect(CAUSES.map(verdictOf)).not.toContain(TRUSTED);
});
