import { describe, expect, test } from 'vitest';
import { aHost, anInventory, many } from '../kit/fleet.ts';
import { move, power } from '../kit/verdicts.ts';
import { course, planFor, sized, tight } from './cases.ts';

describe('cycles', () => {
  const swap = [move('a', 'h1', 'h2'), move('b', 'h2', 'h1')];
  const vms = [sized('a', 'h1', 8), sized('b', 'h2', 6)];

  test('two full hosts swap by way of a third, and the smaller VM makes the detour', () => {
    const plan = planFor(anInventory({ hosts: [tight('h1'), tight('h2'), tight('h3')], vms }), swap);
    expect(course(plan)).toEqual(['b to h3', 'a to h2', 'b to h1']);
    expect(plan.impossible).toEqual([]);
  });

  test.each([
    ['there is no third host', [tight('h1'), tight('h2')]],
    ['the third has no room', [tight('h1'), tight('h2'), tight('h3', 4)]],
    ['the third is off', [tight('h1'), tight('h2'), aHost({ id: 'h3', power: 'off' })]],
    ['the third is in maintenance', [tight('h1'), tight('h2'), aHost({ id: 'h3', maintenance: true })]],
    ['the third is not known', [tight('h1'), tight('h2'), aHost({ id: 'h3', known: false })]],
  ])('two full hosts cannot swap when %s', (_, hosts) => {
    const plan = planFor(anInventory({ hosts, vms }), swap);
    expect(plan.steps).toEqual([]);
    expect(plan.impossible.map(({ change }) => change)).toEqual(swap);
    expect(plan.impossible[0]?.because).toMatch(/wait for each other's room .*no third host has room and permission/);
    expect(plan.impossible[1]?.because).toMatch(/h1 has 0 B of memory free and b needs 6 GiB of memory/);
  });

  test.each([
    ['storage', { storages: ['san'] }],
    ['VLAN', { vlans: ['7'] }],
    ['subnet', { subnet: 'dmz' }],
    ['CPU vendor', { cpuNeeds: { vendor: 'amd', features: [] } }],
    ['CPU feature', { cpuNeeds: { vendor: '', features: ['avx512'] } }],
    ['pinning', { pinnedTo: ['h1', 'h2'] }],
  ])('a third host that lacks the %s is no help', (_, needs) => {
    const able = {
      storages: ['san'],
      vlans: ['7'],
      subnet: 'dmz',
      cpu: { vendor: 'amd', model: '', features: ['avx512'] },
    };
    const hosts = [tight('h1'), tight('h2')].map((host) => ({ ...host, ...able }));
    const needy = vms.map((vm) => ({ ...vm, ...needs }));
    const plan = planFor(anInventory({ hosts: [...hosts, tight('h3')], vms: needy }), swap);
    expect(plan.impossible).toHaveLength(2);
  });

  test('a ring of five full hosts turns by way of a sixth', () => {
    const hosts = many(6, (n) => tight(`h${n}`));
    const ring = many(5, (n) => sized(`vm${n}`, `h${n}`, 8));
    const changes = many(5, (n) => move(`vm${n}`, `h${n}`, `h${(n % 5) + 1}`));
    const plan = planFor(anInventory({ hosts, vms: ring }), changes);
    expect(plan.impossible).toEqual([]);
    expect(plan.steps).toHaveLength(6);
  });

  test('a stop-over is not made at a host that is to be switched off', () => {
    const inventory = anInventory({ hosts: [tight('h1'), tight('h2'), tight('h3')], vms });
    const plan = planFor(inventory, [...swap, power('h3', 'off')]);
    expect(course(plan)).toEqual(['h3 off']);
    expect(plan.impossible).toHaveLength(2);
  });

  test('what is impossible does not hold up the rest', () => {
    const hosts = [tight('h1'), tight('h2'), tight('h4', 4), tight('h5')];
    const inventory = anInventory({ hosts, vms: [...vms, sized('c', 'h4', 4), sized('d', 'h5', 4)] });
    const plan = planFor(inventory, [...swap, move('c', 'h4', 'h5')]);
    expect(course(plan)).toEqual(['c to h5']);
    expect(plan.impossible).toHaveLength(2);
  });
});
