import { describe, expect, it } from 'vitest';
import { Chance } from '../../../src/decide/deep/chance.ts';
import { compile } from '../../../src/decide/deep/compile.ts';
import { Placement } from '../../../src/decide/deep/placement.ts';
import { type DeepSettings, deepSearch } from '../../../src/decide/deep/search.ts';
import { evaluate } from '../../bench/roadef/evaluate.ts';
import { stateOf } from '../../bench/roadef/state.ts';
import { many } from '../../kit/fleet.ts';
import { randomInstance } from './instances.ts';

const looking = (most: number) => {
  let looks = 0;
  return () => looks++ / most;
};

describe('what a change would make', () => {
  it.each(many(20, (n) => n))('is what it makes, with room lacking or held at home (%i)', (seed) => {
    const { model } = compile(stateOf(randomInstance(seed)));
    const placement = new Placement(model, model.home);
    placement.loads.lackPrice.fill(3);
    placement.loads.lackStep.fill(2);
    for (let host = 0; host < model.hosts; host++) placement.recount(host);
    const chance = new Chance(seed);
    const worth = () => placement.cost - sum(placement.hostCost) + sum(placement.hostPrice);
    for (let n = 0; n < 200; n++) {
      const [item, to] = [chance.below(model.items), chance.below(model.hosts)];
      if (to === placement.hostOf[item]) continue;
      const delta = placement.moveDelta(item, to, Number.MAX_VALUE);
      const before = worth();
      placement.move(item, to);
      expect(worth() - before).toBeCloseTo(delta, 4);
    }
    expect(placement.lacking).toBeGreaterThan(0);
  });
});

describe('a search that does not find room for everyone in time', () => {
  // A strict part that begins at the end of the budget leaves it without any until it is warm again, or begins anew.
  it.each<[string, Partial<DeepSettings>]>([
    ['gets warm again', { strictFrom: 0.99, warmAgainFrom: 0.4 }],
    ['begins anew', { strictFrom: 0.99, warmAgainFrom: 1, safeFrom: 0.5 }],
  ])('%s, and keeps all rules', (_, settings) => {
    const instance = randomInstance(5);
    const { model } = compile(stateOf(instance));
    const { hostOf, cost } = deepSearch({ model, start: model.home, seed: 1, spent: looking(80), settings });
    const evaluation = evaluate(instance, hostOf);
    expect(evaluation.violations).toEqual([]);
    expect(cost).toBeCloseTo(evaluation.cost, 3);
    expect(cost).toBeLessThan(evaluate(instance, instance.initial).cost);
  });

  it('goes on from what another one has found', () => {
    const { model } = compile(stateOf(randomInstance(5)));
    const other = deepSearch({ model, start: model.home, seed: 1, spent: looking(60) });
    const board = { post: () => undefined, better: (cost: number) => (other.cost < cost ? other : undefined) };
    const task = { model, start: model.home, seed: 2, settings: { safeFrom: 0 }, board };
    expect(deepSearch({ ...task, spent: looking(30) }).cost).toBeLessThanOrEqual(other.cost);
  });
});

const sum = (column: Float64Array): number => column.reduce((total, each) => total + each, 0);
