import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findJsonFault } from '../../src/case/json-place.ts';
import { readCase } from '../../src/case/read-case.ts';
import { problemWords } from '../../src/config/problem.ts';

describe('a text that is not JSON is told with its place', () => {
  test.each([
    ['', '1:1: is not JSON: here the file ends, should be a value'],
    ['{', '1:2: is not JSON: here the file ends, should be a name in double quotes'],
    ['{\n  "a": 1,\n}', '3:1: is not JSON: here stands "}", should be a name in double quotes'],
    ['[1, 2,]', '1:7: is not JSON: here stands "]", should be a value'],
    ['[1 2]', '1:4: is not JSON: here stands "2", should be "," or "]"'],
    ['{"a" 1}', '1:6: is not JSON: here stands "1", should be ":"'],
    ["{'a': 1}", '1:2: is not JSON: here stands "\'a\'", should be a name in double quotes'],
    ['{"a": nul}', '1:7: is not JSON: here stands "nul", should be a value'],
    ['{"a": NaN}', '1:7: is not JSON: here stands "NaN", should be a value'],
    ['{"a": 1}}', '1:9: is not JSON: here stands "}", should be nothing more'],
    ['{"a": "b\n"}', '1:7: is not JSON: here stands a text that is never closed, should be a value'],
  ])('%j', (text, complaint) => {
    const read = readCase(text, 'case.json');
    expect(Array.isArray(read) ? read.map(problemWords) : []).toEqual([`case.json:${complaint}`]);
  });
});

describe('findJsonFault', () => {
  const isJson = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };

  test('agrees with the built-in parser on JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(findJsonFault(text)).toBeUndefined();
      }),
    );
  });

  test('agrees with the built-in parser on JSON with something cut out or put in', () => {
    const damaged = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.nat(3),
        fc.constantFrom('', ',', '}', '"', '\\', '1', '-', '\n', '[', 'e', '\u0001'),
      )
      .map(([text, at, length, put]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + put + text.slice(place + length);
      });
    fc.assert(
      fc.property(damaged, (text) => {
        expect(findJsonFault(text) === undefined).toBe(isJson(text));
      }),
      {
        numRuns: 500,
      },
    );
  });

  test('goes as deep as it takes', () => {
    expect(findJsonFault('['.repeat(100_000))).toMatchObject({ line: 1, column: 100_001 });
  });
});
