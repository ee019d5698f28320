import { describe, expect, test } from 'vitest';
import { Ledger, ledgerEntry } from '../../src/act/ledger.ts';
import type { MigrationMeasured, Step } from '../../src/domain/plan.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { MINUTE, SECOND } from '../../src/domain/units.ts';
import { aHost, anInventory, aVm, many } from '../kit/fleet.ts';
import { aDecision, move } from '../kit/verdicts.ts';
import { oneVmEach, Stage } from './stage.ts';

describe('nothing starves', () => {
  /** One migration at a time; new repairs turn up faster than they can be made. */
  async function besieged(ageingMinutes: number): Promise<string> {
    const vms = many(60, (n) => aVm({ id: `vm${n}`, host: n === 1 ? 'h1' : 'h2' }));
    const hosts = many(3, (n) => aHost({ id: `h${n}`, capacity: { memoryBytes: 2 ** 40 } }));
    const stage = new Stage(anInventory({ hosts, vms }), { ...DEFAULT_LIMITS, migrationsPerCluster: 1, ageingMinutes });
    const modest = aDecision([move('vm1', 'h1', 'h3')], { id: 'modest', phase: 'improve' });
    for (let n = 2; n <= 58; n++) {
      const left = many(n, (v) => `vm${v + 1}`).filter((vm) => stage.driver.place.get(vm) === 'h2');
      const urgent = left.map((vm) => aDecision([move(vm, 'h2', 'h3')], { id: vm, phase: 'repair' }));
      stage.want([], stage.driver.place.get('vm1') === 'h1' ? [modest, ...urgent] : urgent);
      await stage.clock.advance(9 * SECOND);
    }
    return stage.driver.place.get('vm1')!;
  }

  test('what has waited for long goes before what is more urgent', async () => {
    expect(await besieged(1)).toBe('h3');
  });

  test('unless nothing ages', async () => {
    expect(await besieged(0)).toBe('h1');
  });
});

describe('what somebody has cancelled', () => {
  const rows: [string, 'improve' | 'repair', RegExp][] = [
    ['is left alone for a while', 'improve', /^queued: waits for vm1: somebody cancelled its migration to h2, tried/],
    ['is done nevertheless where a rule or a person wants it', 'repair', /^preparing$/],
  ];
  test.each(rows)('%s', async (_, phase, standing) => {
    const stage = new Stage(oneVmEach(2));
    const wanted = [aDecision([move('vm1', 'h1', 'h2')], { phase })];
    const plan = stage.want([], wanted);
    await stage.clock.advance(3 * SECOND);
    expect(stage.executor.cancel(plan.steps[0]!.id)).toBeUndefined();
    await stage.clock.advance(SECOND);
    stage.want([], wanted);
    expect(stage.standing('vm1')).toMatch(standing);
  });
});

describe('a VM that only has to leave its host', () => {
  const drained = (others: number) =>
    anInventory({
      hosts: many(2 + others, (n) => aHost({ id: `h${n}`, maintenance: n === 1 })),
      vms: [aVm({ id: 'vm1', host: 'h1' })],
    });

  test.each([
    [1, 'h3'],
    [0, 'h2'],
  ])('is tried elsewhere when its target fails, with %i others', async (others, place) => {
    const stage = new Stage(drained(others));
    stage.driver.courses.set('vm1', ['fails', 'well']);
    stage.want([], [aDecision([move('vm1', 'h1', 'h2')], { phase: 'repair' })]);
    await stage.clock.advance(3 * MINUTE);
    expect(stage.driver.place.get('vm1')).toBe(place);
    expect(stage.driver.wrongs).toEqual([]);
  });
});

test('a VM that is wanted on one host is tried there again, and nowhere else', async () => {
  const hosts = many(3, (n) => aHost({ id: `h${n}` }));
  const stage = new Stage(anInventory({ hosts, vms: [aVm({ id: 'vm1', host: 'h1' })] }));
  stage.driver.courses.set('vm1', ['fails', 'well']);
  stage.want([], [aDecision([move('vm1', 'h1', 'h2')], { phase: 'repair', policy: 'operator' })]);
  await stage.clock.advance(3 * MINUTE);
  expect(stage.driver.place.get('vm1')).toBe('h2');
});

describe('a plan that no longer fits', () => {
  test('is told when a step fails for good, and when the world got there first', async () => {
    const stage = new Stage(oneVmEach(3));
    const drifts: string[] = [];
    stage.executor.drifts.subscribe((reason) => drifts.push(reason));
    stage.driver.courses.set('vm1', ['fails']);
    stage.want([move('vm1', 'h1', 'h2'), move('vm3', 'h3', 'h2')]);
    stage.driver.place.set('vm3', 'h2');
    stage.executor.observe(stage.snapshot());
    await stage.clock.advance(10 * MINUTE);
    expect(drifts.some((reason) => reason === 'vm1: h1 → h2 failed')).toBe(true);
  });
});

describe('what migrations teach', () => {
  const estimate = { seconds: 10, bytes: 100, rounds: 1, blackoutMs: 50, converges: true };
  const step = (from: string, modelled = {}) => ({
    ...{ id: 's', decision: 'd', phase: 'improve' as const, after: [], startsAtMs: 0, endsAtMs: 0 },
    change: move('vm', from, 'h2'),
    migration: { ...estimate, ...modelled },
  });

  const record = (ledger: Ledger, of: Step, took: MigrationMeasured, wasAlone = true) =>
    ledger.add(ledgerEntry(of, took, wasAlone, 0)!);

  test('corrects what is expected, the more the more was measured', () => {
    const factors = [1, 5, 50].map((count) => {
      const ledger = new Ledger();
      for (let n = 0; n < count; n++) record(ledger, step('h1'), { seconds: 20, bytes: 100, blackoutMs: 50 });
      return ledger.measured.secondsFactor;
    });
    expect(factors[0]).toBeGreaterThan(1);
    expect(factors).toEqual(factors.toSorted((a, b) => a - b));
    expect(factors[2]).toBeCloseTo(2, 0);
  });

  test('is measured against the model, so that a correction does not feed on itself', () => {
    const ledger = new Ledger();
    const modelled = { seconds: 20, modelled: { seconds: 10, bytes: 100, blackoutMs: 50 } };
    for (let n = 0; n < 200; n++) {
      record(ledger, step('h1', modelled), { seconds: 20, bytes: 100, blackoutMs: 50 });
    }
    expect(ledger.measured.secondsFactor).toBeCloseTo(2, 0);
  });

  test('tells how much one stream carries only from migrations that were alone', () => {
    const ledger = new Ledger();
    record(ledger, step('h1'), { seconds: 10, bytes: 100, blackoutMs: 50 }, false);
    record(ledger, step('h3'), { seconds: 10, bytes: 300, blackoutMs: 50 });
    expect([...ledger.measured.streamBytesPerS]).toEqual([
      ['h3', 30],
      ['h2', 30],
    ]);
  });
});
