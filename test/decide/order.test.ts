import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { GENERATE_DEFAULTS, generateInventory } from '../../src/simulator/generate.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { decideInput } from '../kit/deciding.ts';

describe('the same verdicts, to the last bit, in whatever order hosts and VMs are named', () => {
  it.each([
    [100, 600],
    [1_000, 3_000],
  ])('for %d hosts and %d VMs', (hosts, vms) => {
    const racks = Math.ceil(hosts / 16);
    const inventory = generateInventory({ ...GENERATE_DEFAULTS, hosts, vms, racks, skew: 0.25, rules: 0.1 }, hosts);
    if ('because' in inventory) throw new Error(inventory.because);
    const mixed = { ...inventory, hosts: shuffled(inventory.hosts, 1), vms: shuffled(inventory.vms, 2) };
    const [one, other] = [inventory, mixed].map((each) => JSON.stringify(decide(decideInput(toSnapshot(each)))));
    expect(one === other).toBe(true);
  });
});

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  const keyed = items.map((item) => ({ item, key: random.next() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
