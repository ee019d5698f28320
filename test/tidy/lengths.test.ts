import { describe, expect, it } from 'vitest';
import { heldByRatchet, LONGEST_FILE, LONGEST_FUNCTION, measure, mostAreShort, noneTooLong } from './lengths.ts';
import { source } from './source.ts';

const functionOf = (lines: number) => `function f() {\n${'  g();\n'.repeat(lines - 2)}}\n`;
const fileOf = (lines: number) => 'g();\n'.repeat(lines);

describe('lengths', () => {
  it.each(['src/plan/a.ts', 'test/plan/a.test.ts', 'src/serve/console/page.js'])('are limited in %s', (path) => {
    expect(noneTooLong([source(path, functionOf(LONGEST_FUNCTION))])).toEqual([]);
    expect(noneTooLong([source(path, `\n${functionOf(LONGEST_FUNCTION + 1)}`)])).toEqual([
      expect.stringContaining(`${path}:2: f has ${LONGEST_FUNCTION + 1} lines; split it`),
    ]);
    expect(noneTooLong([source(path, fileOf(LONGEST_FILE))])).toEqual([]);
    expect(noneTooLong([source(path, fileOf(LONGEST_FILE + 1))])).toEqual([
      expect.stringContaining(`${path}:1: ${LONGEST_FILE + 1} lines; split it`),
    ]);
  });

  it('are not limited for documents', () => {
    expect(noneTooLong([source('src/plan/README.md', fileOf(LONGEST_FILE + 1))])).toEqual([]);
  });

  it('have medians', () => {
    const tree = (...texts: string[]) => texts.map((text, i) => source(`src/plan/${i}.ts`, text));
    expect(mostAreShort(tree(fileOf(100), fileOf(300), fileOf(10)))).toEqual([]);
    expect(mostAreShort(tree(fileOf(101), fileOf(300), fileOf(10)))).toEqual([expect.stringContaining('median file')]);
    expect(mostAreShort(tree(functionOf(10), functionOf(30), functionOf(2)))).toEqual([]);
    expect(mostAreShort(tree(functionOf(11), functionOf(30), functionOf(2)))).toEqual([
      expect.stringContaining('the median function has 11 lines'),
    ]);
  });

  it('let a tenth of the functions be long', () => {
    const code = (long: number) => [
      source('src/plan/a.ts', functionOf(3).repeat(10 - long) + functionOf(31).repeat(long)),
    ];
    expect(mostAreShort(code(1))).toEqual([]);
    expect(mostAreShort(code(2))).toEqual([expect.stringContaining('2 of 10 functions exceed 30 lines')]);
  });

  it('of tests have no medians', () => {
    expect(mostAreShort([source('test/plan/a.test.ts', fileOf(300))])).toEqual([]);
  });
});

describe('the ratchet', () => {
  const longest = { function: 50, file: 200 };
  const held = (code: Partial<typeof longest>) =>
    heldByRatchet({ code: { ...longest, ...code }, tests: longest }, { code: longest, tests: longest });

  it('measures code and tests apart', () => {
    const code = source('src/plan/a.ts', functionOf(7) + fileOf(20));
    const test = source('test/plan/a.test.ts', functionOf(9));
    expect(measure([code, test])).toEqual({ code: { function: 7, file: 27 }, tests: { function: 9, file: 9 } });
  });

  it.each([{}, { function: 45 }, { file: 180 }])('is content with %o', (code) => {
    expect(held(code)).toEqual([]);
  });

  it('forbids what is worse', () => {
    expect(held({ function: 51 })).toEqual([
      expect.stringContaining('has 51 lines and the ratchet stands at 50; shorten'),
    ]);
    expect(held({ file: 201 })).toEqual([expect.stringContaining('the longest file of the code has 201 lines')]);
  });

  it('asks to keep what is clearly better', () => {
    expect(held({ function: 44 })).toEqual([expect.stringContaining('lower it: npx -c')]);
    expect(held({ file: 179 })).toEqual([expect.stringContaining('lower it')]);
  });
});
