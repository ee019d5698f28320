import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../src/domain/inventory.ts';
import { Succession, toInventory, toSnapshot } from '../../src/domain/inventory.ts';
import { CPU } from '../../src/domain/resources.ts';
import { aHost, anInventory, aVm } from '../kit/fleet.ts';

const someTexts = fc.subarray(['a', 'b', 'c'], { minLength: 0 });

const inventories = fc
  .record({
    hosts: fc.shuffledSubarray(['h1', 'h2', 'h3'], { minLength: 2 }),
    vms: fc.subarray(['v1', 'v2', 'v3', 'v4']),
    cpuMhz: fc.constantFrom(100, 200),
    storages: someTexts,
    label: fc.constantFrom('x', 'y'),
    features: someTexts,
    bytesPerS: fc.constantFrom(1, 2),
  })
  .map(({ hosts, vms, cpuMhz, storages, label, features, bytesPerS }): Inventory => {
    const cpu = { vendor: 'V', model: 'M', features };
    const vmOf = (id: string, place: number) => {
      const host = hosts[place % hosts.length]!;
      return aVm({
        id,
        host,
        storages,
        labels: { app: label },
        cpuNeeds: { vendor: '', features },
        demand: { cpuMhz },
      });
    };
    const flows = vms.length < 2 ? [] : [{ from: vms[0]!, to: vms[1]!, bytesPerS }];
    return anInventory({ hosts: hosts.map((id) => aHost({ id, storages, cpu })), vms: vms.map(vmOf), flows });
  });

describe('inventories one after the other', () => {
  it('come out as each would by itself', () => {
    fc.assert(
      fc.property(fc.array(inventories, { minLength: 1, maxLength: 8 }), (sequence) => {
        const succession = new Succession();
        const made = sequence.map((inventory) => succession.next(inventory));
        sequence.forEach((inventory, place) => {
          expect(toInventory(made[place]!)).toEqual(inventory);
          expect(made[place]!.traffic).toEqual(toSnapshot(inventory).traffic);
        });
      }),
    );
  });

  it('share what has not changed, and nothing else', () => {
    const succession = new Succession();
    const vms = (cpuMhz: number) => [aVm({ id: 'a', demand: { cpuMhz } }), aVm({ id: 'b' })];
    const one = succession.next(anInventory({ vms: vms(100) }));
    const other = succession.next(anInventory({ vms: vms(300) }));
    expect([one.vms.demand[CPU]![0], other.vms.demand[CPU]![0]]).toEqual([100, 300]);
    for (const key of ['ids', 'index', 'host', 'vcpus', 'storageSet', 'known'] as const) {
      expect(other.vms[key]).toBe(one.vms[key]);
    }
    expect(other.vms.demand[CPU + 1]).toBe(one.vms.demand[CPU + 1]);
    expect(other.hosts.capacity[CPU]).toBe(one.hosts.capacity[CPU]);
  });

  it('do not pile up labels that never come twice', () => {
    const succession = new Succession();
    const counts = Array.from({ length: 12_000 }, (_, n) => {
      const inventory = anInventory({ vms: [aVm({ labels: { n: String(n) } })] });
      return succession.next(inventory).pools.labels.length;
    });
    expect(Math.max(...counts)).toBeLessThan(11_000);
    expect(counts.at(-1)).toBeLessThan(3_000);
  });
});
