import { describe, expect, test } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import { drainOutlook } from '../../src/decide/drain-outlook.ts';
import { decideOrders } from '../../src/decide/ordered.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import type { Wish } from '../../src/sdk/fleet.ts';
import { definePolicy } from '../../src/sdk/index.ts';
import type { Policy } from '../../src/sdk/policy.ts';
import { decideInput } from '../kit/deciding.ts';
import { aHost, anInventory, aVm, many } from '../kit/fleet.ts';

const SNAPSHOT = toSnapshot(
  anInventory({ hosts: many(3, (n) => aHost({ id: `h${n}` })), vms: [aVm({ id: 'vm1', host: 'h1' })] }),
);
const FRAME = { id: 'faulty', about: 'Fails.', options: {}, terms: { host: 'whim' }, phase: 'improve' } as const;
const THROWS = definePolicy({
  ...FRAME,
  cost: {
    host: () => {
      throw new Error('oh no');
    },
  },
});

const inputWith = (policy: Policy) => ({
  ...decideInput(SNAPSHOT),
  policies: [{ policy, version: '', weight: 1, values: {} }],
});

describe('a policy that throws stands in nobody’s way', () => {
  test('who orders a migration', () => {
    const order = {
      change: { kind: 'move', vm: 'vm1', from: 'h1', to: 'h2' },
      because: 'a person asked for it',
    } as const;
    const { decisions, input } = decideOrders(inputWith(THROWS), [order]);
    expect(decisions.map(({ refusal }) => refusal)).toEqual([undefined]);
    expect(decide(input).skipped).toEqual([{ policy: 'faulty', because: 'its cost threw: oh no' }]);
  });

  test('who asks what would come of a drain', () => {
    const outlook = drainOutlook(inputWith(THROWS), ['h1'], () => ({ makespanMs: 0, impossible: [] }));
    expect(outlook).toMatchObject({ isFeasible: true, moves: [{ vm: 'vm1' }] });
  });
});

describe('a policy that proposes what does not exist is left out', () => {
  test.each<[string, Wish]>([
    ['it proposed host 9 of 3', { kind: 'empty', host: 9 }],
    ['it proposed host 0.5 of 3', { kind: 'move', vm: 0, to: 0.5 }],
    ['it proposed host NaN of 3', { kind: 'power', host: Number.NaN, to: 'off' }],
    ['it proposed VM -1 of 1', { kind: 'move', vm: -1, to: 0 }],
  ])('%s', (because, wish) => {
    const policy = definePolicy({
      ...FRAME,
      cost: { host: () => 0 },
      *propose() {
        yield { wishes: [wish], because: 'it felt like it' };
      },
    });
    expect(decide(inputWith(policy)).skipped).toEqual([{ policy: 'faulty', because }]);
  });
});
