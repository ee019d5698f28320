import { describe, expect, it } from 'vitest';
import { findViolations } from '../../src/decide/decide.ts';
import { Situation } from '../../src/decide/situation.ts';
import type { Rule } from '../../src/domain/rule.ts';
import { definePolicy, excess, stockCost } from '../../src/sdk/index.ts';
import { decideInput } from '../kit/deciding.ts';
import { aHost, aSnapshot, aVm, many } from '../kit/fleet.ts';

const SITES = ['north', 'north', 'south', 'east'];
const hosts = many(4, (n) => aHost({ id: `h${n}`, site: SITES[n - 1]! }));
const on = (...places: string[]) => places.map((host, n) => aVm({ id: `vm${n + 1}`, host }));
const situation = (vms: ReturnType<typeof on>, rules: readonly Rule[]) =>
  new Situation(decideInput(aSnapshot({ hosts, vms, rules })));

describe('a rule that VMs are in several places', () => {
  const rule: Rule = { kind: 'spread', id: 'two sites', vms: ['vm1', 'vm2'], level: 'site', least: 2 };

  it.each([
    ['from the only one in the south to the north', ['h1', 'h3'], 1, 1, false],
    ['within its site', ['h1', 'h3'], 0, 1, true],
    ['to a third site', ['h1', 'h3'], 0, 3, true],
    ['where it was broken already and gets no worse', ['h1', 'h2'], 0, 1, true],
  ])('%s', (_, places, vm, to, permitted) => {
    const { judge } = situation(on(...places), [rule]);
    expect(judge.permits(vm, to)).toBe(permitted);
    if (!permitted) expect(judge.refusal(vm, to)?.because).toContain('rule two sites wants its VMs in 2 sites');
  });

  it('is told of where it is broken, and repaired', () => {
    const snapshot = aSnapshot({ hosts, vms: on('h1', 'h2'), rules: [rule] });
    expect(findViolations(decideInput(snapshot)).map(({ because }) => because)).toEqual([
      'rule two sites wants its VMs in 2 sites, and they are in 1',
    ]);
  });
});

describe('a rule that VMs depend on others', () => {
  const rule: Rule = { kind: 'depends-on', id: 'needs', vms: ['vm1'], on: ['vm2', 'vm3'], level: 'site' };

  it.each([
    ['the dependent goes where one of them is', ['h1', 'h2', 'h3'], 0, 2, true],
    ['the dependent goes where none is', ['h1', 'h2', 'h3'], 0, 3, false],
    ['the last one leaves the dependent', ['h1', 'h2', 'h3'], 1, 3, false],
    ['another one leaves', ['h1', 'h2', 'h3'], 2, 3, true],
  ])('%s', (_, places, vm, to, permitted) => {
    expect(situation(on(...places), [rule]).judge.permits(vm, to)).toBe(permitted);
  });
});

describe('a counted resource', () => {
  const gpus = { name: 'gpu', heldWhileMoving: true, hosts: { h1: 2, h2: 1 }, vms: { vm1: 1, vm2: 1 } };
  const snapshot = aSnapshot({ hosts, vms: on('h1', 'h2'), counted: [gpus] });

  it('is never given away twice, and held where a VM was until all is done', () => {
    const { judge, draft } = new Situation(decideInput(snapshot));
    expect([judge.permits(1, 0), judge.permits(0, 1), judge.permits(0, 2)]).toEqual([true, false, false]);
    expect(judge.refusal(0, 1)?.because).toBe('h2 has 1 of gpu, and with 1 for vm1 would give away 2');
    draft.move(1, 0);
    expect([judge.permits(0, 1), judge.permits(1, 1)]).toEqual([false, true]);
  });

  it('can be priced by a policy', () => {
    const thrifty = definePolicy({
      id: 'thrifty',
      about: 'GPUs beyond the first of a host are dear.',
      phase: 'improve',
      options: {},
      terms: { host: 'gpus' },
      cost: { host: stockCost([excess({ resource: 'gpu', above: () => 1, price: () => 3 })]) },
      once: { vm: () => 0.5, crew: { of: () => 'all', perMostMoved: () => 0.25 } },
    });
    const policies = [{ policy: thrifty, version: '', weight: 1, values: {} }];
    const { costs, once, draft } = new Situation(decideInput(snapshot, { policies }));
    expect(costs.total()).toBe(0);
    const bare = new Situation(decideInput(snapshot, { policies: [] })).once.ofMove(1, 1, 0);
    expect(once.ofMove(1, 1, 0) - bare).toBeCloseTo(0.75);
    draft.move(1, 0);
    expect(costs.presentHostCost(0)).toBe(0);
    expect(costs.terms.hostCost(0)).toBe(3);
    expect(once.ofMove(1, 0, 1) + bare).toBeCloseTo(-0.75);
  });
});
