import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadPolicy } from '../../src/loading/load-policies.ts';
import { drover, folderWith } from './console.ts';

/** Tests of a policy run in processes of their own, on a machine that may be busy. */
const PATIENCE = { timeout: 60_000 };

describe('policy new', () => {
  test('writes a policy that loads, with its test and its README, and what editors need outside of the package', async () => {
    const cwd = folderWith();
    const ran = await drover(['policy', 'new', 'keep-calm', '--folder', 'mine'], { cwd });
    expect(ran).toMatchObject({ exitCode: 0, said: [] });
    expect(ran.out).toMatch(
      /^mine\/keep-calm is written: policy.ts, policy.test.ts, README.md\n.*drover policy test mine/,
    );
    expect(await loadPolicy(join(cwd, 'mine/keep-calm/policy.ts'))).toMatchObject({ policy: { id: 'keep-calm' } });
    expect(readFileSync(join(cwd, 'mine/keep-calm/README.md'), 'utf8')).toMatch(/^# keep-calm\n/);
    expect(JSON.parse(readFileSync(join(cwd, 'mine/tsconfig.json'), 'utf8'))).toHaveProperty('compilerOptions.paths');
  });

  test('never writes over what is there', async () => {
    const cwd = folderWith();
    await drover(['policy', 'new', 'mine', '--folder', '.'], { cwd });
    writeFileSync(join(cwd, 'mine/policy.ts'), 'precious');
    expect(await drover(['policy', 'new', 'mine', '--folder', '.', '--json'], { cwd })).toEqual({
      exitCode: 1,
      out: '',
      said: ['drover: mine: cannot be written: it is there already'],
    });
    expect(readFileSync(join(cwd, 'mine/policy.ts'), 'utf8')).toBe('precious');
  });

  test.each([
    ['Keep_Calm', /^drover: ID is "Keep_Calm", should be small letters, digits and dashes/],
    ['../up', /^drover: ID is "..\/up", should be small letters/],
    ['load-balance', /^drover: ID is "load-balance", which Drover itself uses/],
    ['core', /^drover: ID is "core", which Drover itself uses/],
  ])('refuses %s', async (id, sentence) => {
    const cwd = folderWith();
    const ran = await drover(['policy', 'new', id, '--folder', 'mine'], { cwd });
    expect(ran).toMatchObject({ exitCode: 2, said: [expect.stringMatching(sentence)] });
    expect(existsSync(join(cwd, 'mine'))).toBe(false);
  });

  test('asks for a folder where there is none of its own', async () => {
    const ran = await drover(['policy', 'new', 'mine'], { cwd: folderWith() });
    expect(ran).toMatchObject({ exitCode: 2, said: [expect.stringContaining('--folder FOLDER')] });
  });
});

describe('policy test', () => {
  test('passes what policy new has written', PATIENCE, async () => {
    const cwd = folderWith();
    await drover(['policy', 'new', 'mine', '--folder', '.'], { cwd });
    const ran = await drover(['policy', 'test', 'mine'], { cwd });
    expect(ran).toMatchObject({ exitCode: 0, said: [] });
    expect(ran.out).toMatch(/^✓ mine: \d\d checks passed\n$/);
  });

  test('says of each policy in a folder what is wrong with it', PATIENCE, async () => {
    const cwd = folderWith();
    for (const id of ['bare', 'chancy', 'empty']) await drover(['policy', 'new', id, '--folder', '.'], { cwd });
    rmSync(join(cwd, 'bare/policy.test.ts'));
    writeFileSync(join(cwd, 'empty/policy.ts'), 'export const nothing = 1;\n');
    const chancy = join(cwd, 'chancy/policy.ts');
    const text = readFileSync(chancy, 'utf8');
    writeFileSync(chancy, text.replace('* perVmTooMany', '* perVmTooMany * Math.random() + setTimeout'));
    const ran = await drover(['policy', 'test', '.', '--json'], { cwd });
    expect(ran).toMatchObject({ exitCode: 1, said: ['drover: not every check passed: bare, chancy, empty'] });
    const [bare, random, empty] = JSON.parse(ran.out).policies;
    expect(bare.failures).toEqual([
      { check: 'has tests', because: expect.stringContaining('policy.test.ts is missing') },
    ]);
    expect(random.failures).toContainEqual({
      check: 'compiles',
      because: expect.stringMatching(/^policy.ts line \d+: a policy has no setTimeout/),
    });
    expect(random.failures).toContainEqual({
      check: 'moves VMs away from a crowded host › asks neither the clock nor chance',
      because: 'it asks for chance: what must be known is in the fleet',
    });
    expect(empty.failures).toContainEqual({
      check: 'tests load',
      because: 'there is no policy to test: policy.ts exports none by default',
    });
  });

  test('tells a mistake by what the compiler says, not by all that follows from it', PATIENCE, async () => {
    const cwd = folderWith();
    await drover(['policy', 'new', 'mine', '--folder', '.'], { cwd });
    const file = join(cwd, 'mine/policy.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace('{ most, perVmTooMany }', '{ mots, perVmTooMany }'));
    const { failures } = JSON.parse((await drover(['policy', 'test', '.', '--json'], { cwd })).out).policies[0];
    expect(failures).toEqual([
      { check: 'compiles', because: "policy.ts line 14: there is no option 'mots'; known: most, perVmTooMany" },
      { check: 'compiles', because: "policy.ts line 14: Cannot find name 'most'." },
    ]);
  });

  test('soon says of one that loops without end that it does', PATIENCE, async () => {
    const cwd = folderWith();
    await drover(['policy', 'new', 'mine', '--folder', '.'], { cwd });
    const file = join(cwd, 'mine/policy.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace('cost: {', 'cost: { vm: () => { for (;;); },'));
    expect(await drover(['policy', 'test', 'mine'], { cwd })).toMatchObject({
      exitCode: 1,
      said: [expect.stringMatching(/mine\/policy.ts: does not come to an end within 3 s$/)],
    });
  });

  test('needs a folder with a policy in it', async () => {
    const ran = await drover(['policy', 'test', 'nowhere'], { cwd: folderWith() });
    expect(ran).toMatchObject({
      exitCode: 2,
      said: [expect.stringMatching(/^drover: nowhere: there is no policy here/)],
    });
  });
});

describe('policy list', () => {
  test('says how each policy stands in this configuration, with the options that it would have', async () => {
    const cwd = folderWith({
      'drover.yaml':
        'policyFolders: [mine]\nprofile: { policies: { load-balance: { weight: 2, options: { comfort: 0.5 } } } }\n',
    });
    await drover(['policy', 'new', 'own', '--folder', 'mine'], { cwd });
    const { policies, problems } = JSON.parse((await drover(['policy', 'list', '--json'], { cwd })).out);
    expect(problems).toEqual([]);
    const byId = new Map(policies.map((each: { id: string }) => [each.id, each]));
    expect(byId.get('own')).toMatchObject({ weight: 1, version: expect.stringMatching(/^[0-9a-f]{12}$/), trouble: '' });
    expect(byId.get('network-aware')).toMatchObject({ weight: 0 });
    expect(byId.get('load-balance')).toMatchObject({
      weight: 2,
      options: expect.arrayContaining([expect.objectContaining({ name: 'comfort', value: 0.5, fallback: 0.75 })]),
    });
    const words = (await drover(['policy', 'list'], { cwd })).out;
    expect(words).toMatch(/^own {2}at work with weight 1\n {4}Keeps hosts from being crowded with VMs.\n/m);
    expect(words).toMatch(/^ {4}comfort = 0.5 \(default 0.75\): /m);
  });

  test('tells of a file that does not load', async () => {
    const cwd = folderWith();
    await drover(['policy', 'new', 'own', '--folder', '.'], { cwd });
    writeFileSync(join(cwd, 'own/policy.ts'), 'export default');
    const ran = await drover(['policy', 'list', '--folder', '.'], { cwd });
    expect(ran.exitCode).toBe(0);
    expect(ran.said[0]).toMatch(/own\/policy.ts: does not load/);
  });
});

describe('wrong usage', () => {
  test.each([
    ['policy', 'drover policy needs an ACTION: drover policy ACTION [WHAT] [options]'],
    ['policy lst', 'ACTION is "lst", should be one of new, test, list — did you mean "list"?'],
    ['policy new', 'drover policy new needs an ID: drover policy new ID'],
    ['policy test', 'drover policy test needs a FOLDER: drover policy test FOLDER'],
    ['policy list mine', 'drover policy list cannot do anything with "mine"'],
    ['schema policy', 'drover schema policy needs an ID: drover schema policy ID'],
    ['schema case x', 'drover schema case cannot do anything with "x"'],
    [
      'schema policy load-balence',
      expect.stringMatching(/^ID is "load-balence", should be one of .* — did you mean "load-balance"\?$/),
    ],
  ])('drover %s', async (line, sentence) => {
    const ran = await drover(line.split(' '));
    expect(ran).toMatchObject({ exitCode: 2, out: '' });
    expect(ran.said.map((said) => said.replace('drover: ', ''))).toEqual([sentence]);
  });
});

describe('schema', () => {
  test('of the options of a policy', async () => {
    expect(JSON.parse((await drover(['schema', 'policy', 'load-balance'])).out)).toMatchObject({
      title: 'Options of load-balance',
      additionalProperties: false,
      properties: { comfort: { type: 'number', minimum: 0, maximum: 1, default: 0.75 } },
    });
  });

  test("of a configuration knows the options of policies, also of one's own", async () => {
    const cwd = folderWith();
    await drover(['policy', 'new', 'own', '--folder', '.'], { cwd });
    const { properties } = JSON.parse((await drover(['schema', 'config', '--policies', '.'], { cwd })).out);
    const policies = properties.profile.properties.policies.properties;
    expect(policies['load-balance'].properties.options.properties).toHaveProperty('comfort.default', 0.75);
    expect(policies.own).toMatchObject({
      description: 'Keeps hosts from being crowded with VMs.',
      properties: {
        weight: { default: 1 },
        options: { properties: { most: { minimum: 1 } }, additionalProperties: false },
      },
    });
  });
});
