import { describe, expect, test } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import { isAccepted } from '../../src/domain/decision.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_LIMITS, DEFAULT_PRICES, DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import type { Rule } from '../../src/domain/rule.ts';
import { GIB } from '../../src/domain/units.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { aHost, anInventory, aVm, many, NOON_MS } from '../kit/fleet.ts';

const FULL = 32 * GIB;
const full = (id: string) => aHost({ id, capacity: { memoryBytes: FULL } });
const filling = (id: string, host: string) => aVm({ id, host, demand: { memoryBytes: FULL } });
const belongs = (vm: string, host: string): Rule => ({
  ...{ kind: 'run-on', id: `${vm} on ${host}`, vms: [vm], vmLabels: {}, hosts: [host], hostLabels: {}, at: 'end' },
});

/** Hosts h1 …, of which so many are filled by a VM each that belongs on the next of them. */
function ring(size: number, hosts: number) {
  const vms = many(size, (n) => filling(`vm${n}`, `h${n}`));
  const rules = many(size, (n) => belongs(`vm${n}`, `h${(n % size) + 1}`));
  const snapshot = toSnapshot(anInventory({ hosts: many(hosts, (n) => full(`h${n}`)), vms, rules }));
  const profile = { ...DEFAULT_PROFILE, policies: {} };
  const verdicts = decide({
    ...{ snapshot, policies: [], profile, prices: DEFAULT_PRICES, limits: DEFAULT_LIMITS, power: false },
  });
  return { verdicts, plan: makePlan({ snapshot, verdicts, limits: DEFAULT_LIMITS, atMs: NOON_MS }) };
}

describe('VMs that rules want in each other’s places', () => {
  test.each([
    ['a swap', 2, 3],
    ['a ring of five', 5, 6],
  ])('%s: go round as one decision, by way of a host with room', (_what, size, hosts) => {
    const { verdicts, plan } = ring(size, hosts);
    expect(verdicts.decisions.filter(isAccepted).map(({ changes }) => changes.length)).toEqual([size]);
    expect(verdicts.unrepaired).toEqual([]);
    expect(plan.impossible).toEqual([]);
    expect(plan.steps).toHaveLength(size + 1);
  });

  test('where no host has room, it is told why', () => {
    const { plan } = ring(2, 2);
    expect(plan.steps).toEqual([]);
    expect(plan.impossible[0]?.because).toContain('no third host has room and permission for any of them');
  });

  test('none goes where a rule forbids it: more than eight do not go round', () => {
    expect(ring(9, 10).verdicts.decisions.filter(isAccepted)).toEqual([]);
  });
});
