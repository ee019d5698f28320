import { beforeEach, describe, expect, test } from 'vitest';
import { ControlCycle, type CycleParts } from '../../src/daemon/control-cycle.ts';
import type { Course } from '../../src/daemon/course.ts';
import type { Plan, StepState, StepStatus } from '../../src/domain/plan.ts';
import { DEFAULT_LIMITS, DEFAULT_PRICES, DEFAULT_PROFILE, type Mode } from '../../src/domain/profile.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { HOUR, MINUTE } from '../../src/domain/units.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { definePolicy } from '../../src/sdk/index.ts';
import { JournalUnwritable } from '../../src/store/journal-trouble.ts';
import { aHost, aSnapshot, aVm, many, NOON_MS } from '../kit/fleet.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';

/** The more unevenly CPU is used, the more it costs. */
const evenness = definePolicy({
  id: 'evenness',
  about: 'Spreads CPU, for the tests of the cycle.',
  options: {},
  terms: { host: 'unevenness' },
  phase: 'improve',
  cost: { host: (host) => 100 * host.cpu.share ** 2 },
});

const PROFILE = { ...DEFAULT_PROFILE, policies: { evenness: { weight: 1, options: {} } } };

/** Four busy VMs, all on the first of two hosts unless some have moved. */
function fleet(
  parts: { readonly onSecond?: number; readonly atMs?: number; readonly version?: number } = {},
): Snapshot {
  const { onSecond = 0, atMs = NOON_MS, version = 1 } = parts;
  const vms = many(4, (n) => aVm({ id: `vm${n}`, host: n > onSecond ? 'h1' : 'h2', demand: { cpuMhz: 15_000 } }));
  return aSnapshot({ atMs, version, hosts: many(2, (n) => aHost({ id: `h${n}` })), vms });
}

interface Rig {
  readonly cycle: ControlCycle;
  readonly adopted: Plan[];
  readonly told: string[];
  readonly recorded: { verdicts: number; plans: number };
  readonly clock: VirtualClock;
  steps: StepStatus[];
  isPaused: boolean;
  course: Course;
  policies: CycleParts['policies'];
}

let rig: Rig;

function course(mode: Mode): Course {
  return { mode, power: false, profile: PROFILE, prices: DEFAULT_PRICES, limits: DEFAULT_LIMITS, decideSeconds: 10 };
}

function makeRig(): Rig {
  const adopted: Plan[] = [];
  const told: string[] = [];
  const recorded = { verdicts: 0, plans: 0 };
  const clock = new VirtualClock(NOON_MS);
  const tell = (sentence: string) => void told.push(sentence);
  const cycle = new ControlCycle({
    hands: {
      get steps() {
        return rig.steps;
      },
      get isPaused() {
        return rig.isPaused;
      },
      adopt: (plan) => void adopted.push(plan),
      withdraw: () => undefined,
    },
    journal: {
      recordVerdicts: () => void recorded.verdicts++,
      recordPlan: () => void recorded.plans++,
    },
    archive: { keep: () => undefined },
    orders: { due: () => [], judged: () => undefined, isOrdered: () => false },
    planOf: (snapshot, verdicts) => makePlan({ snapshot, verdicts, limits: DEFAULT_LIMITS, atMs: clock.nowMs() }),
    clock,
    log: { debug: tell, info: tell, warn: tell, error: tell },
    telemetry: { cycleEnded: () => undefined, cycleFailed: () => tell('counted as failed') },
    observeSeconds: () => 0,
    policies: () => rig.policies(),
    suspend: () => undefined,
    course: () => rig.course,
    leaveInPeace: () => undefined,
  });
  const policies = () => [{ policy: evenness, version: 'v1', weight: 1, values: {} }];
  return { cycle, adopted, told, recorded, clock, steps: [], isPaused: false, course: course('auto'), policies };
}

beforeEach(() => {
  rig = makeRig();
});

const planStates = () => rig.cycle.plans.newestFirst.map((entry) => entry.state);

describe('by mode', () => {
  test.each<[Mode, number, string[], number]>([
    ['observe', 0, [], 0],
    ['recommend', 0, ['recommended'], 1],
    ['confirm', 0, ['waiting for confirmation'], 1],
    ['auto', 1, ['under way'], 1],
  ])('%s adopts %i plans', (mode, adopted, states, verdicts) => {
    rig.course = course(mode);
    rig.cycle.run(fleet());
    expect(rig.adopted).toHaveLength(adopted);
    expect(planStates()).toEqual(states);
    expect(rig.cycle.verdicts.newestFirst).toHaveLength(verdicts);
    expect(rig.recorded).toEqual({ verdicts, plans: verdicts });
  });

  test('auto says each decision and its reason', () => {
    rig.cycle.run(fleet());
    expect(rig.told.filter((line) => /^vm\d: h1 → h2: ./.test(line))).toHaveLength(2);
  });

  test('when there is nothing to do it says so and leaves the journal alone', () => {
    rig.cycle.run(fleet({ onSecond: 2 }));
    expect(rig.told.some((line) => line.startsWith('nothing to do'))).toBe(true);
    expect(rig.recorded.plans).toBe(0);
    expect(planStates()).toEqual([]);
  });
});

describe('confirm', () => {
  beforeEach(() => {
    rig.course = course('confirm');
    rig.cycle.run(fleet());
  });

  const waitingId = () => rig.cycle.plans.waiting?.plan.id ?? 'none';

  test('carries out the plan that waits, once', () => {
    const id = waitingId();
    expect(rig.cycle.confirmation.confirm(id, fleet())).toBeUndefined();
    expect(rig.adopted.map((plan) => [plan.id, plan.steps.length])).toEqual([[id, 2]]);
    expect(planStates()).toEqual(['under way']);
    expect(rig.cycle.confirmation.confirm(id, fleet())).toContain(`no plan ${id} waits for confirmation`);
  });

  test('carries out one decision of it, whatever that is called by now', () => {
    const id = waitingId();
    const [first] = rig.cycle.plans.waiting!.plan.steps;
    rig.cycle.run(fleet({ version: 2, atMs: NOON_MS + MINUTE }));
    expect(rig.cycle.confirmation.refusal(id, fleet(), ['d9-9'])).toBe(`plan ${id} has no steps for a decision d9-9`);
    expect(rig.cycle.confirmation.confirm(id, fleet(), [first!.decision])).toBeUndefined();
    expect(rig.adopted.map((plan) => [plan.id, plan.steps.map(({ change }) => change)])).toEqual([
      [id, [first!.change]],
    ]);
    expect(planStates()).toEqual(['under way']);
  });

  test('the same changes again keep the plan that waits and its id', () => {
    const id = waitingId();
    rig.cycle.run(fleet({ version: 2, atMs: NOON_MS + MINUTE }));
    expect(waitingId()).toBe(id);
    expect(planStates()).toEqual(['waiting for confirmation']);
  });

  test('a plan is refused when the snapshot is old', async () => {
    await rig.clock.advance(HOUR);
    expect(rig.cycle.confirmation.confirm(waitingId(), fleet())).toContain('there is no snapshot from the last 5 min');
    expect(rig.adopted).toEqual([]);
  });

  test('a plan is refused when a VM has left meanwhile', () => {
    expect(rig.cycle.confirmation.confirm(waitingId(), fleet({ onSecond: 4 }))).toContain('is no longer good');
    expect(rig.adopted).toEqual([]);
  });

  test('an unknown plan is refused with the one that waits', () => {
    expect(rig.cycle.confirmation.confirm('p-nonsense', fleet())).toContain(`plan ${waitingId()} does`);
  });

  test('a rejected plan is not put up again while nothing changes', () => {
    expect(rig.cycle.confirmation.reject(waitingId())).toBeUndefined();
    rig.cycle.run(fleet({ version: 2 }));
    expect(planStates()).toEqual(['rejected']);
    rig.cycle.run(fleet({ version: 3, onSecond: 1 }));
    expect(planStates()).toEqual(['waiting for confirmation', 'rejected']);
  });

  test('no plan is put up while a confirmed one is under way', () => {
    rig.cycle.confirmation.confirm(waitingId(), fleet());
    rig.cycle.run(fleet({ version: 2, onSecond: 1 }));
    expect(planStates()).toEqual(['under way']);
  });
});

describe('a confirmed plan', () => {
  /** What states its steps are in, and for how long it is looked at. */
  async function stateAfter(minutes: number, states: readonly StepState[], isPaused = false): Promise<string[]> {
    rig.course = course('confirm');
    rig.cycle.run(fleet());
    rig.cycle.confirmation.confirm(rig.cycle.plans.waiting?.plan.id ?? 'none', fleet());
    const plan = rig.adopted[0]!;
    rig.isPaused = isPaused;
    rig.steps = plan.steps.map((step, n) => ({
      ...{ step, plan: plan.id, state: states[n]!, because: 'waits for h2' },
      ...{ startedAtMs: null, endedAtMs: null, progress: null },
    }));
    for (let n = 1; n <= minutes; n++) {
      await rig.clock.advance(MINUTE);
      rig.cycle.run(fleet({ version: n + 1, atMs: rig.clock.nowMs() }));
    }
    return planStates();
  }

  test('of which nothing can begin for long is given up, and a new one is put up', async () => {
    expect(await stateAfter(47, ['done', 'queued'])).toEqual(['waiting for confirmation', 'ended']);
    expect(rig.adopted.at(-1)).toMatchObject({ steps: [] });
    expect(rig.told.some((line) => line.includes('is given up: nothing of it could begin for 45 min'))).toBe(true);
  });

  test.each<[string, number, readonly StepState[], boolean]>([
    ['waits a while', 40, ['queued', 'queued'], false],
    ['goes on with one step', 60, ['copying', 'queued'], false],
    ['is paused', 60, ['queued', 'queued'], true],
  ])('that %s stays', async (_, minutes, states, isPaused) => {
    expect(await stateAfter(minutes, states, isPaused)).toEqual(['under way']);
  });
});

describe('trouble', () => {
  test('what throws around a cycle is told and counted too, and goes no further', () => {
    const rig = makeRig();
    rig.cycle.attempt(() => {
      throw new Error('the disk is full');
    });
    expect(rig.told).toEqual(['a control cycle failed and was given up: the disk is full', 'counted as failed']);
    expect(rig.cycle.failure).toBe('the disk is full');
  });

  test('a cycle that throws is told and counted, and the next one works', () => {
    const { policies } = rig;
    rig.policies = () => {
      throw new Error('the folder burnt down');
    };
    rig.cycle.run(fleet());
    expect(rig.cycle.failure).toBe('the folder burnt down');
    expect(rig.told).toEqual(['a control cycle failed and was given up: the folder burnt down', 'counted as failed']);
    rig.policies = policies;
    rig.cycle.run(fleet({ version: 2 }));
    expect(rig.cycle.failure).toBe('');
    expect(rig.adopted).toHaveLength(1);
    expect(rig.cycle.cycles).toBe(2);
    expect(rig.told).toContain('control cycles succeed again');
  });

  test('what makes every cycle fail is told once, and counted each time', () => {
    rig.policies = () => {
      throw new JournalUnwritable('journal.db', { errcode: 13 });
    };
    for (const version of [1, 2, 3]) rig.cycle.run(fleet({ version }));
    const words = 'The journal journal.db cannot be written: the disk is full; make room on it.';
    expect(rig.told).toEqual([
      `a control cycle failed and was given up: ${words}`,
      ...many(3, () => 'counted as failed'),
    ]);
  });

  test('a snapshot that comes in the middle of a cycle starts no second one', () => {
    const { policies } = rig;
    rig.policies = () => {
      rig.cycle.run(fleet({ version: 2 }));
      return policies();
    };
    rig.cycle.run(fleet());
    expect(rig.cycle.cycles).toBe(1);
    expect(rig.cycle.verdicts.newestFirst.map((verdicts) => verdicts.snapshotVersion)).toEqual([1]);
  });
});
