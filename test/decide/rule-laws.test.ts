import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import { Judge } from '../../src/decide/judge.ts';
import { Draft } from '../../src/domain/draft.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { toInventory, toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { GENERATE_DEFAULTS, generateInventory } from '../../src/simulator/generate.ts';
import { afterwards } from '../kit/afterwards.ts';
import { acceptedWords, decideInput } from '../kit/deciding.ts';
import { brokenRules } from '../kit/rule-checker.ts';

const SEEDS = Array.from({ length: 20 }, (_, n) => n + 1);

function varied(seed: number): Inventory {
  const options = { hosts: 4 + (seed % 9), vms: 20 + ((seed * 7) % 50), racks: 2 + (seed % 3), skew: (seed % 4) / 10 };
  const all = { ...GENERATE_DEFAULTS, ...options, variety: 1, load: 0.2 + (seed % 6) / 12 };
  const inventory = generateInventory(all, seed);
  if ('because' in inventory) throw new Error(`seed ${seed}: ${inventory.because}`);
  const failover = { kind: 'failover', id: 'ha', failures: 1, vms: [], vmLabels: {} } as const;
  return { ...inventory, rules: [...inventory.rules, ...(seed % 2 === 0 ? [failover] : [])] };
}

/** As if somebody had moved VMs about by hand, whatever the rules say. */
function disordered(seed: number): Inventory {
  const inventory = varied(seed);
  const { hosts } = inventory;
  const vms = inventory.vms.map((vm, n) =>
    n % 7 === seed % 7 ? { ...vm, host: hosts[(n * seed) % hosts.length]!.id } : vm,
  );
  return { ...inventory, vms };
}

const isWhole = (inventory: Inventory): boolean =>
  new Judge(new Draft(toSnapshot(inventory)), DEFAULT_PROFILE).failovers.every(({ margin }) => margin > 0);

describe('with rules of every kind', () => {
  it.each(SEEDS)(
    'seed %i: whatever pays, no rule is broken in the end, and the next cycle has nothing to do',
    (seed) => {
      const start = varied(seed);
      expect(brokenRules(start)).toEqual([]);
      const snapshot = toSnapshot(start);
      const after = afterwards(snapshot, decide(decideInput(snapshot)));
      expect(brokenRules(toInventory(after))).toEqual([]);
      if (isWhole(start)) expect(isWhole(toInventory(after))).toBe(true);
      expect(acceptedWords(decide(decideInput(after)))).toEqual([]);
    },
  );

  it.each(SEEDS)('seed %i: what is broken is repaired or told, and nothing else gets broken', (seed) => {
    const start = disordered(seed);
    const snapshot = toSnapshot(start);
    const verdicts = decide(decideInput(snapshot));
    const broken = new Set(brokenRules(start));
    const left = brokenRules(toInventory(afterwards(snapshot, verdicts)));
    expect(left.filter((fault) => !broken.has(fault))).toEqual([]);
    const told = verdicts.unrepaired.filter(
      ({ rule }) => rule !== 'capacity' && rule !== 'fitness' && rule !== 'failover',
    );
    expect(told.length > 0).toBe(left.length > 0);
  });
});
