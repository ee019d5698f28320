import { describe, expect, it } from 'vitest';
import { Chance } from '../../../src/decide/deep/chance.ts';
import { compile } from '../../../src/decide/deep/compile.ts';
import { UNTHINKABLE } from '../../../src/decide/deep/loads.ts';
import { Placement } from '../../../src/decide/deep/placement.ts';
import { deepSearch } from '../../../src/decide/deep/search.ts';
import { evaluate } from '../../bench/roadef/evaluate.ts';
import { stateOf } from '../../bench/roadef/state.ts';
import { many } from '../../kit/fleet.ts';
import { EXAMPLE, randomInstance } from './instances.ts';

/** More than any cost, less than anything forbidden. */
const MUCH = 1e9;

describe('the example of the definition', () => {
  it.each([
    // Machine 0 gives 18 of 16 and 210 of 80, machine 3 gives 10 of 8; balance costs 500 there and 2,000 on machine 2.
    [[0, 3, 0], 4_200],
    // Machine 3 no longer costs by load, and both are nearer to balance; moving is 100 + 10 + 200.
    [[0, 2, 0], 1_500 + 500 + 200 + 1_000 + 310],
  ])('%j costs %i', (assignment, cost) => {
    const evaluation = evaluate(EXAMPLE, Int32Array.from(assignment));
    expect(evaluation).toMatchObject({ cost, violations: [] });
    const { model } = compile(stateOf(EXAMPLE));
    expect(new Placement(model, Int32Array.from(assignment)).cost).toBe(cost);
  });

  it.each([
    [[0, 0, 0], 'two processes of service 0 are on machine 0'],
    [[0, 1, 0], 'service 0 is in 1 locations, and 2 are wanted'],
    [[3, 2, 0], 'service 1 is in neighbourhood 0 and depends on service 0, which is not'],
    [[0, 3, 2], 'machine 2 has 100 of resource 1, and 200 are taken'],
  ])('%j is impossible: %s', (assignment, violation) => {
    expect(evaluate(EXAMPLE, Int32Array.from(assignment)).violations).toContain(violation);
  });
});

describe('a walk of permitted changes', () => {
  it.each(many(25, (n) => n))('keeps all rules, and its value is that from scratch (%i)', (seed) => {
    const instance = randomInstance(seed);
    const { model } = compile(stateOf(instance));
    const placement = new Placement(model, model.home);
    expect(evaluate(instance, instance.initial).violations).toEqual([]);
    const chance = new Chance(seed);
    placement.counters.priceOf.fill(UNTHINKABLE);
    for (let n = 0; n < 300; n++) step(placement, chance);
    const { cost, violations } = evaluate(instance, placement.hostOf as Int32Array);
    expect(violations).toEqual([]);
    expect(placement.lacking).toBe(0);
    expect(placement.counters.broken).toBe(0);
    expect(placement.cost).toBeCloseTo(cost, 3);
    expect(new Placement(model, placement.hostOf).cost).toBeCloseTo(cost, 3);
  });

  it.each(many(25, (n) => n))('may break rules, and how far is counted as from scratch (%i)', (seed) => {
    const instance = randomInstance(seed);
    const { model } = compile(stateOf(instance));
    const placement = new Placement(model, model.home);
    placement.loads.lackPrice.fill(1);
    const chance = new Chance(seed);
    for (let n = 0; n < 200; n++) step(placement, chance);
    const anew = new Placement(model, placement.hostOf);
    expect(placement.counters.broken).toBe(anew.counters.broken);
    expect(placement.counters.brokenOf).toEqual(anew.counters.brokenOf);
    expect(placement.lacking).toBe(anew.lacking);
    const { violations } = evaluate(instance, placement.hostOf as Int32Array);
    expect(violations.length === 0).toBe(placement.isSound);
  });

  it.each(many(25, (n) => n))('is refused exactly where the definition is broken (%i)', (seed) => {
    const instance = randomInstance(seed);
    const { model } = compile(stateOf(instance));
    const placement = new Placement(model, model.home);
    placement.counters.priceOf.fill(UNTHINKABLE);
    for (let p = 0; p < instance.processes; p++) {
      for (let machine = 0; machine < instance.machines; machine++) {
        if (machine === placement.hostOf[p]) continue;
        const moved = Int32Array.from(placement.hostOf);
        moved[p] = machine;
        const { cost, violations } = evaluate(instance, moved);
        const before = placement.cost;
        expect(placement.tryMove(p, machine, MUCH)).toBe(violations.length === 0);
        if (violations.length > 0) continue;
        expect(placement.cost).toBeCloseTo(cost, 3);
        placement.move(p, instance.initial[p]!);
        expect(placement.cost).toBeCloseTo(before, 3);
      }
    }
  });
});

/** Any change that does not cost more than all there is. */
function step(placement: Placement, chance: Chance): boolean {
  const { items, hosts } = placement.model;
  const [one, other, to] = [chance.below(items), chance.below(items), chance.below(hosts)];
  const [a, b] = [placement.hostOf[one], placement.hostOf[other]];
  const kind = chance.below(3);
  if (kind === 0) return to !== a && placement.tryMove(one, to, MUCH);
  if (kind === 1) return a !== b && placement.trySwap(one, other, MUCH);
  return a !== b && to !== a && to !== b && placement.tryChain(one, other, to, MUCH);
}

describe('a deep search', () => {
  it.each(many(12, (n) => n))('keeps all rules and ends no worse than it began (%i)', (seed) => {
    const instance = randomInstance(seed);
    const { model } = compile(stateOf(instance));
    let looks = 0;
    const task = { model, start: model.home, seed, spent: () => looks++ / 20 };
    const { hostOf, cost } = deepSearch(task);
    const evaluation = evaluate(instance, hostOf);
    expect(evaluation.violations).toEqual([]);
    expect(cost).toBeCloseTo(evaluation.cost, 3);
    expect(cost).toBeLessThanOrEqual(evaluate(instance, instance.initial).cost + 1e-6);
    looks = 0;
    expect(deepSearch(task).hostOf).toEqual(hostOf);
  });

  it('finds the best of a small instance', () => {
    const instance = randomInstance(3);
    const { model } = compile(stateOf(instance));
    const results = [1, 2, 3].map((seed) => {
      let looks = 0;
      return deepSearch({ model, start: model.home, seed, spent: () => looks++ / 60 }).cost;
    });
    expect(Math.max(...results) - Math.min(...results)).toBeLessThan(0.02 * Math.min(...results));
  });
});
