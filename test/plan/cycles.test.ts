import { describe, expect, test } from 'vitest';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { aHost, anInventory, many, NOON_MS } from '../kit/fleet.ts';
import { eachAccepted, move, power, theVerdicts } from '../kit/verdicts.ts';
import { course, planFor, sized, tight } from './cases.ts';
import { planned } from './random-plans.ts';

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

  test('two full hosts swap all of their VMs by way of a third with room for one of them', () => {
    const hosts = [tight('h1', 16), tight('h2', 16), tight('h3', 4)];
    const guests = many(8, (n) => sized(`vm${n}`, n <= 4 ? 'h1' : 'h2', 4));
    const changes = guests.map(({ id, host }) => move(id, host, host === 'h1' ? 'h2' : 'h1'));
    const plan = planFor(anInventory({ hosts, vms: guests }), changes);
    expect(plan.impossible).toEqual([]);
    expect(plan.steps).toHaveLength(9);
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

describe('where guests may be saved and resumed elsewhere', () => {
  const full = [tight('h1'), tight('h2')];
  const swap = [move('a', 'h1', 'h2'), move('b', 'h2', 'h1')];
  const swapping = (...quick: string[]) =>
    ['a', 'b'].map((id, n) => ({ ...sized(id, `h${n + 1}`, 8 - 2 * n), quickAllowed: quick.includes(id) }));

  test('two full hosts swap without a third: one guest is saved, and resumed when the other has left', () => {
    const plan = planFor(anInventory({ hosts: full, vms: swapping('b') }), swap);
    expect(plan.impossible).toEqual([]);
    const [b, a] = plan.steps;
    expect(b).toMatchObject({ change: swap[1], how: 'quick', after: [] });
    expect(a).toMatchObject({ change: swap[0], after: [], afterSaved: [b!.id], startsAtMs: b!.savedAtMs });
    expect(b!.resumesAtMs).toBe(a!.endsAtMs);
    expect(plan.makespanMs).toBe(b!.endsAtMs - plan.atMs);
  });

  test('a third host is better than that', () => {
    const plan = planFor(anInventory({ hosts: [...full, tight('h3')], vms: swapping('a', 'b') }), swap);
    expect(plan.steps.map(({ how }) => how)).toEqual([undefined, undefined, undefined]);
  });

  test('it is no way out for a driver that cannot do it', () => {
    const work = { inventory: anInventory({ hosts: full, vms: swapping('a', 'b') }), decisions: eachAccepted(swap) };
    const plan = makePlan({
      snapshot: toSnapshot(work.inventory),
      verdicts: theVerdicts(work.decisions),
      limits: DEFAULT_LIMITS,
      atMs: NOON_MS,
      mayQuick: false,
    });
    expect(plan.impossible).toHaveLength(2);
  });

  test('a ring of five turns without a sixth host', () => {
    const ring = many(5, (n) => ({ ...sized(`vm${n}`, `h${n}`, 8), quickAllowed: n === 3 }));
    const changes = many(5, (n) => move(`vm${n}`, `h${n}`, `h${(n % 5) + 1}`));
    const plan = planFor(anInventory({ hosts: many(5, (n) => tight(`h${n}`)), vms: ring }), changes);
    expect(plan.impossible).toEqual([]);
    expect(course(plan).slice(0, 2)).toEqual(['vm3 to h4', 'vm2 to h3']);
  });

  test('a guest that is saved already has given its room back', () => {
    const hosts = [tight('h1'), tight('h2')];
    const flights = [{ vm: 'b', from: 'h2', to: 'h1', quick: 'saved' as const }];
    const work = eachAccepted([move('a', 'h1', 'h2')]);
    const { plan } = planned(anInventory({ hosts, vms: swapping('b'), flights }), work, DEFAULT_LIMITS);
    expect(plan.steps).toMatchObject([{ change: swap[0], startsAtMs: plan.atMs, after: [] }]);
  });
});
