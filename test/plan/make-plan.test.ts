import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import type { Moment, Rule, SeparateRule } from '../../src/domain/rule.ts';
import { GIB, SECOND } from '../../src/domain/units.ts';
import { aHost, anInventory, aVm, many } from '../kit/fleet.ts';
import { aDecision, eachAccepted, move, power } from '../kit/verdicts.ts';
import { course, planFor, sized, tight } from './cases.ts';
import { planned } from './random-plans.ts';

describe('dependencies', () => {
  test('who arrives waits for who frees the room, and for nobody else', () => {
    const hosts = [tight('h1', 16), tight('h2'), tight('h3', 64)];
    const vms = [sized('a', 'h1', 8), sized('b', 'h2', 8), sized('c', 'h1', 2)];
    const plan = planFor(anInventory({ hosts, vms }), [
      move('a', 'h1', 'h2'),
      move('b', 'h2', 'h3'),
      move('c', 'h1', 'h3'),
    ]);
    const step = (vm: string) => plan.steps.find(({ change }) => change.kind === 'move' && change.vm === vm)!;
    expect(step('a').after).toEqual([step('b').id]);
    expect(step('b').after).toEqual([]);
    expect(step('c').after).toEqual([]);
  });

  test('arrivals wait for booting, and switching off for the last who leaves', () => {
    const inventory = anInventory({
      hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2', power: 'off' })],
      vms: [sized('a', 'h1', 1), sized('b', 'h1', 1)],
    });
    const plan = planFor(inventory, [
      move('a', 'h1', 'h2'),
      power('h1', 'off'),
      move('b', 'h1', 'h2'),
      power('h2', 'on'),
    ]);
    expect(plan.steps.map(({ after }) => after)).toEqual([[], ['p1-s1'], ['p1-s1'], ['p1-s2', 'p1-s3']]);
    expect(plan.makespanMs).toBe(plan.lowerBoundMs);
  });

  test('who must be apart does not even pass', () => {
    const rule: SeparateRule = { kind: 'anti-affinity', id: 'apart', vms: ['a', 'b'], level: 'host' };
    const inventory = anInventory({
      hosts: many(3, (n) => aHost({ id: `h${n}` })),
      vms: [sized('a', 'h1', 1), sized('b', 'h2', 16)],
      rules: [rule],
    });
    const plan = planFor(inventory, [move('a', 'h1', 'h2'), move('b', 'h2', 'h3')]);
    expect(course(plan)).toEqual(['b to h3', 'a to h2']);
    expect(plan.steps[1]?.after).toEqual(['p1-s1']);
  });

  test('who must be apart by rack waits for the rack to be left, at whichever host', () => {
    const rule: SeparateRule = { kind: 'anti-affinity', id: 'apart', vms: ['a', 'b'], level: 'rack' };
    const inRack = (id: string, rack: string) => aHost({ id, rack });
    const inventory = anInventory({
      hosts: [inRack('h1', 'r1'), inRack('h2', 'r2'), inRack('h3', 'r2'), inRack('h4', 'r3')],
      vms: [sized('a', 'h1', 1), sized('b', 'h2', 16)],
      rules: [rule],
    });
    const plan = planFor(inventory, [move('a', 'h1', 'h3'), move('b', 'h2', 'h4')]);
    expect(course(plan)).toEqual(['b to h4', 'a to h3']);
    expect(plan.steps[1]?.after).toEqual(['p1-s1']);
  });

  test('who must be apart in the end only may pass', () => {
    const rule: SeparateRule = { kind: 'anti-affinity', id: 'apart', vms: ['a', 'b'], level: 'host', at: 'end' };
    const inventory = anInventory({
      hosts: many(3, (n) => aHost({ id: `h${n}` })),
      vms: [sized('a', 'h1', 1), sized('b', 'h2', 16)],
      rules: [rule],
    });
    const plan = planFor(inventory, [move('a', 'h1', 'h2'), move('b', 'h2', 'h3')]);
    expect(plan.steps.map(({ after }) => after)).toEqual([[], []]);
  });

  const everywhere = { hosts: [], hostLabels: {} };
  test.each<[string, Rule]>([
    ['VMs', { kind: 'most-vms', id: 'few', most: 2, vms: ['a', 'b', 'c'], vmLabels: {}, ...everywhere }],
    [
      'backups',
      {
        kind: 'backups',
        id: 'nightly',
        most: 2,
        jobs: [
          { startMinute: 60, minutes: 60, vms: ['a', 'c'], vmLabels: {} },
          { startMinute: 90, minutes: 60, vms: ['b'], vmLabels: {} },
        ],
        ...everywhere,
      },
    ],
  ])('where so many %s are allowed, the next one waits for one of them to leave', (_, rule) => {
    const inventory = anInventory({
      hosts: many(3, (n) => aHost({ id: `h${n}` })),
      vms: [sized('a', 'h1', 1), sized('b', 'h2', 16), sized('c', 'h2', 2), sized('d', 'h1', 4)],
      rules: [rule],
    });
    const plan = planFor(inventory, [move('a', 'h1', 'h2'), move('b', 'h2', 'h3'), move('d', 'h1', 'h3')]);
    const step = (vm: string) => plan.steps.find(({ change }) => change.kind === 'move' && change.vm === vm)!;
    expect(step('a').after).toEqual([step('b').id]);
    expect(step('d').after).toEqual([]);
    const { impossible } = planFor(inventory, [move('a', 'h1', 'h2')]);
    expect(impossible[0]?.because).toMatch(
      new RegExp(`rule ${rule.id} allows 2 of its VMs at once on h2, and 2 are there, and nobody who could make way`),
    );
  });

  test('a stop-over is no excuse to run where a rule forbids it', () => {
    const hosts = [tight('h1'), tight('h2'), tight('h3', 16)];
    const vms = [sized('a', 'h1', 6), sized('b', 'h2', 6)];
    const moves = [move('a', 'h1', 'h2'), move('b', 'h2', 'h1')];
    const keepOff = (at: Moment): Rule => ({
      kind: 'keep-off',
      id: 'r',
      ...{ vms: [], vmLabels: {} },
      hosts: ['h3'],
      hostLabels: {},
      at,
    });
    expect(planFor(anInventory({ hosts, vms, rules: [keepOff('end')] }), moves).impossible).toEqual([]);
    expect(planFor(anInventory({ hosts, vms, rules: [keepOff('every step')] }), moves).impossible).not.toEqual([]);
  });

  test('an overfull host takes nobody before enough have left', () => {
    const hosts = [tight('h1', 8), tight('h2', 64), tight('h3', 64)];
    const vms = [sized('a', 'h1', 6), sized('b', 'h1', 6), sized('c', 'h2', 2)];
    const plan = planFor(anInventory({ hosts, vms }), [move('c', 'h2', 'h1'), move('a', 'h1', 'h3')]);
    expect(course(plan)).toEqual(['a to h3', 'c to h1']);
    expect(plan.steps[1]?.after).toEqual(['p1-s1']);
  });
});

describe('what decisions come to', () => {
  const inventory = anInventory({ hosts: many(3, (n) => aHost({ id: `h${n}` })), vms: [aVm({ id: 'a', host: 'h1' })] });

  test('the last target of a VM counts, with the most urgent phase', () => {
    const decisions = [
      aDecision([move('a', 'h1', 'h2')], { id: 'd1', phase: 'repair' }),
      aDecision([move('a', 'h2', 'h3')], { id: 'd2', phase: 'improve' }),
    ];
    const { plan } = planned(inventory, decisions, DEFAULT_LIMITS);
    expect(plan.steps).toMatchObject([{ decision: 'd2', phase: 'repair', change: move('a', 'h1', 'h3') }]);
  });

  test('what comes to nothing, or was refused, is no step', () => {
    const decisions = [
      aDecision([move('a', 'h1', 'h2')]),
      aDecision([move('a', 'h2', 'h1')]),
      aDecision([power('h1', 'on')]),
      aDecision([power('h2', 'off')], { refusal: { rule: 'test', because: 'no' } }),
    ];
    const { plan } = planned(inventory, decisions, DEFAULT_LIMITS);
    expect(plan).toMatchObject({ steps: [], impossible: [], makespanMs: 0, lowerBoundMs: 0 });
  });

  test('a decision is carried out whole or not at all', () => {
    const decisions = [aDecision([move('a', 'h1', 'h2'), move('ghost', 'h1', 'h3')], { id: 'd7' })];
    const { plan } = planned(inventory, decisions, DEFAULT_LIMITS);
    expect(plan.steps).toEqual([]);
    expect(plan.impossible.map(({ because }) => because)).toEqual([
      'decision d7 is carried out whole or not at all: there is no VM ghost',
      'there is no VM ghost',
    ]);
  });

  test.each([
    [power('h1', 'off'), 'h1 cannot be emptied: a stays'],
    [move('a', 'h1', 'h9'), 'there is no host h9'],
    [power('h9', 'off'), 'there is no host h9'],
  ])('%o is impossible', (change, because) => {
    expect(planFor(inventory, [change]).impossible).toMatchObject([{ because }]);
  });

  test.each([
    [{ power: 'off' } as const, 'h2 is off and nothing switches it on'],
    [{ power: 'suspect' } as const, 'h2 is suspect and nothing switches it on'],
    [{ migrationBytesPerS: 0 }, 'h2 has no migration network'],
  ])('a move to a host with %o is impossible', (traits, because) => {
    const hosts = [aHost({ id: 'h1' }), aHost({ id: 'h2', ...traits })];
    const plan = planFor({ ...inventory, hosts }, [move('a', 'h1', 'h2')]);
    expect(plan.impossible).toMatchObject([{ because }]);
  });

  test('what is in flight holds its hosts until it should have landed, and is not moved again', () => {
    const flights = [{ vm: 'a', from: 'h1', to: 'h2' }];
    const vms = [...inventory.vms, aVm({ id: 'b', host: 'h1' })];
    const { plan } = planned(
      { ...inventory, vms, flights },
      eachAccepted([move('b', 'h1', 'h3'), move('a', 'h1', 'h3')]),
      DEFAULT_LIMITS,
    );
    expect(plan.steps).toHaveLength(1);
    expect(plan.steps[0]!.startsAtMs).toBeGreaterThan(plan.atMs);
    expect(plan.impossible).toMatchObject([{ because: 'a is already in flight to h2' }]);
  });
});

describe('figures', () => {
  test('parallel migrations share the network of their host', () => {
    const hosts = many(3, (n) => aHost({ id: `h${n}`, migrationBytesPerS: GIB }));
    const vms = many(2, (n) => sized(`vm${n}`, 'h1', 8));
    const changes = [move('vm1', 'h1', 'h2'), move('vm2', 'h1', 'h3')];
    const two = { ...DEFAULT_LIMITS, migrationsPerSource: 2, migrationsPerTarget: 2 };
    const seconds = (limits: typeof two) =>
      planned(anInventory({ hosts, vms }), eachAccepted(changes), limits).plan.steps.map(
        ({ migration }) => migration!.seconds,
      );
    expect(seconds(DEFAULT_LIMITS)).toEqual([9, 9]);
    expect(seconds(two)).toEqual([17, 17]);
  });

  test('a guest that reports next to nothing as active is still copied in part', () => {
    const hosts = many(2, (n) => aHost({ id: `h${n}`, migrationBytesPerS: GIB }));
    const vms = [aVm({ id: 'a', host: 'h1', demand: { memoryBytes: 8 * GIB }, memoryActiveBytes: 0 })];
    const { plan } = planned(anInventory({ hosts, vms }), eachAccepted([move('a', 'h1', 'h2')]), DEFAULT_LIMITS);
    expect(plan.makespanMs).toBe(3 * SECOND);
  });
});
