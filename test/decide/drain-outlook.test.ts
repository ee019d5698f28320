import { describe, expect, it } from 'vitest';
import { drainOutlook, type PlanOf } from '../../src/decide/drain-outlook.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { GIB } from '../../src/domain/units.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { decideInput } from '../kit/deciding.ts';
import { aHost, anInventory, aVm, many, NOON_MS } from '../kit/fleet.ts';

const planOf: PlanOf = (snapshot, verdicts) => makePlan({ snapshot, verdicts, limits: DEFAULT_LIMITS, atMs: NOON_MS });

const outlook = (fleet: Partial<Inventory>, hosts: readonly string[], parts: Parameters<typeof decideInput>[1] = {}) =>
  drainOutlook(decideInput(toSnapshot(anInventory(fleet)), { power: false, ...parts }), hosts, planOf);

const hosts = many(3, (n) => aHost({ id: `h${n}` }));

describe('the outlook of a drain', () => {
  it('says where everybody goes, and how long that takes', () => {
    const vms = many(4, (n) => aVm({ id: `v${n}`, host: 'h1', demand: { memoryBytes: 8 * GIB } }));
    const { isFeasible, moves, stuck, makespanMs } = outlook({ hosts, vms }, ['h1']);
    expect(isFeasible).toBe(true);
    expect(moves.map(({ vm, from }) => `${vm} leaves ${from}`).sort()).toEqual(many(4, (n) => `v${n} leaves h1`));
    for (const { to } of moves) expect(['h2', 'h3']).toContain(to);
    expect(stuck).toEqual([]);
    // One migration at a time leaves a host: four copies of 8 GiB over 10 Gbit/s, one after the other.
    expect(makespanMs).toBeGreaterThan(((4 * 8 * GIB) / 1.25e9) * 1_000);
  });

  it('names who is stuck, and why', () => {
    const small = many(2, (n) => aHost({ id: `h${n}`, capacity: { memoryBytes: 16 * GIB } }));
    const vms = [
      aVm({ id: 'fits', host: 'h1', demand: { memoryBytes: 4 * GIB } }),
      aVm({ id: 'large', host: 'h1', demand: { memoryBytes: 13 * GIB } }),
      aVm({ id: 'nailed', host: 'h1', migratable: false, demand: { memoryBytes: 1 } }),
    ];
    const { isFeasible, moves, stuck } = outlook({ hosts: small, vms }, ['h1']);
    expect(isFeasible).toBe(false);
    expect(moves).toMatchObject([{ vm: 'fits', from: 'h1', to: 'h2' }]);
    expect([...stuck].sort((a, b) => (a.vm < b.vm ? -1 : 1))).toMatchObject([
      { vm: 'large', host: 'h1', refusal: { rule: 'capacity', because: expect.stringContaining('h2 would be at') } },
      { vm: 'nailed', host: 'h1', refusal: { rule: 'migratable' } },
    ]);
  });

  it('empties several hosts at once, and none of them into another', () => {
    const vms = ['h1', 'h2'].map((host) => aVm({ id: `on-${host}`, host }));
    const { isFeasible, moves } = outlook({ hosts, vms }, ['h1', 'h2']);
    expect(isFeasible).toBe(true);
    expect(moves.map(({ to }) => to)).toEqual(['h3', 'h3']);
  });

  it('looks at the whole way, however little a cycle may decide', () => {
    const vms = many(5, (n) => aVm({ id: `v${n}`, host: 'h1' }));
    const limits = { ...DEFAULT_LIMITS, changesPerCycle: 1 };
    expect(outlook({ hosts, vms }, ['h1'], { limits }).isFeasible).toBe(true);
  });

  it('is no more than that: an empty host takes no time, and nothing else is moved', () => {
    const vms = many(3, (n) => aVm({ id: `v${n}`, host: 'h2', demand: { cpuMhz: 30_000 } }));
    expect(outlook({ hosts, vms }, ['h1'])).toMatchObject({ isFeasible: true, moves: [], makespanMs: 0 });
  });
});
