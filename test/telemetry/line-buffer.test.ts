import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineBuffer } from '../../src/telemetry/line-buffer.ts';

function written(value: number, decimals: number): string {
  const buffer = new LineBuffer(100);
  buffer.number(value, decimals);
  return new TextDecoder().decode(buffer.take());
}

describe('numbers as bytes', () => {
  test.each<[number, number, string]>([
    [0, 0, '0'],
    [0, 4, '0'],
    [-0.00001, 4, '0'],
    [7, 0, '7'],
    [-7, 0, '-7'],
    [0.5, 4, '0.5'],
    [0.0625, 4, '0.0625'],
    [1, 4, '1'],
    [12.3456789, 4, '12.3457'],
    [-3.1, 1, '-3.1'],
    [999_999_999, 0, '999999999'],
    [1_000_000_000, 0, '1000000000'],
    [137_438_953_472, 0, '137438953472'],
    [1_000_000_001.5, 1, '1000000001.5'],
    [Number.NaN, 2, 'NaN'],
    [Number.POSITIVE_INFINITY, 2, '+Inf'],
    [Number.NEGATIVE_INFINITY, 2, '-Inf'],
    [1e300, 2, '1e+300'],
  ])('%d with %d decimals is %s', (value, decimals, expected) => {
    expect(written(value, decimals)).toBe(expected);
  });

  test('reads back as what it was, to the decimals that were asked for', () => {
    const values = fc.double({ noNaN: true, min: -1e9, max: 1e9 });
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 5 }), (value, decimals) => {
        const text = written(value, decimals);
        expect(text).toMatch(/^-?\d+(\.\d*[1-9])?$/);
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(0.5001 * 10 ** -decimals + Math.abs(value) * 1e-15);
      }),
    );
  });

  test('whole numbers are exact', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(written(value, 0)).toBe(String(value));
      }),
    );
  });
});
