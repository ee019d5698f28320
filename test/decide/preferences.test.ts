import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import { DEFAULT_PRICES } from '../../src/domain/profile.ts';
import type { Rule } from '../../src/domain/rule.ts';
import { GIB } from '../../src/domain/units.ts';
import { afterwards } from '../kit/afterwards.ts';
import { acceptedWords, decideInput, decideOn } from '../kit/deciding.ts';
import { aHost, aSnapshot, aVm, many } from '../kit/fleet.ts';

const hosts = many(3, (n) => aHost({ id: `h${n}`, rack: `r${n}` }));
const three = (...on: string[]) => on.map((host, n) => aVm({ id: 'abc'[n]!, host }));
const alone = { policies: [], power: false };
const preferred = {
  together: { kind: 'affinity', id: 'p', vms: ['a', 'b', 'c'], level: 'host', preferred: true },
  apart: { kind: 'anti-affinity', id: 'p', vms: ['a', 'b', 'c'], level: 'host', preferred: true },
  there: { kind: 'run-on', id: 'p', vms: ['a'], vmLabels: {}, hosts: ['h3'], hostLabels: {}, preferred: true },
  away: { kind: 'keep-off', id: 'p', vms: ['a'], vmLabels: {}, hosts: ['h1'], hostLabels: {}, preferred: true },
} as const satisfies Record<string, Rule>;

describe('a preferred rule is a price', () => {
  it.each<[string, Rule, string[], number, number]>([
    ['together, all apart', preferred.together, ['h1', 'h2', 'h3'], 2, 2],
    ['together, one astray', preferred.together, ['h1', 'h1', 'h3'], 1, 1],
    ['together, as it should be', preferred.together, ['h2', 'h2', 'h2'], 0, 0],
    ['apart, all together', preferred.apart, ['h1', 'h1', 'h1'], 2, 2],
    ['apart, as it should be', preferred.apart, ['h1', 'h2', 'h3'], 0, 0],
    ['on certain hosts', preferred.there, ['h1', 'h1', 'h1'], 1, 1],
    ['off a host', preferred.away, ['h1', 'h1', 'h1'], 1, 1],
  ])('%s', (_, rule, on, unmet, moves) => {
    const verdicts = decideOn({ hosts, vms: three(...on), rules: [rule] }, alone);
    expect(verdicts.violations).toEqual([]);
    const before = unmet * DEFAULT_PRICES.perUnmetPreferenceHour;
    expect(verdicts.terms).toEqual([{ term: 'preferences', beforePerHour: before, afterPerHour: 0 }]);
    expect(acceptedWords(verdicts)).toHaveLength(moves);
    expect(verdicts.decisions.every(({ policy, phase }) => policy === 'core' && phase === 'improve')).toBe(true);
  });

  it('is not kept where that costs more', () => {
    const vms = three('h1', 'h2', 'h3').map((vm) => ({ ...vm, liveSessions: 10_000 }));
    expect(acceptedWords(decideOn({ hosts, vms, rules: [preferred.together] }, alone))).toEqual([]);
  });

  it('gives way to a rule that is required', () => {
    const rules = [preferred.together, { ...preferred.apart, id: 'q', preferred: false }];
    expect(acceptedWords(decideOn({ hosts, vms: three('h1', 'h2', 'h3'), rules }, alone))).toEqual([]);
  });

  it('is weighed against contention in one decision, and comes to rest', () => {
    const hot = three('h1', 'h1', 'h1').map((vm) => aVm({ ...vm, demand: { cpuMhz: 30_000, memoryBytes: 4 * GIB } }));
    const snapshot = aSnapshot({ hosts, vms: hot, rules: [preferred.together] });
    const verdicts = decide(decideInput(snapshot, { power: false }));
    expect(acceptedWords(verdicts)).toHaveLength(1);
    const [decision] = verdicts.decisions;
    expect(decision?.terms.map(({ term }) => term)).toEqual(expect.arrayContaining(['contention', 'preferences']));
    expect(acceptedWords(decide(decideInput(afterwards(snapshot, verdicts), { power: false })))).toEqual([]);
  });

  it('finds its hosts in a large fleet too', () => {
    const many200 = many(200, (n) => aHost({ id: `h${String(n).padStart(3, '0')}`, rack: `r${n % 20}` }));
    const vms = [aVm({ id: 'a', host: 'h001' }), aVm({ id: 'b', host: 'h150' }), aVm({ id: 'c', host: 'h150' })];
    const there = { ...preferred.there, hosts: ['h190'] };
    expect(acceptedWords(decideOn({ hosts: many200, vms, rules: [preferred.together] }, alone))).toEqual([
      'a: h001 → h150',
    ]);
    expect(acceptedWords(decideOn({ hosts: many200, vms, rules: [there] }, alone))).toEqual(['a: h001 → h190']);
  });
});
