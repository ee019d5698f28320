import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Executor } from '../../src/act/executor.ts';
import type { Hook } from '../../src/domain/hook.ts';
import { ENDED } from '../../src/domain/plan.ts';
import { HOUR, SECOND } from '../../src/domain/units.ts';
import type { PlanUnderTest } from '../kit/plan-checker.ts';
import { chance, randomPlan } from '../plan/random-plans.ts';
import { mortal } from './mortal.ts';
import { Stage } from './stage.ts';

const wishes = fc.record({
  hosts: fc.integer({ min: 4, max: 16 }),
  moves: fc.integer({ min: 5, max: 40 }),
  spareGib: fc.constantFrom(0, 8, 1000),
  withRules: fc.boolean(),
  withPower: fc.boolean(),
  inGroups: fc.boolean(),
});

/** Every migration takes something between half and one and a half of what the rest would make one expect. */
function stageFor({ inventory, limits }: PlanUnderTest, seed: number, hooks: readonly Hook[] = []): Stage {
  const stage = new Stage(inventory, limits, hooks);
  const below = chance(seed);
  for (const { id } of inventory.vms) stage.driver.secondsOf.set(id, 10 + below(21));
  return stage;
}

describe('whatever migrations really take', () => {
  test('every step is done, and no host is ever overfull, overloaded or switched off under a VM', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, fc.integer(), async (wish, seed) => {
        const drawn = randomPlan(wish, seed);
        const stage = stageFor(drawn, seed);
        const plan = stage.want([], drawn.decisions);
        await stage.clock.advance(6 * HOUR);
        expect(stage.driver.wrongs).toEqual([]);
        expect(stage.journal.recorded.map(({ outcome }) => outcome?.state)).toEqual(plan.steps.map(() => 'done'));
      }),
      { numRuns: 25 },
    );
  });
});

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** One life of a daemon; gives how many steps it still wanted when it was killed. */
async function live(stage: Stage, { decisions, limits }: PlanUnderTest, seconds: number): Promise<number> {
  const life = mortal(stage);
  const executor = new Executor({ ...life, log: SILENT, limits });
  await executor.reconcile();
  const { journal } = stage;
  const isIdle = () => executor.steps.every(({ state }) => ENDED.has(state)) && journal.unfinishedHooks().length === 0;
  let wanted = stage.replan(executor, decisions).steps.length;
  for (let passed = 0; passed < seconds && !(wanted === 0 && isIdle()); passed += 20) {
    await stage.clock.advance(Math.min(20, seconds - passed) * SECOND);
    executor.observe(stage.snapshot());
    if (isIdle()) wanted = stage.replan(executor, decisions).steps.length;
  }
  life.kill();
  return wanted;
}

const call = (program: string) => ({ kind: 'command' as const, command: [program] });

/** Around the migrations of every VM. */
const DRAIN: Hook = {
  ...{ id: 'web', vms: [], vmLabels: {}, timeoutSeconds: 30, onFailure: 'abort', tries: 3 },
  ...{ before: call('drain'), after: call('open') },
};

describe('a daemon that is killed at any instant', () => {
  const killedAfter = fc.array(fc.nat(300), { minLength: 1, maxLength: 6 });

  test('brings about in the end what can be, never orders anything twice, and ends what hooks have begun', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, fc.integer(), killedAfter, async (wish, seed, lives) => {
        const drawn = randomPlan(wish, seed);
        const stage = stageFor(drawn, seed, [DRAIN]);
        for (const seconds of lives) await live(stage, drawn, seconds);
        const unfinished = await live(stage, drawn, (6 * HOUR) / SECOND);
        expect(stage.driver.wrongs).toEqual([]);
        expect(unfinished).toBe(0);
        expect(stage.journal.unfinishedSteps()).toEqual([]);
        expect(stage.journal.unfinishedHooks()).toEqual([]);
        const last = new Map(stage.caller.calls.map((each) => [each.split(' ')[1], each.split(' ')[0]]));
        expect([...last].filter(([, program]) => program !== 'open')).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
