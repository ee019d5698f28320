import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Host } from '../../src/domain/host.ts';
import { type Inventory, toSnapshot } from '../../src/domain/inventory.ts';
import { vmsNamedBy } from '../../src/domain/selection.ts';
import type { Vm } from '../../src/domain/vm.ts';
import { GENERATE_DEFAULTS, type GenerateOptions, generateInventory } from '../../src/simulator/generate.ts';
import { brokenRules } from '../kit/rule-checker.ts';

function generated(options: Partial<GenerateOptions>, seed = 1): Inventory {
  const result = generateInventory({ ...GENERATE_DEFAULTS, ...options }, seed);
  if ('because' in result) throw new Error(result.because);
  return result;
}

const anyOptions = fc.record({
  hosts: fc.integer({ min: 1, max: 60 }),
  vms: fc.integer({ min: 0, max: 400 }),
  racks: fc.integer({ min: 1, max: 60 }),
  skew: fc.double({ min: 0, max: 1, noNaN: true }),
  rules: fc.double({ min: 0, max: 1, noNaN: true }),
  variety: fc.constantFrom(0, 0, 0.3, 1),
  traffic: fc.double({ min: 0, max: 8, noNaN: true }),
  load: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** Written apart from the generator: what is wrong with this start, in words. */
function faults(inventory: Inventory): string[] {
  const hosts = new Map(inventory.hosts.map((host) => [host.id, host]));
  const vms = new Map(inventory.vms.map((vm) => [vm.id, vm]));
  const found = inventory.vms.flatMap((vm) => needsUnmet(vm, hosts.get(vm.host)!));
  if (hosts.size !== inventory.hosts.length || vms.size !== inventory.vms.length) found.push('ids are not unique');
  for (const rule of inventory.rules) {
    if ('level' in rule && rule.vms.length < 2) found.push(`${rule.id} is about nobody`);
  }
  const pairs = new Set(inventory.flows.map((flow) => `${flow.from} ${flow.to}`));
  if (pairs.size !== inventory.flows.length) found.push('a flow is listed twice');
  if (!inventory.flows.every(({ from, to }) => from !== to && vms.has(from) && vms.has(to))) found.push('flow ends');
  return [...found, ...overfull(inventory), ...brokenRules(inventory)];
}

function needsUnmet(vm: Vm, host: Host): string[] {
  const unmet: string[] = [];
  if (!vm.storages.every((storage) => host.storages.includes(storage))) unmet.push(`${vm.id}: storage`);
  if (!vm.vlans.every((vlan) => host.vlans.includes(vlan))) unmet.push(`${vm.id}: VLAN`);
  if (!vm.cpuNeeds.features.every((feature) => host.cpu.features.includes(feature))) unmet.push(`${vm.id}: features`);
  if (!['', host.cpu.vendor].includes(vm.cpuNeeds.vendor)) unmet.push(`${vm.id}: vendor`);
  if (!['', host.subnet].includes(vm.subnet)) unmet.push(`${vm.id}: subnet`);
  return unmet;
}

function overfull({ hosts, vms }: Inventory): string[] {
  const memory = new Map(hosts.map((host) => [host.id, host.reserved.memoryBytes]));
  for (const vm of vms) memory.set(vm.host, memory.get(vm.host)! + vm.demand.memoryBytes);
  return hosts.filter((host) => memory.get(host.id)! > host.capacity.memoryBytes).map((host) => `${host.id}: memory`);
}

describe('a generated datacenter', () => {
  test('starts without a broken rule, whatever the options', () => {
    fc.assert(
      fc.property(anyOptions, fc.integer(), (options, seed) => {
        expect(faults(generated(options, seed))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('is valid when memory is all but used up', () => {
    expect(faults(generated({ hosts: 2, vms: 1900, racks: 1 }))).toEqual([]);
  });

  test('is the same for the same seed and another for another', () => {
    expect(generated({}, 7)).toEqual(generated({}, 7));
    expect(generated({}, 7)).not.toEqual(generated({}, 8));
  });

  test('has as many as were asked for', () => {
    const inventory = generated({ hosts: 50, vms: 333, racks: 7 });
    expect(inventory.hosts).toHaveLength(50);
    expect(inventory.vms).toHaveLength(333);
    expect(new Set(inventory.hosts.map((host) => host.rack)).size).toBe(7);
  });

  test('stands in several sites when it is large, and services stay in theirs', () => {
    const inventory = generated({ hosts: 400, vms: 1000, racks: 100 });
    const siteOf = new Map(inventory.hosts.map((host) => [host.id, host.site]));
    const sites = new Map<string, Set<string>>();
    for (const vm of inventory.vms) {
      const service = vm.labels.service!;
      sites.set(service, (sites.get(service) ?? new Set()).add(siteOf.get(vm.host)!));
    }
    expect(new Set(siteOf.values()).size).toBe(5);
    expect([...sites.values()].every((set) => set.size === 1)).toBe(true);
  });

  test.each([0.2, 0.5, 0.8])('wants the share %d of its CPU', (load) => {
    const inventory = generated({ hosts: 100, vms: 2000, racks: 5, load, skew: 0 });
    expect(shareOf(inventory.hosts, inventory)).toBeCloseTo(load, 1);
  });

  test('starts the asked share of hosts overloaded', () => {
    const inventory = generated({ hosts: 100, vms: 2000, racks: 5, skew: 0.2, load: 0.5 });
    const overloaded = inventory.hosts.filter((host) => shareOf([host], inventory) > 1);
    expect(overloaded.length).toBeGreaterThanOrEqual(18);
    expect(overloaded.length).toBeLessThanOrEqual(20);
  });

  test('puts the asked share of VMs under anti-affinity', () => {
    const inventory = generated({ hosts: 100, vms: 2000, racks: 10, rules: 0.4 });
    const separated = inventory.rules.reduce((sum, rule) => sum + vmsNamedBy(rule).length, 0);
    expect(separated / 2000).toBeCloseTo(0.4, 1);
  });

  test('puts rules of every other kind over the asked share of services, beside the datacenter as it was', () => {
    const plain = generated({ hosts: 100, vms: 500, racks: 5 });
    const varied = generated({ hosts: 100, vms: 500, racks: 5, variety: 0.5 });
    const kinds = new Set(varied.rules.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['affinity', 'anti-affinity', 'backups', 'keep-off', 'most-vms', 'run-on']);
    expect({ ...varied, rules: varied.rules.slice(0, plain.rules.length) }).toEqual(plain);
  });

  test('makes VMs talk as much as asked, through their ports', () => {
    const inventory = generated({ hosts: 20, vms: 1000, traffic: 2 });
    expect(inventory.flows.length / 1000).toBeGreaterThan(1.3);
    expect(inventory.flows.length / 1000).toBeLessThanOrEqual(2.01);
    const sent = inventory.flows.reduce((sum, flow) => sum + flow.bytesPerS, 0);
    const passed = inventory.vms.reduce((sum, vm) => sum + vm.demand.netTxBytesPerS, 0);
    expect(passed).toBeGreaterThanOrEqual(sent);
  });

  test('becomes a snapshot', () => {
    expect(toSnapshot(generated({})).vms.ids).toHaveLength(GENERATE_DEFAULTS.vms);
  });
});

describe('what cannot be made is refused in a sentence', () => {
  test.each<[Partial<GenerateOptions>, string]>([
    [{ hosts: 1, vms: 5000 }, '5000 VMs need at least 1250 GiB of memory, and the hosts can give 239 GiB'],
    [{ hosts: 0 }, 'hosts must be a whole number from 1 to 100000'],
    [{ hosts: 1e9 }, 'hosts must be a whole number from 1 to 100000'],
    [{ racks: 1.5 }, 'racks must be a whole number from 1 to 100000'],
    [{ vms: -1 }, 'vms must be a whole number from 0 to 1000000'],
    [{ skew: 1.1 }, 'skew must be a share from 0 to 1'],
    [{ load: Number.NaN }, 'load must be a share from 0 to 1'],
    [{ traffic: -1 }, 'traffic must be from 0 to 100 flows per VM'],
  ])('%o', (options, sentence) => {
    const result = generateInventory({ ...GENERATE_DEFAULTS, ...options }, 1);
    expect(result).toHaveProperty('because', expect.stringContaining(sentence));
  });
});

function shareOf(hosts: readonly Host[], inventory: Inventory): number {
  const ids = new Set(hosts.map((host) => host.id));
  const capacity = hosts.reduce((sum, host) => sum + host.capacity.cpuMhz, 0);
  const reserved = hosts.reduce((sum, host) => sum + host.reserved.cpuMhz, 0);
  const vms = inventory.vms.filter((vm) => ids.has(vm.host));
  return (reserved + vms.reduce((sum, vm) => sum + vm.demand.cpuMhz, 0)) / capacity;
}
