import { describe, expect, it } from 'vitest';
import { decideNext } from '../../src/decide/decide.ts';
import { Situation } from '../../src/decide/situation.ts';
import { type Inventory, Succession, toInventory } from '../../src/domain/inventory.ts';
import { MINUTE } from '../../src/domain/units.ts';
import { definePolicy } from '../../src/sdk/index.ts';
import { GENERATE_DEFAULTS, generateInventory } from '../../src/simulator/generate.ts';
import { afterwards } from '../kit/afterwards.ts';
import { decideInput, STOCK_POLICIES } from '../kit/deciding.ts';

const FAULTY = {
  version: 'v1',
  weight: 1,
  values: {},
  policy: definePolicy({
    id: 'faulty',
    about: 'Fails whenever it is asked.',
    phase: 'improve',
    options: {},
    terms: {},
    cost: {
      host: () => {
        throw new Error('it failed');
      },
    },
  }),
};

/** A fleet that is too large to be looked at as a whole each time, as its first cycle leaves it. */
function settled(policies = STOCK_POLICIES) {
  const generated = generateInventory({ ...GENERATE_DEFAULTS, hosts: 40, vms: 200, racks: 4, rules: 0.2 }, 7);
  if ('because' in generated) throw new Error(generated.because);
  const succession = new Succession();
  const first = succession.next(generated);
  const { memory, verdicts } = decideNext(decideInput(first, { policies }), undefined);
  const left = toInventory(afterwards(first, verdicts));
  const next = (change: (left: Inventory) => Partial<Inventory>) => {
    const inventory = { ...left, flows: generated.flows, rules: [...generated.rules], ...change(left) };
    return succession.next({ ...inventory, atMs: left.atMs + MINUTE });
  };
  return { memory, next };
}

/** The hosts that the cycle begins with; undefined where that is all of them. */
function lookedAt({ memory, next }: ReturnType<typeof settled>, change: Parameters<typeof next>[0]) {
  const situation = new Situation(decideInput(next(change)), memory);
  const { ids } = situation.draft.snapshot.hosts;
  return situation.lookedAt && ids.filter((_, host) => situation.lookedAt?.[host] === 1);
}

/** Those whose VMs the first cycle moved, or that it switched. */
const unchanged = () => ({});

describe('what a cycle remembers', () => {
  const fleet = settled();
  const before = lookedAt(fleet, unchanged) ?? [];

  it('spares most hosts a second look, though the driver lists its rules anew', () => {
    expect(before.length).toBeLessThan(40);
  });

  it('holds when a VM comes: its host is looked at, and no other', () => {
    const calm = fleet.next(unchanged).hosts.ids.find((id) => !before.includes(id))!;
    const looked = lookedAt(fleet, ({ vms }) => {
      const small = { cpuMhz: 10, memoryBytes: 1, netRxBytesPerS: 0, netTxBytesPerS: 0 };
      return { vms: [...vms, { ...vms[0]!, id: 'newcomer', host: calm, demand: small }] };
    });
    expect(looked).toEqual([...before, calm].sort());
  });

  it('holds when a VM goes: the host that it was on is looked at', () => {
    const { vms } = toInventory(fleet.next(unchanged));
    const leaver = vms.find(({ host }) => !before.includes(host))!;
    const looked = lookedAt(fleet, () => ({ vms: vms.filter(({ id }) => id !== leaver.id) }));
    expect(looked).toEqual([...before, leaver.host].sort());
  });

  it('holds while a policy is skipped in every cycle', () => {
    const { memory, next } = settled([...STOCK_POLICIES, FAULTY]);
    expect(memory.input.policies).toHaveLength(STOCK_POLICIES.length);
    expect(new Situation(decideInput(next(unchanged)), memory).lookedAt).toBeDefined();
  });

  it('is void when the rules are others', () => {
    const { rules } = fleet.next(unchanged);
    expect(lookedAt(fleet, () => ({ rules: rules.slice(1) }))).toBeUndefined();
  });
});
