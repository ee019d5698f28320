import { beforeEach, expect, test } from 'vitest';
import { Confirmation } from '../../src/daemon/confirmation.ts';
import { PlanBook } from '../../src/daemon/plan-book.ts';
import type { Phase } from '../../src/domain/decision.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { MINUTE } from '../../src/domain/units.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { aHost, aSnapshot, aVm, many, NOON_MS } from '../kit/fleet.ts';
import { aDecision, move, theVerdicts } from '../kit/verdicts.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let version = 0;
let book: PlanBook;
let confirmation: Confirmation;

beforeEach(() => {
  version = 0;
  book = new PlanBook(10);
  confirmation = new Confirmation(book, {
    hands: { steps: [], isPaused: false, adopt: () => {}, withdraw: () => undefined },
    clock: new VirtualClock(NOON_MS),
    log: SILENT,
    planOf: (snapshot, { decisions }) =>
      makePlan({ snapshot, verdicts: { decisions }, limits: DEFAULT_LIMITS, atMs: snapshot.atMs }),
  });
});

/** A cycle that wants these VMs to leave h1 for h2; gives the id of the plan that waits after it. */
function cycle(minute: number, vms: readonly string[], { phase = 'improve' as Phase, gone = [] as string[] } = {}) {
  version += 1;
  const snapshot = aSnapshot({
    version,
    atMs: NOON_MS + minute * MINUTE,
    hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })],
    vms: many(3, (n) => aVm({ id: `vm${n}`, host: gone.includes(`vm${n}`) ? 'h2' : 'h1' })),
  });
  const decisions = vms.map((vm, n) => aDecision([move(vm, 'h1', 'h2')], { id: `d${version}-${n + 1}`, phase }));
  const verdicts = theVerdicts(decisions);
  confirmation.putUp(makePlan({ snapshot, verdicts, limits: DEFAULT_LIMITS, atMs: snapshot.atMs }), verdicts, snapshot);
  return book.waiting?.plan.id;
}

test('a plan stays up long enough to be read, although others would do as well', () => {
  expect(cycle(0, ['vm1'])).toBe('p1');
  expect([1, 2, 9].map((minute) => cycle(minute, ['vm2']))).toEqual(['p1', 'p1', 'p1']);
  expect(cycle(11, ['vm2'])).toBe('p5');
});

test.each([
  ['something has to be repaired', () => cycle(1, ['vm2'], { phase: 'repair' }), 'p2'],
  ['it has become impossible', () => cycle(1, ['vm2'], { gone: ['vm1'] }), 'p2'],
  ['there is nothing left to do', () => cycle(1, []), undefined],
])('it does not when %s', (_, later, id) => {
  cycle(0, ['vm1']);
  expect(later()).toBe(id);
});
