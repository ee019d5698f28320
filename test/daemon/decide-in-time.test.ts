import { describe, expect, it } from 'vitest';
import { TOO_LATE, withDeadline } from '../../src/daemon/deadline.ts';
import { decideInTime } from '../../src/daemon/decide-in-time.ts';
import type { LoadedPolicy } from '../../src/sdk/choose.ts';
import { definePolicy } from '../../src/sdk/index.ts';
import type { Policy } from '../../src/sdk/policy.ts';
import { acceptedWords, decideInput, STOCK_POLICIES } from '../kit/deciding.ts';
import { aHost, aSnapshot, aVm, many } from '../kit/fleet.ts';

const SHORT_MS = 250;
/** For work that ends: however slow the machine is, it ends before this. */
const LONG_MS = 60_000;

describe('a deadline', () => {
  it.each([
    [
      'loops',
      () => {
        for (;;);
      },
    ],
    [
      'loops and catches what it can',
      () => {
        for (;;) {
          try {
            for (;;);
          } catch {
            /* goes on */
          } finally {
            /* goes on */
          }
        }
      },
    ],
    ['searches text without end', () => /^(a+)+$/.test(`${'a'.repeat(40)}b`)],
  ])('ends work that %s', (_, work) => {
    expect(withDeadline(SHORT_MS, work)).toBe(TOO_LATE);
  });

  it('hands on what the work gives, and what it throws', () => {
    expect(withDeadline(LONG_MS, () => 42)).toBe(42);
    expect(() =>
      withDeadline(LONG_MS, () => {
        throw new RangeError('no');
      }),
    ).toThrow(new RangeError('no'));
  });

  it('may stand within another', () => {
    expect(withDeadline(LONG_MS, () => [withDeadline(LONG_MS, () => 1), withDeadline(LONG_MS, () => 2)])).toEqual([
      1, 2,
    ]);
  });
});

const atWork = (id: string, parts: Partial<Policy>): LoadedPolicy => {
  const plain = definePolicy({ id, about: '', phase: 'improve', options: {}, terms: {}, cost: {} });
  return { policy: { ...plain, ...parts }, version: 'v1', weight: 1, values: {} };
};

const looping = (): never => {
  for (;;);
};

const hot = aSnapshot({
  hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })],
  vms: many(3, (n) => aVm({ id: `v${n}`, demand: { cpuMhz: 30_000 } })),
});

describe('deciding in time', () => {
  it.each<[string, Partial<Policy>]>([
    ['its host term', { cost: { host: looping } }],
    ['what it proposes', { propose: looping }],
  ])('leaves out a policy that loops in %s, tells of it, and goes on with the others', (_, parts) => {
    const told: string[] = [];
    const input = decideInput(hot, { policies: [...STOCK_POLICIES, atWork('endless', parts)] });
    const { verdicts } = decideInTime(input, undefined, SHORT_MS, (policy) => told.push(policy));
    expect(told).toEqual(['endless']);
    expect(verdicts.skipped).toEqual([{ policy: 'endless', because: 'it did not come to an end within 250 ms' }]);
    expect(acceptedWords(verdicts)).toEqual(['v1: h1 → h2']);
  });

  it('leaves out each of several', () => {
    const told: string[] = [];
    const policies = ['a', 'b'].map((id) => atWork(id, { cost: { host: looping } }));
    decideInTime(decideInput(hot, { policies }), undefined, SHORT_MS, (policy) => told.push(policy));
    expect(told.sort()).toEqual(['a', 'b']);
  });

  it('watches proposals without changing them', () => {
    const verdictsHeard: unknown[] = [];
    let isFirst = true;
    const policy = atWork('slow-once', {
      *propose() {
        if (isFirst) {
          isFirst = false;
          looping();
        }
        verdictsHeard.push(yield { wishes: [{ kind: 'move', vm: 0, to: 0 }], because: 'as it is' });
      },
    });
    const { verdicts } = decideInTime(decideInput(hot, { policies: [policy] }), undefined, SHORT_MS, () => undefined);
    expect(verdicts.skipped).toEqual([]);
    expect(verdictsHeard).toEqual([expect.objectContaining({ accepted: false })]);
  });
});
