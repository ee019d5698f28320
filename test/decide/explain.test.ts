import { describe, expect, it } from 'vitest';
import { explainVm } from '../../src/decide/explain.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import type { Rule } from '../../src/domain/rule.ts';
import { GIB, MINUTE } from '../../src/domain/units.ts';
import { definePolicy } from '../../src/sdk/index.ts';
import { decideInput, STOCK_POLICIES } from '../kit/deciding.ts';
import { aHost, anInventory, aVm, NOON_MS } from '../kit/fleet.ts';

const hosts = ['h1', 'h2', 'h3'].map((id) => aHost({ id }));
const explained = (parts: Partial<Inventory>, policies = STOCK_POLICIES) =>
  explainVm(decideInput(toSnapshot(anInventory({ hosts, ...parts })), { policies }), 'a');

describe('what would have to change', () => {
  const apart: Rule = { kind: 'anti-affinity', id: 'apart', vms: ['a', 'b'], level: 'host' };
  const filler = aVm({ id: 'filler', host: 'h2', demand: { memoryBytes: 124 * GIB } });

  it.each<[string, Partial<Inventory>, string[]]>([
    ['nothing', { vms: [aVm({ id: 'a' })] }, []],
    ['room', { vms: [aVm({ id: 'a' }), filler] }, ['h2 needs 6.4 GiB of memory more']],
    [
      'more than one thing',
      { vms: [aVm({ id: 'a' }), filler, aVm({ id: 'b', host: 'h2' })], rules: [apart] },
      ['h2 needs 10.4 GiB of memory more', 'move b away from h2 first, or take rule apart away'],
    ],
    [
      'the VM and the host',
      {
        hosts: [hosts[0]!, aHost({ id: 'h2', power: 'off' }), hosts[2]!],
        vms: [aVm({ id: 'a', storages: ['san'], lastMoveAtMs: NOON_MS - 20 * MINUTE })],
      },
      ['wait for 10 min', 'switch h2 on', 'connect h2 to storage san'],
    ],
  ])('%s', (_, parts, remedies) => {
    const h2 = explained(parts)?.hosts.find(({ host }) => host === 'h2');
    expect(h2?.remedies).toEqual(remedies);
    expect(h2?.refusal === undefined).toBe(remedies.length === 0);
  });

  it('where it is already: nothing', () => {
    expect(explained({ vms: [aVm({ id: 'a' })] })?.hosts[0]).toMatchObject({ host: 'h1', current: true, remedies: [] });
  });
});

it('tells the price of a preferred rule among the other terms', () => {
  const rules: Rule[] = [{ kind: 'affinity', id: 'p', vms: ['a', 'b'], level: 'host', preferred: true }];
  const found = explained({ vms: [aVm({ id: 'a' }), aVm({ id: 'b', host: 'h2' })], rules });
  const differences = found?.hosts.map(({ host, terms }) => {
    const own = terms.find(({ term }) => term === 'preferences');
    return [host, own === undefined ? 0 : own.afterPerHour - own.beforePerHour];
  });
  expect(differences).toEqual([
    ['h1', 0],
    ['h2', -0.05],
    ['h3', 0],
  ]);
});

it('leaves out a policy that fails, and says so', () => {
  const cost = { host: () => Number.NaN };
  const policy = definePolicy({ id: 'broken', about: '', phase: 'improve', options: {}, terms: {}, cost });
  const found = explained({ vms: [aVm({ id: 'a' })] }, [
    ...STOCK_POLICIES,
    { policy, version: 'test', weight: 1, values: {} },
  ]);
  expect(found?.skipped).toEqual([{ policy: 'broken', because: 'its cost is NaN, which is no amount of money' }]);
  expect(found?.hosts).toHaveLength(3);
});
