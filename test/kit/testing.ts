/**
 * What tests of policies may use: `import { aHost, aVm, describePolicy } from '#testing'`.
 * `describePolicy` checks each row, and polices the laws that every policy must keep.
 */
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import { changeWords } from '../../src/domain/change.ts';
import { isAccepted, type Verdicts } from '../../src/domain/decision.ts';
import type { Host } from '../../src/domain/host.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { toInventory, toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_LIMITS, DEFAULT_PRICES, DEFAULT_PROFILE, type Profile } from '../../src/domain/profile.ts';
import type { Flow } from '../../src/domain/traffic.ts';
import type { Vm } from '../../src/domain/vm.ts';
import { compileOptions } from '../../src/sdk/options.ts';
import type { Policy } from '../../src/sdk/policy.ts';
import { afterwards } from './afterwards.ts';
import { anInventory } from './fleet.ts';

export { aHost, aVm, NOON_MS } from './fleet.ts';

/** One situation, and what is to come of it when only this policy is at work. */
export interface PolicyRow {
  readonly it: string;
  readonly hosts: readonly Host[];
  readonly vms: readonly Vm[];
  readonly flows?: readonly Flow[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly profile?: Partial<Profile>;
  /** The accepted changes in words ("web: h1 → h2", "h3: switch off"), in any order. */
  readonly changes?: readonly string[];
  /** What the fleet costs as it stands, in money per hour. */
  readonly costPerHour?: number;
}

export function describePolicy(policy: Policy, rows: readonly PolicyRow[]): void {
  describe(`policy ${policy.id}`, () => {
    describe.each(rows)('$it', (row) => {
      it('does what the row says', () => {
        const verdicts = verdictsOf(policy, row, inventoryOf(row));
        if (row.changes !== undefined) expect(changesIn(verdicts)).toEqual([...row.changes].sort());
        if (row.costPerHour !== undefined) expect(verdicts.efficacy.costBeforePerHour).toBeCloseTo(row.costPerHour, 6);
        expect(verdicts.skipped).toEqual([]);
      });
      policeLaws(policy, row);
    });
    policeOptions(policy);
  });
}

function policeLaws(policy: Policy, row: PolicyRow): void {
  const plain = inventoryOf(row);
  const verdicts = () => verdictsOf(policy, row, plain);
  it('decides the same twice', () => {
    expect(verdicts()).toEqual(verdicts());
  });
  it('does not depend on the order of the hosts', () => {
    const reversed = { ...plain, hosts: plain.hosts.toReversed() };
    expect(verdictsOf(policy, row, reversed).decisions).toEqual(verdicts().decisions);
  });
  it('does not depend on the unit of MHz', () => {
    expect(changesIn(verdictsOf(policy, row, withDoubleMhz(plain)))).toEqual(changesIn(verdicts()));
  });
  it('writes nothing', () => {
    const snapshot = toSnapshot(plain);
    const before = structuredClone(toInventory(snapshot));
    decideWith(policy, row, snapshot);
    expect(toInventory(snapshot)).toEqual(before);
  });
  it('comes to rest', () => {
    const snapshot = toSnapshot(plain);
    const after = afterwards(snapshot, decideWith(policy, row, snapshot));
    expect(changesIn(decideWith(policy, row, after))).toEqual([]);
  });
}

function policeOptions(policy: Policy): void {
  it('has options whose defaults are allowed', () => {
    expect(compileOptions(policy.options, {})).toHaveProperty('values');
  });
  it.each(Object.keys(policy.options))('rejects nonsense for option %s', (name) => {
    expect(compileOptions(policy.options, { [name]: { nonsense: true } })).toHaveProperty('problems');
  });
}

function inventoryOf(row: PolicyRow): Inventory {
  return anInventory({ hosts: row.hosts, vms: row.vms, flows: row.flows ?? [] });
}

function verdictsOf(policy: Policy, row: PolicyRow, inventory: Inventory): Verdicts {
  return decideWith(policy, row, toSnapshot(inventory));
}

function decideWith(policy: Policy, row: PolicyRow, snapshot: ReturnType<typeof toSnapshot>): Verdicts {
  const compiled = compileOptions(policy.options, row.options ?? {});
  if ('problems' in compiled) throw new Error(compiled.problems.join('; '));
  return decide({
    snapshot,
    policies: [{ policy, version: 'test', weight: 1, values: compiled.values }],
    profile: { ...DEFAULT_PROFILE, ...row.profile },
    prices: DEFAULT_PRICES,
    limits: DEFAULT_LIMITS,
    power: true,
  });
}

function changesIn(verdicts: Verdicts): string[] {
  const accepted = verdicts.decisions.filter(isAccepted);
  return accepted.flatMap((decision) => decision.changes.map(changeWords)).sort();
}

function withDoubleMhz(inventory: Inventory): Inventory {
  const twice = <T extends { readonly cpuMhz: number }>(amounts: T): T => ({ ...amounts, cpuMhz: amounts.cpuMhz * 2 });
  return {
    ...inventory,
    hosts: inventory.hosts.map((host) => ({ ...host, capacity: twice(host.capacity), reserved: twice(host.reserved) })),
    vms: inventory.vms.map((vm) => ({
      ...vm,
      demand: twice(vm.demand),
      cpuDeviationMhz: vm.cpuDeviationMhz * 2,
      cpuPeakMhz: vm.cpuPeakMhz * 2,
      cpuLowMhz: vm.cpuLowMhz * 2,
      cpuSoonMhz: vm.cpuSoonMhz * 2,
      cpuLaterMhz: vm.cpuLaterMhz * 2,
    })),
  };
}
