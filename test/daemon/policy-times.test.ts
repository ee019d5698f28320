import { describe, expect, test } from 'vitest';
import { PolicyTimes } from '../../src/daemon/policy-times.ts';
import type { LoadedPolicy } from '../../src/sdk/choose.ts';
import type { Policy } from '../../src/sdk/policy.ts';

/** A clock that moves only when work says so, and by a little whenever it is read. */
function stage(readingMs = 0) {
  let nowMs = 0;
  const work = (ms: number) => {
    nowMs += ms;
  };
  const now = () => {
    const at = nowMs;
    nowMs += readingMs;
    return at;
  };
  return { work, times: new PolicyTimes(now) };
}

function policyOf(traits: Partial<Policy>): LoadedPolicy {
  const policy = { id: 'green', about: '', options: {}, terms: {}, phase: 'improve', cost: {}, ...traits } as const;
  return { policy, version: 'v1', weight: 1, values: {} };
}

type HostCost = NonNullable<Policy['cost']['host']>;
const asked = ([loaded]: readonly LoadedPolicy[]) => loaded!.policy.cost.host as unknown as (host: string) => number;

describe('time of policies', () => {
  test.each([0, 0.001])('costs are told from a sample, reading the clock (%d ms) not counted', (readingMs) => {
    const { work, times } = stage(readingMs);
    const host = ((name: string) => {
      work(2);
      return name.length;
    }) as unknown as HostCost;
    const timed = times.over([policyOf({ cost: { host } })]);
    for (let i = 0; i < 2560; i++) expect(asked(timed)('four')).toBe(4);
    expect(times.take().get('green')).toBeCloseTo(2560 * 0.002, 6);
    expect([...times.take()]).toEqual([]);
  });

  test('what proposals are made of counts, what the core does with them does not', () => {
    const { work, times } = stage();
    function* proposals(): Generator<string, void, { ms: number }> {
      work(5);
      const { ms } = yield 'a move';
      work(ms);
    }
    const propose = proposals as unknown as NonNullable<Policy['propose']>;
    const [timed] = times.over([policyOf({ propose })]);
    const asked = timed!.policy.propose!({} as never, {});
    asked.next();
    work(1000);
    expect(asked.next({ ms: 7 } as never).done).toBe(true);
    expect(times.take().get('green')).toBeCloseTo(0.012, 9);
  });

  test('the same list gives the same list: nothing has changed for who compares them', () => {
    const { times } = stage();
    const policies = [policyOf({})];
    expect(times.over(policies)).toBe(times.over(policies));
    expect(times.over([...policies])).not.toBe(times.over(policies));
    expect(times.over(policies)[0]!.policy.cost).toEqual({});
  });
});
