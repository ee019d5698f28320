import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/contest/run.ts';
import { drover, folderWith } from './console.ts';

const SMALL = ['--hosts', '4', '--vms', '12', '--hours', '2', '--step', '600'];
const simulate = (...more: string[]) => drover(['simulate', ...SMALL, ...more]);

describe('simulate', () => {
  test('prints the same bytes for the same command, and others for another seed', async () => {
    const [one, same, other] = [
      await simulate('--json'),
      await simulate('--json'),
      await simulate('--json', '--seed', '8'),
    ];
    expect(one).toEqual(same);
    expect(one).toMatchObject({ exitCode: 0, said: [] });
    const { kpis, loop, series }: Run = JSON.parse(one.out);
    expect(kpis.energyKwh).toBeGreaterThan(0);
    expect(kpis.costByTerm.energy + kpis.costByTerm.starvation).toBeLessThanOrEqual(kpis.cost);
    expect(loop.cycles).toBeGreaterThanOrEqual(12);
    expect(series.atMs).toHaveLength(12);
    const drawn = series.watts.reduce((sum, watts) => sum + watts / 6 / 1000, 0);
    expect(drawn).toBeCloseTo(kpis.energyKwh, 9);
    expect(JSON.parse(other.out).kpis.energyKwh).not.toBe(kpis.energyKwh);
  });

  test('meters up to the end, also where that is before the first step or between two', async () => {
    const kwh = async (hours: string) =>
      JSON.parse(
        (await drover(['simulate', '--hosts', '2', '--vms', '0', '--hours', hours, '--json', '--profile', 'nothing']))
          .out,
      ).kpis.energyKwh;
    const hour = await kwh('1');
    expect(await kwh('0.05')).toBeCloseTo(hour * 0.05, 9);
    expect(await kwh('0.73')).toBeCloseTo(hour * 0.73, 9);
  });

  test('prints a table, and writes a page', async () => {
    const cwd = folderWith();
    const { out, exitCode } = await drover(['simulate', ...SMALL, '--html', 'page.html'], { cwd });
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Energy +kWh +[\d.]+$/m);
    expect(readFileSync(join(cwd, 'page.html'), 'utf8')).toContain('4 hosts and 12 VMs');
  });

  test('starts with the datacenter of a case, and knows its names', async () => {
    const stated = (await drover(['generate', '--hosts', '4', '--vms', '12', '--skew', '0.5'])).out;
    const cwd = folderWith({ 'case.json': stated });
    const argv = ['simulate', '--case', 'case.json', '--hours', '1', '--pattern', 'steady', '--json'];
    const { deeds }: Run = JSON.parse((await drover(argv, { cwd })).out);
    const vms = JSON.parse(stated).vms.map(({ id }: { id: string }) => id);
    const moved = deeds.flatMap(({ changes }) => changes).filter((change) => change.kind === 'move');
    expect(moved.length).toBeGreaterThan(0);
    for (const { vm } of moved) expect(vms).toContain(vm);
  });

  test('lives through a recorded day, as long as it was', async () => {
    const row = (name: string) => `${name},${Array.from({ length: 12 }, (_, i) => (name.length * i) % 60).join(',')}`;
    const cwd = folderWith({ 'day.csv': ['a', 'bb', 'ccc', 'dddd'].map(row).join('\n') });
    const { out } = await drover(['simulate', '--trace', 'day.csv', '--hosts', '2', '--racks', '1', '--json'], { cwd });
    const { kpis, series }: Run = JSON.parse(out);
    expect(kpis.hours).toBe(1);
    expect(series.atMs).toHaveLength(12);
    expect(new Set(series.loadMost).size).toBeGreaterThan(3);
  });

  test('lives through what was recorded, on the hosts that there were, with the VMs that came and went', async () => {
    const trace = [
      '# hosts',
      'id,cpuMhz,cores,memoryBytes,wattsByLoad',
      'one,20000,8,68719476736,100;200',
      'two,20000,8,68719476736,100;200',
      '# vms',
      'id,host,vcpus,memoryBytes',
      'a,one,4,4294967296',
      'b,two,4,4294967296',
      '# samples',
      'atMs,kind,id,cpuMhz',
      ...Array.from({ length: 12 }, (_, i) => [
        `${i * 300_000},vm,a,2500`,
        ...(i > 5 ? [`${i * 300_000},vm,b,2500`] : []),
      ]).flat(),
      '# events',
      'atMs,kind,id,from,to',
      '1800000,vm-appeared,b,,two',
      '3000000,vm-gone,b,two,',
    ].join('\n');
    const cwd = folderWith({ 'hour.csv': `${trace}\n` });
    const argv = ['simulate', '--trace', 'hour.csv', '--profile', 'nothing'];
    const { out } = await drover(argv, { cwd });
    expect(out).toContain('2 hosts and 2 VMs, the datacenter that was recorded, for 1 h under recorded load');
    const { series }: Run = JSON.parse((await drover([...argv, '--json'], { cwd })).out);
    const watts = series.watts.map(Math.round);
    expect(watts.map((each) => Number(each > 220)).join('')).toBe('000000111100');
    const compared = ['compare', 'nothing', 'usual', '--trace', 'hour.csv'];
    const seeds = await drover([...compared, '--seeds', '2'], { cwd });
    expect([seeds.exitCode, seeds.said.join()]).toEqual([2, expect.stringContaining('the same under every seed')]);
    expect(JSON.parse((await drover([...compared, '--json'], { cwd })).out).runs).toHaveLength(2);
    const made = await drover([...argv, '--hosts', '3'], { cwd });
    expect(made.out).toContain('3 hosts and 2 VMs, a made-up datacenter');
  });

  test('small servers that were measured and published can be had too', async () => {
    const { out } = await simulate('--json', '--servers', 'hp-ml110-g4,hp-ml110-g5', '--profile', 'nothing');
    const { kpis }: Run = JSON.parse(out);
    expect(kpis.energyKwh / 8).toBeGreaterThan(0.086);
    expect(kpis.energyKwh / 8).toBeLessThan(0.135);
  });
});

describe('compare', () => {
  test('holds contenders against the first, on the same seeds', async () => {
    const argv = ['compare', 'nothing', 'usual', 'green:weight=0+profile:margin=3', ...SMALL, '--seeds', '2', '--json'];
    const { out, exitCode } = await drover(argv);
    expect(exitCode).toBe(0);
    const { compared, runs } = JSON.parse(out);
    expect(compared.map(({ seeds }: { seeds: number[] }) => seeds)).toEqual([
      [7, 8],
      [7, 8],
      [7, 8],
    ]);
    const [nothing] = runs as [Run];
    expect(nothing.kpis.migrations).toBe(0);
    expect(nothing.kpis.hostHoursOn).toBe(8);
  });
});

test('a page that has nowhere to go is told before anything is simulated', async () => {
  const { exitCode, said } = await simulate('--html', '/nowhere/page.html');
  expect({ exitCode, said }).toEqual({
    exitCode: 1,
    said: ['drover: /nowhere: cannot be written to: there is no such folder'],
  });
});

test('tune finds what it prints on seeds of its own, and what it prints can be compared', async () => {
  const argv = [
    'tune',
    ...SMALL,
    '--candidates',
    '3',
    '--seeds',
    '2',
    '--held-out',
    '1',
    '--over',
    'profile:margin,load-balance',
  ];
  const { out, exitCode } = await drover([...argv, '--json']);
  expect(exitCode).toBe(0);
  const tuned: { words: string; isOnFront: boolean; heldOut: { energyKwh: number } }[] = JSON.parse(out);
  expect(tuned.map(({ words }) => words)).toContain('usual');
  expect(tuned.some(({ isOnFront }) => isOnFront)).toBe(true);
  for (const { words, heldOut } of tuned) {
    const held = await simulate('--seed', '9', '--json', '--profile', words);
    expect(JSON.parse(held.out).kpis.energyKwh).toBe(heldOut.energyKwh);
  }
});

describe('wrong usage: one sentence, exit code 2', () => {
  test.each([
    ['compare usual', 'drover compare needs two contenders or more: drover compare nothing usual'],
    ['compare', 'drover compare needs a CONTENDER: drover compare CONTENDER… [options]'],
    ['compare usual usual', 'usual is there twice'],
    [
      'compare usual grene',
      'grene: there is no "grene"; known: usual, nothing, load-balance, green-consolidation, network-aware, maintenance',
    ],
    [
      'compare usual green:carbonprice=1',
      'green:carbonprice=1: profile.policies.green-consolidation.options: there is no option "carbonprice"; known: carbonPrice',
    ],
    ['compare usual green:weight=-1', 'green:weight=-1: weight is -1, should be a number from 0'],
    ['compare usual green:weight', 'green:weight: "weight" should be OPTION=VALUE'],
    ['compare usual profile:margn=3', 'profile:margn=3: profile has no field "margn" — did you mean "margin"?'],
    ['compare usual profile:margin=no', 'profile:margin=no: profile.margin '],
    ['compare usual ./nowhere', './nowhere: there is no folder '],
    ['compare usual nothing --seeds 0', '--seeds is 0, should be a whole number from 1'],
    ['tune --candidates 1', '--candidates is 1, should be a whole number from 2'],
    ['tune --over profile:margn', '--over: nothing is called "profile:margn" — did you mean "profile:margin"?'],
    ['simulate --hours 0', '--hours is 0, should be more than 0'],
    ['simulate --step 0.5', '--step is 0.5, should be a whole number of seconds from 1'],
    ['simulate --boot-failures 2', '--boot-failures is 2, should be from 0 to 1'],
    ['simulate --servers hp-ml110', '--servers: there is no make "hp-ml110" — did you mean "hp-ml110-g4"?'],
    ['simulate --case a.json --hosts 3', '--hosts says nothing beside --case: the case states its datacenter'],
    ['simulate --trace /nowhere.csv', '/nowhere.csv: there is no such file'],
    ['simulate --trace a.csv --vms 3', '--vms says nothing beside --trace: '],
    ['simulate --case nowhere.json', 'nowhere.json: cannot be read: there is no such file'],
    ['simulate --hosts 0', '--hosts must be a whole number from 1 to 100000'],
    ['simulate --profile profile:ceilings.cpu=3', 'profile:ceilings.cpu=3: profile.ceilings.cpu '],
  ])('drover %s', async (line, sentence) => {
    const { said, exitCode, out } = await drover(line.split(' '));
    expect(said).toEqual([expect.stringContaining(`drover: ${sentence}`)]);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
  });
});
