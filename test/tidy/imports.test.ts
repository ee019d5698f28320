import { describe, expect, it } from 'vitest';
import { importCycles, importMatrix, importsOfPolicies, importsOfTests } from './imports.ts';
import { PURE_LINE } from './rooms.ts';
import { type Rule, source } from './source.ts';

const HOUSE = {
  'src/domain/README.md': `# domain\n\nWords.\n\n${PURE_LINE}\nMay import: nothing\n`,
  'src/sdk/README.md': `# sdk\n\nViews.\n\n${PURE_LINE}\nMay import: domain, daemon\n`,
  'src/daemon/README.md':
    '# daemon\n\nThe loop.\n\nMay import: domain, serve/words.ts, rxjs, @scope/name, package.json\n',
  'src/serve/README.md': '# serve\n\nAnswers.\n\nMay import: domain, daemon (its queries only),\ncli\n',
  'src/drivers/README.md': '# drivers\n\nHands.\n\nMay import: nothing\n',
  'src/drivers/one/README.md': '# drivers/one\n\nA hand.\n\nMay import: domain\n',
  'src/drivers/two/README.md': '# drivers/two\n\nA hand.\n\nMay import: domain\n',
  'src/wiring/README.md': '# wiring\n\nAll.\n\nMay import: everything, inversify\n',
  'package.json': '{ "dependencies": { "rxjs": "7" }, "devDependencies": { "vitest": "5" } }',
};

const judged = (rule: Rule, files: Readonly<Record<string, string>>) =>
  rule(Object.entries({ ...HOUSE, ...files }).map(([path, text]) => source(path, text)));

describe('the import matrix', () => {
  it.each([
    [
      'a folder that is not listed',
      'src/domain/a.ts',
      "import { x } from '../daemon/x.ts';",
      'domain is pure and daemon is not',
    ],
    ['a type', 'src/domain/a.ts', "import type { X } from '../daemon/x.ts';", 'domain is pure and daemon is not'],
    ['what is passed on', 'src/domain/a.ts', "export * from '../daemon/x.ts';", 'domain is pure and daemon is not'],
    ['a dynamic import', 'src/domain/a.ts', "f(import('../daemon/x.ts'));", 'domain is pure and daemon is not'],
    ['an import for its effect', 'src/domain/a.ts', "import '../daemon/x.ts';", 'domain is pure and daemon is not'],
    [
      'an import over many lines',
      'src/domain/a.ts',
      "import {\n  x,\n} from '../daemon/x.ts';",
      'domain is pure and daemon is not',
    ],
    [
      'a pure folder that is not listed',
      'src/domain/a.ts',
      "import { x } from '../sdk/x.ts';",
      'domain may import nothing',
    ],
    ['a package', 'src/domain/a.ts', "import { x } from 'rxjs/operators';", 'domain may import nothing'],
    ['the runtime in a pure folder', 'src/domain/a.ts', "import { x } from 'node:fs';", 'domain is pure'],
    ['an impure folder, though listed', 'src/sdk/a.ts', "import { x } from '../daemon/x.ts';", 'daemon is not'],
    ['another file than the one listed', 'src/daemon/a.ts', "import { x } from '../serve/x.ts';", 'daemon may import'],
    ['another driver', 'src/drivers/one/a.ts', "import { x } from '../two/x.ts';", 'drivers/one may import domain'],
    ['tests', 'src/wiring/a.ts', "import { x } from '../../test/kit/x.ts';", 'wiring may import everything'],
    ['a package in wiring', 'src/wiring/a.ts', "import { x } from 'rxjs';", 'wiring may import everything, inversify'],
    [
      'more than the start from main',
      'src/main.ts',
      "import { x } from './daemon/x.ts';",
      'main.ts may import cli, wiring',
    ],
  ])('forbids %s', (_what, path, text, says) => {
    const findings = judged(importMatrix, { [path]: `\n${text}\n` });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(new RegExp(`^${path}:[2-4]: imports "`));
    expect(findings[0]).toContain(says);
  });

  it.each([
    ['its own files', 'src/domain/a.ts', "import { x } from './b.ts';"],
    ['a listed folder', 'src/daemon/a.ts', "import { x } from '../domain/b.ts';"],
    ['a listed file', 'src/daemon/a.ts', "import { x } from '../serve/words.ts';"],
    ['a listed file outside src', 'src/daemon/a.ts', "import x from '../../package.json';"],
    ['a listed package', 'src/daemon/a.ts', "import { x } from '@scope/name/part';"],
    ['a folder listed with a remark', 'src/serve/a.ts', "import { x } from '../daemon/b.ts';"],
    ['the runtime', 'src/daemon/a.ts', "import { x } from 'node:fs';"],
    ['everything in wiring', 'src/wiring/a.ts', "import { x } from '../drivers/one/b.ts';"],
    ['what only a comment or a text says', 'src/domain/a.ts', "// from 'rxjs'\nconst a = `import 'rxjs'`;"],
    ['Array.from', 'src/domain/a.ts', "const a = Array.from('rxjs');"],
  ])('allows %s', (_what, path, text) => {
    expect(judged(importMatrix, { [path]: text })).toEqual([]);
  });
});

describe('imports of policies', () => {
  it.each([
    ['policies/green/policy.ts', "import { x } from '../../src/domain/vm.ts';", 'a policy may import #sdk'],
    ['policies/green/policy.ts', "import { x } from 'node:fs';", 'a policy may import #sdk'],
    ['policies/green/policy.test.ts', "import { x } from '#sdk';", "a policy's test may import #testing"],
  ])('forbids in %s: %s', (path, text, says) => {
    expect(judged(importsOfPolicies, { [path]: text })).toEqual([expect.stringContaining(says)]);
  });

  it('allows the SDK, and the tester in tests', () => {
    const test = "import { a } from '#testing';\nimport { b } from 'vitest';\nimport c from './policy.ts';";
    const files = { 'policies/a/policy.ts': "import { x } from '#sdk';", 'policies/a/policy.test.ts': test };
    expect(judged(importsOfPolicies, files)).toEqual([]);
  });
});

describe('imports of tests', () => {
  it('forbids undeclared packages and files elsewhere', () => {
    const text = "import a from 'lodash';\nimport b from '../../../elsewhere.ts';";
    expect(judged(importsOfTests, { 'test/a/a.test.ts': text })).toHaveLength(2);
  });

  it('allows the rest', () => {
    const text = "import a from 'vitest';\nimport b from 'node:fs';\nimport c from '../../src/domain/vm.ts';";
    expect(judged(importsOfTests, { 'test/a/a.test.ts': text })).toEqual([]);
  });
});

describe('import cycles', () => {
  it('are found wherever they begin', () => {
    const files = {
      'src/domain/a.ts': "import './b.ts';",
      'src/domain/b.ts': "import './c.ts';",
      'src/domain/c.ts': "\nimport type { B } from './b.ts';",
    };
    expect(judged(importCycles, files)).toEqual([
      'src/domain/c.ts:2: imports "./b.ts"; break the ring src/domain/b.ts → src/domain/c.ts → src/domain/b.ts',
    ]);
  });

  it('are not seen in diamonds', () => {
    const files = {
      'src/domain/a.ts': "import './b.ts';\nimport './c.ts';",
      'src/domain/b.ts': "import './d.ts';",
      'src/domain/c.ts': "import './d.ts';",
      'src/domain/d.ts': '',
    };
    expect(judged(importCycles, files)).toEqual([]);
  });
});
