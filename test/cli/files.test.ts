import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { caseJsonSchema } from '../../src/case/schema.ts';
import { commentedConfig } from '../../src/config/commented.ts';
import { configJsonSchema } from '../../src/config/schema.ts';
import { drover, folderWith } from './console.ts';

const SMALL = ['generate', '--hosts', '6', '--vms', '30', '--racks', '2'];

describe('generate', () => {
  test('makes the same case from the same seed, and another from another', async () => {
    const [first, again, other] = [await drover(SMALL), await drover(SMALL), await drover([...SMALL, '--seed', '8'])];
    expect(first.out).toBe(again.out);
    expect(first.out).not.toBe(other.out);
    expect(JSON.parse(first.out)).toMatchObject({ drover: 'case/1', hosts: { length: 6 }, vms: { length: 30 } });
  });

  test('takes the sizes that fit the number of hosts', async () => {
    const { hosts, vms } = JSON.parse((await drover(['generate', '--hosts', '400'])).out);
    expect(vms).toHaveLength(3_000);
    expect(new Set(hosts.map(({ rack }: { rack: string }) => rack)).size).toBe(10);
  });

  test('says when so many VMs have no room', async () => {
    const ran = await drover(['generate', '--hosts', '1', '--vms', '99999']);
    expect(ran).toMatchObject({
      exitCode: 1,
      out: '',
      said: [expect.stringMatching(/^drover: 99999 VMs need at least /)],
    });
  });
});

describe('check', () => {
  test('says what is in a case, from a pipe', async () => {
    const ran = await drover(['check', '-'], { stdin: (await drover(SMALL)).out });
    expect(ran.exitCode).toBe(0);
    expect(ran.out).toMatch(/^stdin is a case without fault\nhosts {7}6, 6 of them on, in 2 racks\nvms {9}30, /);
    expect(ran.out).toContain('\nviolations  0\n');
  });

  test('lists rules that are broken, and does not call that a failure', async () => {
    const host = { id: 'h1', capacity: { cpuMhz: 1000, memoryBytes: 2 ** 34 } };
    const vm = { host: 'h1', demand: { cpuMhz: 10, memoryBytes: 2 ** 30 } };
    const vms = [
      { ...vm, id: 'a' },
      { ...vm, id: 'b' },
    ];
    const rules = [{ kind: 'anti-affinity', id: 'ab', vms: ['a', 'b'] }];
    const stdin = JSON.stringify({ drover: 'case/1', hosts: [host], vms, rules });
    const [words, json] = [await drover(['check', '-'], { stdin }), await drover(['check', '-', '--json'], { stdin })];
    expect(words.exitCode).toBe(0);
    expect(words.out).toMatch(/\nviolations {2}1\n {12}anti-affinity: .*\bab\b/);
    expect(JSON.parse(json.out)).toMatchObject({
      kind: 'case',
      problems: [],
      violations: [{ rule: 'anti-affinity', vms: expect.arrayContaining(['a', 'b']) }],
    });
  });

  test('tells everything that is wrong with a case', async () => {
    const stdin =
      '{"drover":"case/1","hosts":[{"id":"h1"}],"vms":[{"id":"v","host":"h2","demand":{"cpuMhz":1,"memoryBytes":1}}]}';
    const ran = await drover(['check', '-', '--json'], { stdin });
    expect(ran.exitCode).toBe(2);
    expect(ran.said).toEqual([
      'drover: stdin: hosts[0].capacity is missing, should be a mapping of names to values (What it offers)',
      'drover: stdin: vms[0].host is "h2", which is no host of this case',
    ]);
    expect(JSON.parse(ran.out).problems.map(({ path }: { path: string }) => path)).toEqual([
      'hosts[0].capacity',
      'vms[0].host',
    ]);
  });

  test('never shows what headers carry', async () => {
    const headers = { Authorization: 'Bearer OF-NOBODY-ELSE' };
    const driver = { kind: 'libvirt', hosts: [{ id: 'kvm1', uri: 'qemu+unix:///system' }] };
    const before = { kind: 'http', url: 'http://balancer/{vm}', headers };
    const settings = {
      driver,
      sources: [{ kind: 'prometheus', url: 'http://store', headers }],
      hooks: { around: [{ id: 'balancer', vms: ['web'], before }] },
    };
    const ran = await drover(['check', '-', '--json'], { stdin: `# yaml\n${JSON.stringify(settings)}` });
    expect(JSON.parse(ran.out).settings.sources[0].headers).toEqual({ Authorization: '(not shown)' });
    expect(ran.out).not.toContain('OF-NOBODY-ELSE');
  });

  test('takes a configuration for one, and knows policies and their options', async () => {
    const cwd = folderWith({
      'good.yaml': 'mode: recommend\n',
      'bad.yaml': 'profile:\n  policies:\n    lod-balance:\n    load-balance: { options: { x: 1 } }\n',
    });
    const good = await drover(['check', 'good.yaml'], { cwd });
    expect(good.out).toMatch(
      /^good.yaml is a configuration without fault\n[\s\S]*\nmode {8}recommend; hosts may be switched\n/,
    );
    const bad = await drover(['check', 'bad.yaml'], { cwd });
    expect(bad.exitCode).toBe(2);
    expect(bad.said).toEqual([
      expect.stringMatching(/^drover: bad.yaml: profile.policies.lod-balance: there is no such policy/),
      expect.stringMatching(/^drover: bad.yaml: profile.policies.load-balance.options: there is no option "x"/),
    ]);
  });
});

describe('init', () => {
  test('writes a configuration, and never over one that is there', async () => {
    const cwd = folderWith();
    expect(await drover(['init'], { cwd })).toEqual({
      exitCode: 0,
      out: 'drover.yaml is written; `drover run --config drover.yaml` starts with it\n',
      said: [],
    });
    expect(readFileSync(join(cwd, 'drover.yaml'), 'utf8')).toBe(commentedConfig());
    expect(await drover(['init', '--json'], { cwd })).toEqual({
      exitCode: 1,
      out: '',
      said: ['drover: drover.yaml: cannot be written: it is there already'],
    });
  });

  test('what it writes passes check', async () => {
    const cwd = folderWith();
    await drover(['init', 'mine.yaml'], { cwd });
    expect((await drover(['check', 'mine.yaml'], { cwd })).exitCode).toBe(0);
  });
});

describe('run', () => {
  test('does not start with a configuration that is wrong, and says why', async () => {
    const cwd = folderWith({ 'drover.yaml': 'mode: atuo\npwer: true\n' });
    const file = join(cwd, 'drover.yaml');
    expect(await drover(['run'], { cwd })).toEqual({
      exitCode: 2,
      out: '',
      said: [
        `drover: ${file}:1:7: mode is "atuo", should be one of "observe", "recommend", "confirm", "auto" — did you mean "auto"?`,
        `drover: ${file}:2:1: pwer is not known — did you mean "power"?`,
      ],
    });
  });

  test('a configuration that is named must be there', async () => {
    const cwd = folderWith();
    const said = [`drover: ${join(cwd, 'mine.yaml')}: cannot be read: there is no such file`];
    expect(await drover(['run', '--config', 'mine.yaml'], { cwd })).toEqual({ exitCode: 2, out: '', said });
  });
});

test('schema prints the schemas', async () => {
  expect(JSON.parse((await drover(['schema', 'case'])).out)).toMatchObject(
    JSON.parse(JSON.stringify(caseJsonSchema())),
  );
  expect(JSON.parse((await drover(['schema', 'config'])).out)).toMatchObject(
    JSON.parse(JSON.stringify(configJsonSchema())),
  );
});

test('version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect((await drover(['version'])).out).toBe(`drover ${version}\n`);
  expect((await drover(['--version'])).out).toBe(`drover ${version}\n`);
  expect(JSON.parse((await drover(['version', '--json'])).out)).toEqual({ version });
});
