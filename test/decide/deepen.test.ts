import { describe, expect, it } from 'vitest';
import { decide, decideDeep, worthOf } from '../../src/decide/decide.ts';
import { isAccepted, type Verdicts } from '../../src/domain/decision.ts';
import { toInventory, toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { GENERATE_DEFAULTS, generateInventory } from '../../src/simulator/generate.ts';
import { afterwards } from '../kit/afterwards.ts';
import { decideInput } from '../kit/deciding.ts';
import { many, NOON_MS } from '../kit/fleet.ts';
import { complaintsAbout } from '../kit/plan-checker.ts';
import { randomSnapshot } from '../kit/random-snapshot.ts';
import { brokenRules } from '../kit/rule-checker.ts';

const LOOKS = 6;
const deeply = () => {
  let looks = 0;
  return { seed: 1, spent: () => looks++ / LOOKS };
};

const cases = many(6, (seed) => {
  const snapshot = randomSnapshot(seed);
  const input = decideInput(snapshot);
  return { seed, snapshot, input, plain: decide(input), deep: decideDeep(input, deeply()) };
});

describe('deciding with a budget', () => {
  it.each(cases)('is never worse than without, keeps all rules and can be carried out ($seed)', (row) => {
    const { snapshot, input, plain, deep } = row;
    expect(worthOf(deep, input)).toBeGreaterThanOrEqual(worthOf(plain, input));
    expect(deep.skipped).toEqual([]);
    const broken = (verdicts: Verdicts) => brokenRules(toInventory(afterwards(snapshot, verdicts))).length;
    expect(broken(deep)).toBeLessThanOrEqual(broken(plain));
    const inventory = toInventory(snapshot);
    const plan = makePlan({ snapshot, verdicts: deep, limits: DEFAULT_LIMITS, atMs: NOON_MS });
    const decisions = deep.decisions.filter(isAccepted);
    expect(complaintsAbout({ plan, inventory, limits: DEFAULT_LIMITS, decisions })).toEqual([]);
  });

  it('finds what the ordinary search misses in fleets that are not small, now and then', () => {
    const gains = many(8, (seed) => {
      const inventory = generateInventory({ ...GENERATE_DEFAULTS, hosts: 40, vms: 200, skew: 0.2 }, seed);
      if ('because' in inventory) throw new Error(inventory.because);
      const input = decideInput(toSnapshot(inventory));
      return worthOf(decideDeep(input, deeply()), input) - worthOf(decide(input), input);
    });
    expect(Math.max(...gains)).toBeGreaterThan(0);
  });

  it('says the same for the same seed', () => {
    const { input, deep } = cases[2]!;
    expect(decideDeep(input, deeply())).toEqual(deep);
  });
});
