import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { expectedExcess } from '../../src/sdk/index.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'authors-'));
afterAll(() => rmSync(folder, { recursive: true }));

const policy = (parts: string) => `
import { definePolicy, defineRule, move, option } from '#sdk';

export default definePolicy({
  id: 'p',
  about: '',
  phase: 'improve',
  options: { comfort: option.share('', 0.5), zone: option.choice('', ['red', 'blue'], 'red') },
  terms: {},
  reasons: { hot: '{host} was at {share}' },
  ${parts}
});
`;

/** Each is a file of its own; all are compiled at once, as policies are. */
const FILES = {
  sound: `cost: { host: (host, { comfort }) => host.cpu.forecast(1) * comfort },
  rules: ({ zone }) => [defineRule({ id: 'r', about: '', permits: (vm) => vm.labels.zone === zone, because: (vm) => vm.id })],
  *propose({ fleet, because }) {
    const host = fleet.hosts().least((each) => each.cpu.share);
    const vm = fleet.vms().first();
    if (host !== undefined && vm !== undefined) yield { wishes: [move(vm, host)], because: because.hot({ host: host.id, share: 1 }) };
  },`,
  'unknown option': 'cost: { host: (_host, { confort }) => confort },',
  'option of another type': 'cost: { host: (_host, { zone }) => zone },',
  'value that is no choice': "cost: { host: (_host, { zone }) => (zone === 'green' ? 1 : 0) },",
  'missing blank': "cost: {}, *propose({ because }) { yield { wishes: [], because: because.hot({ host: 'h1' }) }; },",
  'unknown reason': 'cost: {}, *propose({ because }) { yield { wishes: [], because: because.cold({}) }; },',
  'unknown figure': 'cost: { host: (host) => host.gpu.used },',
  'writing to a view': 'cost: { host: (host) => { host.cores = 4; return 0; } },',
  'cost in words': "cost: { host: () => 'much' },",
  timer: 'cost: { host: () => { setTimeout(() => {}, 1); return 0; } },',
  console: "cost: { host: () => { console.log('x'); return 0; } },",
  process: 'cost: { host: () => process.uptime() },',
  network: "cost: { host: () => { fetch('http://h'); return 0; } },",
  'reading a file': "cost: { host: () => { require('node:fs'); return 0; } },",
  'rule without a reason': "cost: {}, rules: [defineRule({ id: 'r', about: '', permits: () => true })],",
  'rule with an unknown option': 'cost: {}, rules: ({ zoen }) => [],',
  'wish for a name': "cost: {}, *propose() { yield { wishes: [move('web', 'h1')], because: '' }; },",
};

/** What the compiler says of each file, by name. */
function compiled(): Map<string, string> {
  const names = Object.keys(FILES);
  names.forEach((name, n) => {
    writeFileSync(join(folder, `f${n}.ts`), policy(FILES[name as keyof typeof FILES]));
  });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  const settings = {
    extends: join(ROOT, 'policies/tsconfig.json'),
    compilerOptions: {
      composite: false,
      noUnusedLocals: false,
      tsBuildInfoFile: null,
      paths: { '#sdk': [join(ROOT, 'src/sdk/index.ts')] },
    },
    include: ['*.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  const complaints = new Map<string, string>();
  for (const line of output().split('\n')) {
    const [, n, words] = /^(?:.*\/)?f(\d+)\.ts\(.*?\): error (.*)/.exec(line) ?? [];
    if (n !== undefined && words !== undefined)
      complaints.set(names[Number(n)]!, `${complaints.get(names[Number(n)]!) ?? ''} ${words}`);
    else if (line.includes('error')) complaints.set('elsewhere', line);
  }
  return complaints;
}

function output(): string {
  try {
    return execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
    });
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}

describe('the compiler', () => {
  const complaints = compiled();

  it('has nothing against a sound policy, nor against what it is made of', () => {
    expect([complaints.get('sound'), complaints.get('elsewhere')]).toEqual([undefined, undefined]);
  });

  it.each<[Exclude<keyof typeof FILES, 'sound'>, RegExp]>([
    ['unknown option', /TS2339: Property 'confort' does not exist/],
    ['option of another type', /TS2322: Type .*=> "blue" \| "red"' is not assignable/],
    ['value that is no choice', /TS2367: .*no overlap/],
    ['missing blank', /TS2741: Property 'share' is missing/],
    ['unknown reason', /TS2339: Property 'cold' does not exist/],
    ['unknown figure', /TS2339: Property 'gpu' does not exist/],
    ['writing to a view', /TS2540: Cannot assign to 'cores'/],
    ['cost in words', /TS2322: Type '\(\) => string' is not assignable/],
    ['timer', /TS2304: Cannot find name 'setTimeout'/],
    ['console', /TS2584: Cannot find name 'console'/],
    ['process', /TS2591: Cannot find name 'process'/],
    ['network', /TS2304: Cannot find name 'fetch'/],
    ['reading a file', /TS2591: Cannot find name 'require'/],
    ['rule without a reason', /TS2741: Property 'because' is missing/],
    ['rule with an unknown option', /TS2339: Property 'zoen' does not exist/],
    ['wish for a name', /TS2345: Argument of type 'string' is not assignable/],
  ])('does not take: %s', (name, words) => {
    expect(complaints.get(name)).toMatch(words);
  });
});

describe('expected excess', () => {
  it.each([
    [80, 0, 100, 0],
    [120, 0, 100, 20],
    [100, 10, 100, 3.9894],
    [0, 10, 100, 0],
    [300, 10, 100, 200],
  ])('of a demand of %d ± %d above %d is %d', (mean, deviation, limit, excess) => {
    expect(expectedExcess(mean, deviation, limit)).toBeCloseTo(excess, 3);
  });
});
