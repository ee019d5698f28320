import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Executor } from '../../src/act/executor.ts';
import { ENDED } from '../../src/domain/plan.ts';
import { HOUR, SECOND } from '../../src/domain/units.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Driver } from '../../src/ports/driver.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { PlanUnderTest } from '../kit/plan-checker.ts';
import { chance, randomPlan } from '../plan/random-plans.ts';
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
function stageFor({ inventory, limits }: PlanUnderTest, seed: number): Stage {
  const stage = new Stage(inventory, limits);
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

/** Everything through which an executor touches the world; once cut, it is as dead as a killed process. */
function mortal({ clock, driver, journal }: Stage) {
  let isDead = false;
  const never = new Promise<never>(() => {});
  const life: { clock: Clock; driver: Driver; journal: Journal; kill: () => void } = {
    kill: () => {
      isDead = true;
    },
    clock: { nowMs: () => clock.nowMs(), after: (ms, call) => clock.after(ms, () => (isDead ? undefined : call())) },
    driver: Object.assign(Object.create(driver), {
      inventory: () => driver.inventory().then((inventory) => (isDead ? never : inventory)),
      migrate: (...[order, progressed]: Parameters<Driver['migrate']>) => {
        const migration = driver.migrate(order, (state, progress) =>
          isDead ? undefined : progressed(state, progress),
        );
        return { ...migration, ended: migration.ended.then((end) => (isDead ? never : end)) };
      },
      switchOn: (host: string) => driver.switchOn(host).then((end) => (isDead ? never : end)),
      switchOff: (host: string) => driver.switchOff(host).then((end) => (isDead ? never : end)),
    }),
    journal,
  };
  return life;
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** One life of a daemon; gives how many steps it still wanted when it was killed. */
async function live(stage: Stage, { decisions, limits }: PlanUnderTest, seconds: number): Promise<number> {
  const life = mortal(stage);
  const executor = new Executor({ ...life, log: SILENT, limits });
  await executor.reconcile();
  const isIdle = () => executor.steps.every(({ state }) => ENDED.has(state));
  let wanted = stage.replan(executor, decisions).steps.length;
  for (let passed = 0; passed < seconds && !(wanted === 0 && isIdle()); passed += 20) {
    await stage.clock.advance(Math.min(20, seconds - passed) * SECOND);
    executor.observe(stage.snapshot());
    if (isIdle()) wanted = stage.replan(executor, decisions).steps.length;
  }
  life.kill();
  return wanted;
}

describe('a daemon that is killed at any instant', () => {
  const killedAfter = fc.array(fc.nat(300), { minLength: 1, maxLength: 6 });

  test('brings about in the end what can be, and never orders anything twice', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, fc.integer(), killedAfter, async (wish, seed, lives) => {
        const drawn = randomPlan(wish, seed);
        const stage = stageFor(drawn, seed);
        for (const seconds of lives) await live(stage, drawn, seconds);
        const unfinished = await live(stage, drawn, (6 * HOUR) / SECOND);
        expect(stage.driver.wrongs).toEqual([]);
        expect(unfinished).toBe(0);
        expect(stage.journal.unfinishedSteps()).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
