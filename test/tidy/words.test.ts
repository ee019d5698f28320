// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are code
import { describe, expect, it } from 'vitest';
import { PURE_LINE } from './rooms.ts';
import { type Rule, source } from './source.ts';
import {
  everyPolicyIsWhole,
  everyTestRuns,
  lockWithoutAddresses,
  namesSaySomething,
  noAny,
  noPathsOfThisMachine,
  nothingUnfinished,
  pureWords,
} from './words.ts';

const PURE_ROOM = source('src/plan/README.md', `# plan\n\nPlans.\n\n${PURE_LINE}\nMay import: nothing\n`);
const judged = (rule: Rule, path: string, text: string) => rule([PURE_ROOM, source(path, text)]);

/** Each rule, where it finds what, and what it lets pass. */
const ROWS: readonly (readonly [Rule, path: string, bad: readonly string[], good: readonly string[]])[] = [
  [
    pureWords,
    'src/plan/a.ts',
    [
      'Date.now()',
      'new Date(0)',
      'Math.random()',
      'setTimeout(f)',
      'setInterval(f)',
      'process.exit()',
      'console.log(1)',
      'async () => 1',
      'await f()',
      'performance.now()',
      '`${Date.now()}`',
    ],
    ['// Date.now()', "f('await')", 'ended: Promise<void>', 'host.process.x', 'Math.max(1)', 'host.console'],
  ],
  [pureWords, 'policies/green/policy.ts', ['Math.random()'], ['host.cpu']],
  [pureWords, 'policies/green/policy.test.ts', [], ['await f()']],
  [pureWords, 'src/act/a.ts', [], ['await f()', 'Date.now()']],
  [
    noAny,
    'src/act/a.ts',
    ['let a: any;', 'f(a as any)', 'new Map<string, any>()', 'f<any>()', 'let a: X | any', '() => any', 'let a: any[]'],
    ['z.any()', '// any', 'let a: { any: X }', 'const anything = 1', "f('as any')", 'any(a)'],
  ],
  [nothingUnfinished, 'src/act/a.ts', ['// TODO: this', '/* FIXME */', '// XXX'], ["f('TODO')", '// done']],
  [
    everyTestRuns,
    'test/act/a.test.ts',
    ["it.only('a')", "describe.skip('a')", "test.concurrent.only('a')", "it.todo('a')"],
    ["it('a.skip')", 'rows.only(1)', 'it.each([])', "f('it.only()')"],
  ],
  [everyTestRuns, 'policies/green/policy.test.ts', ["it.only('a')"], ["it('a')"]],
  [
    namesSaySomething,
    'src/act/a.ts',
    ['class StepManager {}', 'interface HelperOfSteps {}', 'type StepUtils = X;', 'interface IStep {}'],
    ['class Executor {}', 'interface Idle {}', 'interface IOPort {}', '// a class Manager'],
  ],
  [namesSaySomething, 'src/act/step-manager.ts', [''], []],
  [namesSaySomething, 'src/act/utils/a.ts', [''], []],
  [namesSaySomething, 'src/act/utility-curve.ts', [], ['']],
  [
    noPathsOfThisMachine,
    'src/act/a.ts',
    ["f('/tmp/a')", "f('/work/a')", '// in /tmp/a'],
    ["f('./tmp/a')", "f('a/work/')"],
  ],
  [noPathsOfThisMachine, 'test/act/a.test.ts', [], ["f('/tmp/a')"]],
  [lockWithoutAddresses, 'package-lock.json', ['{ "resolved": "https://…" }'], ['{ "integrity": "…" }']],
];

for (const [rule, path, bad, good] of ROWS) {
  describe(`${rule.name} in ${path}`, () => {
    it.each([...bad])('finds: %s', (text) => {
      expect(judged(rule, path, `\n${text}\n`)).toEqual([expect.stringMatching(new RegExp(`^${path}:[12]: .+; .+$`))]);
    });

    it.each([...good])('allows: %s', (text) => {
      expect(judged(rule, path, text)).toEqual([]);
    });
  });
}

describe('everyPolicyIsWhole', () => {
  it('finds what a policy lacks', () => {
    const tree = [source('policies/green/policy.ts', ''), source('policies/shared.ts', '')];
    expect(everyPolicyIsWhole(tree)).toEqual([
      expect.stringContaining('policies/green/policy.test.ts:1: is missing'),
      expect.stringContaining('policies/green/README.md:1: is missing'),
    ]);
  });

  it('is content with all three', () => {
    const files = ['policy.ts', 'policy.test.ts', 'README.md'];
    expect(everyPolicyIsWhole(files.map((file) => source(`policies/green/${file}`, '')))).toEqual([]);
  });
});
