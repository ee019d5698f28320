import { describe, expect, test } from 'vitest';
import { drover, folderWith } from './console.ts';

const host = (id: string, cpuMhz: number) => ({ id, cores: 8, capacity: { cpuMhz, memoryBytes: 2 ** 36 } });
const CASE = JSON.stringify({
  drover: 'case/1',
  hosts: [host('large', 40_000), host('small', 20_000)],
  vms: [{ id: 'web-1', host: 'large', demand: { cpuMhz: 1_000, memoryBytes: 2 ** 32 } }],
});
const vm = { id: 'web-2', demand: { cpuMhz: 15_000, memoryBytes: 2 ** 32 } };

const placing = (file: unknown, ...options: string[]) => {
  const cwd = folderWith({ 'case.json': CASE, 'vm.json': typeof file === 'string' ? file : JSON.stringify(file) });
  return drover(['place', 'case.json', '--vm', 'vm.json', ...options], { cwd });
};

test('gives each host its stars and its reason, best first', async () => {
  const { exitCode, out } = await placing(vm);
  const [title, first, second] = out.split('\n');
  expect(exitCode).toBe(0);
  expect(title).toMatch(/^HOST +STARS +PER HOUR +WHY$/);
  expect(first).toMatch(/^large +★★★★★ +\+0\.\d+ € +it will be at 40 % cpu; /);
  expect(second).toMatch(/^small +[★☆]{5} /);
});

test('in JSON has all that the table is made from', async () => {
  const { vm: id, hosts } = JSON.parse((await placing(vm, '--limit', '1', '--json')).out);
  expect(id).toBe('web-2');
  expect(hosts).toEqual([
    expect.objectContaining({ host: 'large', stars: 5, mustBeSwitchedOn: false, addedPerHour: expect.any(Number) }),
  ]);
});

test('goes by the rules and the traffic that the VM brings along', async () => {
  const rules = [{ kind: 'anti-affinity', id: 'web', vms: ['web-1', 'web-2'] }];
  const flows = [{ from: 'web-2', to: 'web-1', bytesPerS: 1_000 }];
  const { out } = await placing({ vm, rules, flows });
  expect(out).toMatch(/^small +★★★★★/m);
  expect(out).toMatch(/^large +☆☆☆☆☆ +forbidden by anti-affinity: rule web keeps web-2 apart from web-1/m);
});

test('fails when no host takes the VM, and says what forbids it', async () => {
  const ran = await placing({ ...vm, demand: { ...vm.demand, cpuMhz: 90_000 } });
  expect(ran).toMatchObject({
    exitCode: 1,
    said: [expect.stringMatching(/^drover: no host takes web-2: capacity forbids 2 \(large would be at /)],
  });
});

describe('a file that is wrong: exit code 2', () => {
  test.each<[unknown, string]>([
    ['{', 'is not JSON'],
    [{ id: 'x' }, 'demand is missing'],
    [{ ...vm, host: 'large' }, 'host is not known'],
    [{ ...vm, id: 'web-1' }, 'id is "web-1", which runs already'],
    [{ ...vm, pinnedTo: ['larg'] }, 'pinnedTo names "larg", which is no host of the case — did you mean "large"?'],
    [{ vm, flows: [{ from: 'web-2', to: 'db', bytesPerS: 1 }] }, 'flows[0] names "db", which is no VM of the case'],
    [{ vm, flows: [{ from: 'web-1', to: 'web-1', bytesPerS: 1 }] }, 'flows[0] should be from or to web-2'],
    [{ vm, rules: [{ kind: 'anti-affinity', id: 'r', vms: ['web-2', 'db'] }] }, 'rules[0] names "db", which is no VM'],
    [{ vm: { id: 'x' } }, 'vm.demand is missing'],
  ])('%j', async (file, words) => {
    const ran = await placing(file);
    expect(ran).toMatchObject({ exitCode: 2, out: '' });
    expect(ran.said.join('\n')).toContain(words);
  });

  test.each([
    [['place', 'case.json'], 'drover place needs a VM: drover place CASE --vm FILE'],
    [['place', 'case.json', '--vm', 'x', '--limit', '0'], '--limit is 0, should be 1 or more'],
  ])('%j', async (argv, sentence) => {
    expect(await drover(argv)).toMatchObject({ exitCode: 2, said: [`drover: ${sentence}`] });
  });
});
