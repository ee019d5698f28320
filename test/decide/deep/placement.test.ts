import { describe, expect, it } from 'vitest';
import { Chance } from '../../../src/decide/deep/chance.ts';
import { compile } from '../../../src/decide/deep/compile.ts';
import { Placement } from '../../../src/decide/deep/placement.ts';
import { deepSearch } from '../../../src/decide/deep/search.ts';
import { evaluate } from '../../bench/roadef/evaluate.ts';
import { stateOf } from '../../bench/roadef/state.ts';
import { many } from '../../kit/fleet.ts';
import { EXAMPLE, randomInstance } from './instances.ts';

const ANY = Number.MAX_VALUE;

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
    for (let n = 0; n < 300; n++) {
      const before = placement.cost;
      const expected = step(placement, chance);
      // A swap is charged as if each of the two were moved alone, where their services take turns.
      if (expected !== undefined) expect(Math.abs(placement.cost - before - expected)).toBeLessThanOrEqual(20 + 1e-6);
    }
    const { cost, violations } = evaluate(instance, placement.hostOf as Int32Array);
    expect(violations).toEqual([]);
    expect(placement.lacking).toBe(0);
    expect(placement.counters.broken()).toBe(0);
    expect(placement.cost).toBeCloseTo(cost, 3);
    expect(new Placement(model, placement.hostOf).cost).toBeCloseTo(cost, 3);
  });

  it.each(many(25, (n) => n))('is refused exactly where the definition is broken (%i)', (seed) => {
    const instance = randomInstance(seed);
    const { model } = compile(stateOf(instance));
    const placement = new Placement(model, model.home);
    for (let p = 0; p < instance.processes; p++) {
      for (let machine = 0; machine < instance.machines; machine++) {
        if (machine === placement.hostOf[p]) continue;
        const moved = Int32Array.from(placement.hostOf);
        moved[p] = machine;
        const { cost, violations } = evaluate(instance, moved);
        const delta = placement.moveDelta(p, machine, 1e12);
        if (violations.length > 0) expect(delta).toBe(Number.POSITIVE_INFINITY);
        else expect(delta).toBeCloseTo(cost - placement.cost, 3);
      }
    }
  });
});

/** One change drawn by chance; what it should cost, if it was made. */
function step(placement: Placement, chance: Chance): number | undefined {
  const { items, hosts } = placement.model;
  const [one, other, to] = [chance.below(items), chance.below(items), chance.below(hosts)];
  const [a, b] = [placement.hostOf[one], placement.hostOf[other]];
  const kind = chance.below(3);
  if (kind === 0) {
    if (to === a) return undefined;
    const delta = placement.moveDelta(one, to, ANY / 2);
    if (delta > 1e12) return undefined;
    placement.move(one, to);
    return delta;
  }
  if (a === b) return undefined;
  if (kind === 1) {
    const delta = placement.swapDelta(one, other, ANY / 2);
    if (delta > 1e12) return undefined;
    placement.swap(one, other);
    return delta;
  }
  if (to === a || to === b) return undefined;
  const delta = placement.chainDelta(one, other, to, ANY / 2);
  return delta <= 1e12 && placement.chain(one, other, to) ? delta : undefined;
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
