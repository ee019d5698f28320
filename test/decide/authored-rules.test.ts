import { describe, expect, it } from 'vitest';
import type { LoadedPolicy } from '../../src/sdk/choose.ts';
import { definePolicy, defineRule, option } from '../../src/sdk/index.ts';
import { compileOptions } from '../../src/sdk/options.ts';
import { acceptedWords, decideOn, STOCK_POLICIES } from '../kit/deciding.ts';
import { aHost, aVm, many } from '../kit/fleet.ts';

const zones = definePolicy({
  id: 'zones',
  about: 'VMs stay in the zone that they are labelled for.',
  phase: 'improve',
  options: { free: option.choice('the zone that takes everybody', ['none', 'blue'], 'none') },
  terms: {},
  cost: {},
  rules: ({ free }) => [
    defineRule({
      id: 'zone',
      about: 'A VM runs in its own zone.',
      permits: (vm, host) => vm.labels.zone === undefined || [vm.labels.zone, free].includes(host.labels.zone ?? ''),
      because: (vm, host) => `${vm.id} belongs to zone ${vm.labels.zone}, and ${host.id} is in ${host.labels.zone}`,
    }),
  ],
});

const atWork = (policy: LoadedPolicy['policy'], options = {}): LoadedPolicy => {
  const compiled = compileOptions(policy.options, options);
  if ('problems' in compiled) throw new Error(compiled.problems.join('; '));
  return { policy, version: 'test', weight: 1, values: compiled.values };
};

const hosts = ['red', 'blue', 'green'].map((zone) => aHost({ id: zone, labels: { zone } }));
const hot = many(3, (n) => aVm({ id: `v${n}`, host: 'red', demand: { cpuMhz: 30_000 }, labels: { zone: 'red' } }));

describe('a rule of an author', () => {
  it('binds every policy', () => {
    const free = decideOn({ hosts, vms: hot }, { power: false });
    const bound = decideOn({ hosts, vms: hot }, { power: false, policies: [...STOCK_POLICIES, atWork(zones)] });
    expect(acceptedWords(free)).toHaveLength(1);
    expect(acceptedWords(bound)).toEqual([]);
  });

  it('knows the options of its policy', () => {
    const policies = [...STOCK_POLICIES, atWork(zones, { free: 'blue' })];
    expect(acceptedWords(decideOn({ hosts, vms: hot }, { power: false, policies }))).toEqual(['v1: red → blue']);
  });

  it('is repaired where it is broken from the start', () => {
    const vms = [aVm({ id: 'a', host: 'blue', labels: { zone: 'green' } })];
    const verdicts = decideOn({ hosts, vms }, { power: false, policies: [atWork(zones)] });
    expect(verdicts.violations).toEqual([
      { rule: 'zone', because: 'a belongs to zone green, and blue is in blue', vms: ['a'], host: 'blue' },
    ]);
    expect(acceptedWords(verdicts)).toEqual(['a: blue → green']);
  });

  it.each([
    ['its question', { permits: () => broken(), because: () => '' }, 'its rule r threw: no such thing'],
    ['its reason', { permits: () => false, because: () => broken() }, 'its rule r threw: no such thing'],
  ])('takes its policy out of the cycle when %s throws', (_, parts, because) => {
    const rules = [defineRule({ id: 'r', about: '', ...parts })];
    const policy = definePolicy({ id: 'p', about: '', phase: 'improve', options: {}, terms: {}, cost: {}, rules });
    const verdicts = decideOn({ hosts, vms: hot }, { power: false, policies: [...STOCK_POLICIES, atWork(policy)] });
    expect(verdicts.skipped).toEqual([{ policy: 'p', because }]);
    expect(acceptedWords(verdicts)).toHaveLength(1);
  });
});

function broken(): never {
  throw new Error('no such thing');
}
