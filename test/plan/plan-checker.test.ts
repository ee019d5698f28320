import { describe, expect, test } from 'vitest';
import type { Plan, Step } from '../../src/domain/plan.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { GIB } from '../../src/domain/units.ts';
import { aHost, anInventory, aVm } from '../kit/fleet.ts';
import { complaintsAbout, complaintsInAnyOrder } from '../kit/plan-checker.ts';
import { eachAccepted, move, power } from '../kit/verdicts.ts';
import { planned } from './random-plans.ts';

/** h1 and h2 are full, so that b has to leave before a can come; then h1 goes off. */
function sound() {
  const full = { capacity: { memoryBytes: 4 * GIB } };
  const inventory = anInventory({
    hosts: [aHost({ id: 'h1', ...full }), aHost({ id: 'h2', ...full }), aHost({ id: 'h3', ...full })],
    vms: [aVm({ id: 'a', host: 'h1' }), aVm({ id: 'b', host: 'h2' })],
    rules: [{ kind: 'anti-affinity', id: 'apart', vms: ['a', 'b'], level: 'host' }],
  });
  return planned(
    inventory,
    eachAccepted([move('a', 'h1', 'h2'), move('b', 'h2', 'h3'), power('h1', 'off')]),
    DEFAULT_LIMITS,
  );
}

const early = (step: Step): Step => ({ ...step, after: [], startsAtMs: 0, endsAtMs: step.endsAtMs - step.startsAtMs });

const spoilt: [string, (plan: Plan) => Plan, RegExp][] = [
  [
    'a dependency that is not kept',
    (plan) => ({ ...plan, steps: plan.steps.map((s) => ({ ...early(s), after: s.after })) }),
    /starts before/,
  ],
  ['room that is not there', (plan) => ({ ...plan, steps: plan.steps.map(early) }), /would hold/],
  ['a rule that is broken on the way', (plan) => ({ ...plan, steps: plan.steps.map(early) }), /against apart/],
  ['a limit that is broken', (plan) => ({ ...plan, steps: plan.steps.map(early) }), /migrations at h2, where 1/],
  ['a host that goes off under a VM', (plan) => ({ ...plan, steps: plan.steps.map(early) }), /switches h1 off under a/],
  ['a change that is forgotten', (plan) => ({ ...plan, steps: plan.steps.slice(0, -1) }), /host h1 .* wanted at off/],
  [
    'a change that is done and called impossible',
    (plan) => ({ ...plan, impossible: [{ ...plan.steps[0]!, because: 'x' }] }),
    /done in part/,
  ],
  ['a makespan that is not true', (plan) => ({ ...plan, makespanMs: 1 }), /a makespan of 1/],
  ['a bound that is none', (plan) => ({ ...plan, lowerBoundMs: 1e9 }), /the lower bound/],
  ['two steps of one name', (plan) => ({ ...plan, steps: plan.steps.map((s) => ({ ...s, id: 'x' })) }), /the same id/],
];

describe('the second judge of plans', () => {
  test('has nothing to say about a sound plan', () => {
    expect(complaintsAbout(sound())).toEqual([]);
    expect(complaintsInAnyOrder(sound(), () => 0)).toEqual([]);
  });

  test.each(spoilt)('sees %s', (_, spoil, complaint) => {
    const test = sound();
    expect(complaintsAbout({ ...test, plan: spoil(test.plan) })).toContainEqual(expect.stringMatching(complaint));
  });

  test('sees that a dependency is missing, although the times are right', () => {
    const test = sound();
    const steps = test.plan.steps.map((step) => ({ ...step, after: [] })).reverse();
    const complaints = complaintsInAnyOrder({ ...test, plan: { ...test.plan, steps } }, () => 0);
    expect(complaints).toContainEqual(expect.stringMatching(/would hold/));
  });
});
