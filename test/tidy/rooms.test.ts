import { describe, expect, it } from 'vitest';
import { PURE_LINE, pureFoldersAgree, readmeOfEveryFolder, readmesNameWhatExists } from './rooms.ts';
import { source } from './source.ts';

const README = 'src/plan/README.md';
const GOOD = `# plan\n\nPuts decisions in order. And so on.\n\n${PURE_LINE}\nMay import: domain, sdk\n`;

const formOf = (text: string) => readmeOfEveryFolder([source('src/plan/a.ts', ''), source(README, text)]);

describe('the README of a folder', () => {
  it.each([
    ['with the line for pure folders', GOOD],
    ['of an impure folder', '# plan\n\nOne sentence.\n\nMay import: nothing\n'],
    [
      'with more to say',
      '# plan\n\nOne sentence.\n\nMore of it.\nAnd more.\n\nMay import: domain, daemon/queries.ts,\nrxjs\n',
    ],
  ])('is right %s', (_what, text) => {
    expect(formOf(text)).toEqual([]);
  });

  it.each([
    ['another title', GOOD.replace('# plan', '# Planning'), ':1: the title is "# Planning"; it should be "# plan"'],
    ['nothing said', '# plan\n\nno sentence\n\nMay import: domain\n', ':3: says what it is in 0 sentences'],
    ['too much said', GOOD.replace('And so on.', 'A. B. C. D.'), ':3: says what it is in 5 sentences'],
    ['no imports', '# plan\n\nOne sentence.\n\nThe end.\n', ':5: does not end with its imports'],
    ['imports before the end', `${GOOD}\nThe end.\n`, ':8: does not end with its imports'],
    ['another idea of pure', GOOD.replace('no async', 'async'), ':6: does not end with its imports'],
  ])('is found to have %s', (_what, text, says) => {
    expect(formOf(text)).toEqual([expect.stringContaining(README + says)]);
  });

  it('is missed, in folders of drivers too', () => {
    const tree = [source(README, GOOD), source('src/act/a.ts', ''), source('src/drivers/one/a.ts', '')];
    expect(readmeOfEveryFolder(tree)).toEqual([
      expect.stringContaining('src/act/README.md:1: is missing'),
      expect.stringContaining('src/drivers/README.md:1: is missing'),
      expect.stringContaining('src/drivers/one/README.md:1: is missing'),
    ]);
  });

  it('names only what exists', () => {
    const manifest = source('package.json', '{ "dependencies": { "rxjs": "7" } }');
    const text = '# act\n\nActs.\n\nMay import: plan, plan/a.ts, rxjs, everything, plann, `rxjs`\n';
    const tree = [manifest, source(README, GOOD), source('src/plan/a.ts', ''), source('src/act/README.md', text)];
    expect(readmesNameWhatExists(tree)).toEqual([
      expect.stringContaining(`${README}:1: may import "domain"`),
      expect.stringContaining(`${README}:1: may import "sdk"`),
      expect.stringContaining('src/act/README.md:1: may import "plann"'),
      expect.stringContaining('src/act/README.md:1: may import "`rxjs`"'),
    ]);
  });
});

describe('pure folders', () => {
  const agreed = (include: string, text: string) =>
    pureFoldersAgree([source('src/tsconfig.pure.json', `{ "include": [${include}] }`), source(README, text)]);

  it('are the same for README and compiler', () => {
    expect(agreed('"plan"', GOOD)).toEqual([]);
    expect(agreed('', GOOD.replace(`${PURE_LINE}\n`, ''))).toEqual([]);
  });

  it('must not be pure for one of them only', () => {
    expect(agreed('', GOOD)).toEqual([expect.stringContaining('src/tsconfig.pure.json:1: plan calls itself pure')]);
    expect(agreed('"plan"', GOOD.replace(`${PURE_LINE}\n`, ''))).toEqual([
      expect.stringContaining(`${README}:1: plan is compiled as pure and does not say so`),
    ]);
  });
});
