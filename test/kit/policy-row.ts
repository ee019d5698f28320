import { decide } from '../../src/decide/decide.ts';
import { changeWords } from '../../src/domain/change.ts';
import { isAccepted, type Verdicts } from '../../src/domain/decision.ts';
import type { Host } from '../../src/domain/host.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { DEFAULT_LIMITS, DEFAULT_PRICES, DEFAULT_PROFILE, type Profile } from '../../src/domain/profile.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import type { Flow } from '../../src/domain/traffic.ts';
import type { Vm } from '../../src/domain/vm.ts';
import type { LoadedPolicy } from '../../src/sdk/choose.ts';
import { compileOptions } from '../../src/sdk/options.ts';
import type { Policy } from '../../src/sdk/policy.ts';
import { anInventory } from './fleet.ts';

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
  /** What it costs when that has been done. */
  readonly costPerHourAfter?: number;
}

export type Values = LoadedPolicy['values'];

export function inventoryOf(row: PolicyRow): Inventory {
  return anInventory({ hosts: row.hosts, vms: row.vms, flows: row.flows ?? [] });
}

export function valuesOf(policy: Policy, row: PolicyRow): Values {
  const compiled = compileOptions(policy.options, row.options ?? {});
  if ('problems' in compiled) throw new Error(compiled.problems.join('; '));
  return compiled.values;
}

/** Decides with this policy, and others beside it if any are given. */
export function decideOnRow(
  policy: Policy,
  row: PolicyRow,
  snapshot: Snapshot,
  { values = valuesOf(policy, row), beside = [] }: { values?: Values; beside?: readonly LoadedPolicy[] } = {},
): Verdicts {
  return decide({
    snapshot,
    policies: [{ policy, version: 'test', weight: 1, values }, ...beside],
    profile: { ...DEFAULT_PROFILE, ...row.profile },
    prices: DEFAULT_PRICES,
    limits: DEFAULT_LIMITS,
    power: true,
  });
}

export function changesIn(verdicts: Verdicts): string[] {
  const accepted = verdicts.decisions.filter(isAccepted);
  return accepted.flatMap((decision) => decision.changes.map(changeWords)).sort();
}
