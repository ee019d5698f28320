import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Move } from '../../src/domain/change.ts';
import type { Plan } from '../../src/domain/plan.ts';
import type { Limits } from '../../src/domain/profile.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { complaintsAbout, complaintsInAnyOrder } from '../kit/plan-checker.ts';
import { chance, randomPlan } from './random-plans.ts';

const limit = fc.integer({ min: 0, max: 3 });
const someLimits: fc.Arbitrary<Limits> = fc
  .record({
    migrationsPerSource: limit,
    migrationsPerTarget: limit,
    migrationsPerPair: limit,
    migrationsPerLink: fc.constantFrom(0, 0, 1, 2),
    migrationsPerCluster: fc.constantFrom(0, 0, 2, 7),
    migrationsPerRackUplink: fc.constantFrom(0, 0, 1, 3),
    migrationsPerStorage: fc.constantFrom(0, 0, 1, 3),
    powerSwitchesPerCluster: fc.constantFrom(0, 1, 3),
    hosts: fc.constantFrom(
      {},
      { h1: { migrationsPerSource: 2, migrationsPerTarget: 2 }, h2: { migrationsPerLink: 1 } },
    ),
    pairs: fc.constantFrom([], [{ hosts: ['h2', 'h3'] as const, migrations: 2 }]),
  })
  .map((own) => ({ ...DEFAULT_LIMITS, ...own }));

const wishes = fc.record({
  hosts: fc.integer({ min: 4, max: 64 }),
  moves: fc.integer({ min: 5, max: 120 }),
  spareGib: fc.constantFrom(0, 4, 16, 1000),
  withRules: fc.boolean(),
  withPower: fc.boolean(),
  inGroups: fc.boolean(),
  isSpareDrawn: fc.boolean(),
  ringShare: fc.constantFrom(0, 0, 0.2),
  isMixed: fc.boolean(),
  limits: fc.oneof(fc.constant(DEFAULT_LIMITS), someLimits),
});

const seeds = fc.integer();

describe('every plan', () => {
  test('keeps limits, room, rules and dependencies at every instant, and accounts for every change', () => {
    fc.assert(
      fc.property(wishes, seeds, (wish, seed) => {
        expect(complaintsAbout(randomPlan(wish, seed))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('keeps room and rules in any order that keeps its dependencies', () => {
    const smaller = wishes.map((wish) => ({ ...wish, moves: Math.min(wish.moves, 60) }));
    fc.assert(
      fc.property(smaller, seeds, seeds, (wish, seed, orderSeed) => {
        expect(complaintsInAnyOrder(randomPlan(wish, seed), chance(orderSeed))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  const rings = {
    hosts: 4,
    spareGib: 0,
    withRules: true,
    withPower: true,
    inGroups: false,
    ringShare: 0.2,
    isMixed: true,
  };
  test.each(Array.from({ length: 60 }, (_, n) => 950 + n))('keeps them with guests that are saved: seed %i', (seed) => {
    const drawn = randomPlan({ ...rings, moves: 8 + (seed % 12) }, seed);
    expect(complaintsAbout(drawn)).toEqual([]);
    for (const order of [1, 2, 3]) expect(complaintsInAnyOrder(drawn, chance(order))).toEqual([]);
  });

  test('is the same for the same input', () => {
    fc.assert(
      fc.property(wishes, seeds, (wish, seed) => {
        expect(randomPlan(wish, seed).plan).toEqual(randomPlan(wish, seed).plan);
      }),
      { numRuns: 5 },
    );
  });
});

describe('where room couples the moves, and a twentieth of them goes round in rings of full hosts', () => {
  const tight = { spareGib: 16, isSpareDrawn: true, ringShare: 0.05, withRules: false, withPower: false };

  test.each([1, 2, 3, 4, 5, 6])(
    'nothing is impossible, and the makespan is within a tenth of the bound: seed %i',
    (seed) => {
      const below = chance(seed);
      const hosts = 8 + below(40);
      const wish = { ...tight, hosts, moves: 8 * hosts, inGroups: false, onePhase: seed % 2 === 0 };
      const { plan, inventory, decisions } = randomPlan(wish, seed);
      expect(plan.impossible).toEqual([]);
      const direct = decisions
        .flatMap(({ changes }) => changes)
        .map((change) => (change.kind === 'move' ? change : []));
      expect(plan.makespanMs / directBoundMs(plan, direct.flat(), inventory.hosts.length)).toBeLessThan(1.1);
    },
  );
});

/** Without the detours: the busiest host, all work over as many pairs of hosts as there are, the longest move. */
function directBoundMs({ steps }: Plan, moves: readonly Move[], hosts: number): number {
  const msOf = new Map<string, number>();
  for (const { change, startsAtMs, endsAtMs } of steps) {
    if (change.kind === 'move') msOf.set(change.vm, Math.max(msOf.get(change.vm) ?? 0, endsAtMs - startsAtMs));
  }
  const atHost = new Map<string, number>();
  for (const { vm, from, to } of moves) {
    for (const host of [from, to]) atHost.set(host, (atHost.get(host) ?? 0) + msOf.get(vm)!);
  }
  const total = moves.reduce((sum, { vm }) => sum + msOf.get(vm)!, 0);
  return Math.max(total / Math.floor(hosts / 2), ...atHost.values(), ...msOf.values());
}

describe('where room does not couple the moves', () => {
  const roomy = { spareGib: 10_000, withRules: false, withPower: false, inGroups: false };

  test('nothing is impossible, and the makespan is within five hundredths of the lower bound', () => {
    const sizes = fc.record({ hosts: fc.integer({ min: 4, max: 64 }), moves: fc.integer({ min: 200, max: 400 }) });
    fc.assert(
      fc.property(sizes, seeds, (size, seed) => {
        const { plan } = randomPlan({ ...roomy, ...size }, seed);
        expect(plan.impossible).toEqual([]);
        expect(plan.makespanMs / plan.lowerBoundMs).toBeLessThan(1.05);
      }),
      { numRuns: 8 },
    );
  });

  test('the makespan is within two hundredths of it nearly always', () => {
    const ratios = Array.from({ length: 20 }, (_, seed) => {
      const { plan } = randomPlan({ ...roomy, hosts: 16 + 2 * seed, moves: 300, onePhase: seed % 2 === 0 }, seed);
      return plan.makespanMs / plan.lowerBoundMs;
    });
    expect(ratios.filter((ratio) => ratio > 1.02)).toEqual([]);
  });
});
