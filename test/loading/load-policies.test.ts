import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { loadPolicies, loadPolicy } from '../../src/loading/load-policies.ts';
import { newcomers, withNewcomers } from '../../src/loading/newcomers.ts';
import { STOCK } from '../../src/loading/policy-files.ts';
import { choosePolicies } from '../../src/sdk/choose.ts';

const folder = mkdtempSync(join(tmpdir(), 'drover-policies-'));
afterAll(() => rmSync(folder, { recursive: true }));

const GOOD = `import { definePolicy } from '#sdk';
export default definePolicy({ id: 'mine', about: '', phase: 'improve', options: {}, terms: {}, cost: { host: () => 1 } });
`;

function write(id: string, text: string): string {
  mkdirSync(join(folder, id), { recursive: true });
  const file = join(folder, id, 'policy.ts');
  writeFileSync(file, text);
  return file;
}

describe('policy files', () => {
  it('of this package are found, each with a version', async () => {
    const { policies, problems } = await loadPolicies({ folders: [] });
    expect(problems).toEqual([]);
    expect(policies.map(({ policy }) => policy.id)).toEqual(expect.arrayContaining([...STOCK]));
    for (const { version } of policies) expect(version).toMatch(/^[0-9a-f]{12}$/);
  });

  it.each([
    ['no-default', 'export const policy = 1;\n', /its default export is no policy/],
    ['broken', 'export default definePolicy({\n', /does not load/],
  ])('%s: says what is wrong with the file', async (id, text, sentence) => {
    const file = write(id, text);
    const loaded = await loadPolicy(file);
    expect(loaded).toMatch(sentence);
    expect(loaded).toContain(file);
  });

  it('tell of a folder that is not there', async () => {
    const { problems } = await loadPolicies({ folders: [join(folder, 'nowhere')] });
    expect(problems).toEqual([expect.stringMatching(/nowhere: there is no such policy folder/)]);
  });
});

describe('choosing', () => {
  it('compiles options and names what the profile asks for in vain', async () => {
    const { policies } = await loadPolicies({ folders: [] });
    const profile = {
      ...DEFAULT_PROFILE,
      policies: {
        'load-balance': { weight: 2, options: { comfort: 0.6 } },
        'load-balence': { weight: 1, options: {} },
        'network-aware': { weight: 1, options: { busyPort: 7 } },
        'green-consolidation': { weight: 0, options: {} },
      },
    };
    const { chosen, problems } = choosePolicies(policies, profile);
    expect(chosen).toMatchObject([{ weight: 2, values: { comfort: 0.6, slowdown: 0.2 } }]);
    expect(problems).toEqual([
      expect.stringMatching(/profile.policies.load-balence: there is no such policy; known: green-consolidation, load/),
      'profile.policies.network-aware.options: option "busyPort" must be at most 1 (share), not 7',
    ]);
  });
});

it('loads a good file from anywhere', async () => {
  expect(await loadPolicy(write('mine', GOOD))).toMatchObject({ policy: { id: 'mine' } });
});

it('refuses a policy that has another name than its folder', async () => {
  expect(await loadPolicy(write('yours', GOOD))).toMatch(
    /yours\/policy.ts: its id is "mine" and its folder "yours"; they should be the same$/,
  );
});

it('reads the files beside a policy again too, and its version says that they changed', () => {
  // In a process of its own: the test runner has ways of its own to load what a file imports.
  const text = GOOD.replace("'mine'", "'split'")
    .replace("about: ''", 'about: ABOUT')
    .replace("';", "';\nimport { ABOUT } from './about.ts';");
  const file = write('split', text);
  const script = `
    import { writeFileSync } from 'node:fs';
    import { dirname, join } from 'node:path';
    import { loadPolicy } from ${JSON.stringify(new URL('../../src/loading/load-policies.ts', import.meta.url).href)};
    const file = ${JSON.stringify(file)};
    const put = (name, text) => writeFileSync(join(dirname(file), name), text);
    const read = async () => {
      const { policy, version } = await loadPolicy(file);
      return [policy.about, version];
    };
    put('about.ts', "export const ABOUT = 'one';");
    const one = await read();
    put('policy.test.ts', '// no part of the policy');
    const same = await read();
    put('about.ts', "export const ABOUT = 'two';");
    console.log(JSON.stringify([one, same, await read()]));
  `;
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  const [one, same, two] = JSON.parse(said);
  expect(same).toEqual(one);
  expect([one[0], two[0]]).toEqual(['one', 'two']);
  expect(two[1]).not.toBe(one[1]);
});

describe('newcomers', () => {
  const profile = {
    ...DEFAULT_PROFILE,
    policies: { 'load-balance': { weight: 1, options: {} }, off: { weight: 0, options: {} } },
  };

  it("are those of one's own that the profile does not name", () => {
    expect(newcomers(profile, ['green-consolidation', 'mine', 'off'])).toEqual(['mine']);
  });

  it('are at work with weight 1, after those that are named', () => {
    expect(Object.entries(withNewcomers(profile, ['mine', 'off']).policies)).toEqual([
      ['load-balance', { weight: 1, options: {} }],
      ['off', { weight: 0, options: {} }],
      ['mine', { weight: 1, options: {} }],
    ]);
  });

  it('leave the profile the very same where there are none', () => {
    expect(withNewcomers(profile, ['maintenance'])).toBe(profile);
  });
});
