/** The laws that every policy keeps. Each gives what is wrong, a sentence each; none when the law is kept. */
import { Draft } from '../../src/domain/draft.ts';
import { type Inventory, toInventory, toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_PRICES, type Prices } from '../../src/domain/profile.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import type { OptionSpecs } from '../../src/sdk/options.ts';
import { compileOptions } from '../../src/sdk/options.ts';
import type { Policy } from '../../src/sdk/policy.ts';
import { afterwards } from './afterwards.ts';
import { STOCK_POLICIES } from './deciding.ts';
import { aHost, aVm } from './fleet.ts';
import { forbiddingClockAndChance, frozenDeep } from './forbidding.ts';
import { type CostsByName, costsOf } from './policy-costs.ts';
import { changesIn, decideOnRow, inventoryOf, type PolicyRow, type Values, valuesOf } from './policy-row.ts';

export type LawOfPolicy = (policy: Policy) => readonly string[];
export type LawOfRow = (policy: Policy, row: PolicyRow) => readonly string[];

export const LAWS_OF_POLICY: Readonly<Record<string, LawOfPolicy>> = {
  'says what it is': (policy) => [
    ...(/^[a-z][a-z0-9-]*$/.test(policy.id)
      ? []
      : [`its id "${policy.id}" should be small letters, digits and dashes`]),
    ...(policy.about.trim() === '' ? ['about should say in a sentence what it is for'] : []),
    ...(['host', 'pair', 'vm'] as const)
      .filter((kind) => policy.cost[kind] !== undefined && (policy.terms[kind] ?? '').trim() === '')
      .map((kind) => `terms.${kind} should say what its ${kind} cost is called in explanations`),
  ],

  'explains its options': (policy) => Object.entries(policy.options).flatMap(optionTroubles),

  'has options whose defaults are allowed': (policy) => {
    const compiled = compileOptions(policy.options, {});
    return 'problems' in compiled ? compiled.problems : [];
  },

  'has options that take no nonsense': (policy) =>
    Object.keys(policy.options).flatMap((name) =>
      NONSENSE.filter((value) => 'values' in compileOptions(policy.options, { [name]: value })).map(
        (value) => `option "${name}" takes ${JSON.stringify(value)}: give it bounds`,
      ),
    ),

  'copes with an empty fleet': (policy) => {
    const row: PolicyRow = { it: 'nobody', hosts: [], vms: [] };
    return faultsIn(policy, row, toSnapshot(inventoryOf(row)));
  },

  'copes with hosts that are off, empty, or offer no network': (policy) => {
    const hosts = [
      aHost({ id: 'off', power: 'off' }),
      aHost({ id: 'empty' }),
      aHost({ id: 'no-network', capacity: { netRxBytesPerS: 0, netTxBytesPerS: 0 } }),
    ];
    const vms = [aVm({ id: 'talker', host: 'no-network', demand: { netRxBytesPerS: 1_000, netTxBytesPerS: 1_000 } })];
    const row: PolicyRow = { it: 'strange hosts', hosts, vms };
    return faultsIn(policy, row, toSnapshot(inventoryOf(row)));
  },
};

export const LAWS_OF_ROW: Readonly<Record<string, LawOfRow>> = {
  'decides the same twice': (policy, row) => {
    const [one, other] = [0, 1].map(() => JSON.stringify(decideOnRow(policy, row, toSnapshot(inventoryOf(row)))));
    return one === other ? [] : ['the same situation led to different verdicts'];
  },

  'remembers nothing from one call to the next': (policy, row) => {
    const draft = new Draft(toSnapshot(inventoryOf(row)));
    const asking = { policy, draft, values: valuesOf(policy, row) };
    const first = costsOf(asking);
    const backwards = costsOf(asking, 'backwards');
    const mark = draft.mark();
    moveEverybody(draft);
    costsOf(asking);
    draft.undo(mark);
    return [...differences(first, backwards), ...differences(first, costsOf(asking))];
  },

  'asks neither the clock nor chance': (policy, row) => {
    const snapshot = toSnapshot(inventoryOf(row));
    return forbiddingClockAndChance(() => faultsIn(policy, row, snapshot));
  },

  'writes nothing': (policy, row) => {
    const snapshot = toSnapshot(inventoryOf(row));
    frozenDeep(snapshot.pools);
    const before = structuredClone(toInventory(snapshot));
    const faults = faultsIn(policy, row, snapshot, frozenDeep(valuesOf(policy, row)));
    const isSame = JSON.stringify(toInventory(snapshot)) === JSON.stringify(before);
    return isSame ? faults : [...faults, 'the snapshot is not what it was'];
  },

  'does not depend on the order of hosts and VMs': (policy, row) => {
    const plain = inventoryOf(row);
    const turned = { ...plain, hosts: plain.hosts.toReversed(), vms: plain.vms.toReversed() };
    const [one, other] = [plain, turned].map((inventory) => {
      return JSON.stringify(decideOnRow(policy, row, toSnapshot(inventory)).decisions);
    });
    const isSame = one === other ? [] : ['another order led to other decisions'];
    return [...isSame, ...differences(costsIn(policy, row, plain), costsIn(policy, row, turned))];
  },

  'looks at nothing but what it is shown': (policy, row) => {
    const draft = new Draft(toSnapshot(inventoryOf(row)));
    const asking = { policy, draft, values: valuesOf(policy, row) };
    const before = costsOf(asking);
    return draft.snapshot.vms.ids.flatMap((_, vm) => farEffects(draft, vm, before, () => costsOf(asking)));
  },

  'does not depend on the unit of MHz': (policy, row) => {
    const values = scaled(policy, valuesOf(policy, row), 'MHz', 2);
    const twice = costsIn(policy, row, withDoubleMhz(inventoryOf(row)), values);
    return differences(costsIn(policy, row, inventoryOf(row)), twice);
  },

  'does not depend on the currency': (policy, row) => {
    const cents = scaled(policy, valuesOf(policy, row), 'money', CENTS);
    const inCents = costsIn(policy, row, inventoryOf(row), cents, pricesInCents());
    const backAgain = new Map([...inCents].map(([name, cost]) => [name, cost / CENTS] as const));
    return differences(costsIn(policy, row, inventoryOf(row)), backAgain).map(
      (what) => `${what} (amounts come from prices, or from options with a unit of money)`,
    );
  },

  'gives amounts of money at the bounds of its options': (policy, row) =>
    boundaryValues(policy, row).flatMap(({ words, values }) => {
      return faultsIn(policy, row, toSnapshot(inventoryOf(row)), values).map((fault) => `with ${words}: ${fault}`);
    }),

  'gives whole reasons': (policy, row) =>
    decideOnRow(policy, row, toSnapshot(inventoryOf(row)))
      .decisions.filter(({ because }) => because.trim() === '' || /\{\w+\}/.test(because))
      .map(({ because }) => `the reason "${because}" has an empty blank`),

  'comes to rest': (policy, row) => {
    const snapshot = toSnapshot(inventoryOf(row));
    const after = afterwards(snapshot, decideOnRow(policy, row, snapshot));
    return restless(changesIn(decideOnRow(policy, row, after)));
  },

  'comes to rest beside the policies of Drover': (policy, row) => {
    const beside = STOCK_POLICIES.filter((stock) => stock.policy.id !== policy.id);
    let snapshot = toSnapshot(inventoryOf(row));
    for (let cycle = 0; cycle < CYCLES_TO_REST; cycle++) {
      snapshot = afterwards(snapshot, decideOnRow(policy, row, snapshot, { beside }));
    }
    return restless(changesIn(decideOnRow(policy, row, snapshot, { beside })));
  },
};

const CENTS = 100;
const NONSENSE = [{ nonsense: true }, 'nonsense', -1e300];
const CYCLES_TO_REST = 3;
/** Beyond what adding up in another order does to a sum. */
const NOTICEABLE = 1e-9;

function optionTroubles([name, spec]: readonly [string, OptionSpecs[string]]): string[] {
  const said = spec.about.trim() === '' ? [`option "${name}" should say in a sentence what it is`] : [];
  if (spec.kind !== 'number') return said;
  const united = (spec.unit ?? '').trim() === '' ? [`option "${name}" should have a unit`] : [];
  return [...said, ...united];
}

/** Whatever makes the engine leave a policy out, or throws when it is asked directly. */
function faultsIn(policy: Policy, row: PolicyRow, snapshot: Snapshot, values = valuesOf(policy, row)): string[] {
  try {
    const strange = [...costsOf({ policy, draft: new Draft(snapshot), values })].filter(
      ([, cost]) => !Number.isFinite(cost),
    );
    const skipped = decideOnRow(policy, row, snapshot, { values }).skipped;
    return [...strange.map(([name, cost]) => `${name} costs ${cost}`), ...skipped.map(({ because }) => because)];
  } catch (thrown) {
    return [thrown instanceof Error ? thrown.message : String(thrown)];
  }
}

function costsIn(
  policy: Policy,
  row: PolicyRow,
  inventory: Inventory,
  values: Values = valuesOf(policy, row),
  prices: Prices = DEFAULT_PRICES,
): CostsByName {
  return costsOf({ policy, draft: new Draft(toSnapshot(inventory)), values, prices });
}

function differences(expected: CostsByName, seen: CostsByName): string[] {
  return [...expected].flatMap(([name, cost]) => {
    const other = seen.get(name) ?? Number.NaN;
    const isSame = Object.is(cost, other) || Math.abs(cost - other) <= NOTICEABLE * Math.max(1, Math.abs(cost));
    return isSame ? [] : [`${name} costs ${cost} once and ${other} another time`];
  });
}

function moveEverybody(draft: Draft): void {
  const { length } = draft.snapshot.hosts.ids;
  for (let vm = 0; vm < draft.hostOf.length; vm++) draft.move(vm, (draft.hostOf[vm]! + 1) % length);
}

/** What changes when one VM moves and is neither about that VM nor about the two hosts. */
function farEffects(draft: Draft, vm: number, before: CostsByName, ask: () => CostsByName): string[] {
  const { hosts, vms } = draft.snapshot;
  const from = draft.hostOf[vm]!;
  const to = (from + 1) % hosts.ids.length;
  if (to === from) return [];
  const mark = draft.mark();
  draft.move(vm, to);
  const after = ask();
  draft.undo(mark);
  const near = new Set([hosts.ids[from], hosts.ids[to], vms.ids[vm]]);
  const isFar = (name: string) => !name.split(' ').some((part) => near.has(part));
  const far = new Map([...before].filter(([name]) => isFar(name)));
  return differences(far, after).map((what) => `${what}, though only ${vms.ids[vm]} moved`);
}

function scaled(policy: Policy, values: Values, unit: string, factor: number): Values {
  const entries = Object.entries(values as Readonly<Record<string, unknown>>).map(([name, value]) => {
    const isOfUnit = policy.options[name]?.unit?.split('/')[0] === unit;
    return [name, isOfUnit && typeof value === 'number' ? value * factor : value] as const;
  });
  return Object.fromEntries(entries) as Values;
}

function pricesInCents(): Prices {
  const entries = Object.entries(DEFAULT_PRICES).map(([name, price]) => {
    return [name, typeof price === 'number' && name.startsWith('per') ? price * CENTS : price] as const;
  });
  return { ...DEFAULT_PRICES, ...Object.fromEntries(entries) };
}

/** Each option at its least, its most, and each of its choices, the others as in the row. */
function boundaryValues(policy: Policy, row: PolicyRow): { readonly words: string; readonly values: Values }[] {
  const values = valuesOf(policy, row);
  return Object.entries(policy.options).flatMap(([name, spec]) => {
    const flags = spec.kind === 'flag' ? [true, false] : [];
    const bounds = [spec.least, spec.most].filter((bound) => bound !== undefined);
    return [...bounds, ...flags, ...(spec.values ?? [])].map((value) => ({
      words: `${name} ${value}`,
      values: { ...values, [name]: value } as Values,
    }));
  });
}

const restless = (changes: readonly string[]): string[] =>
  changes.map((change) => `on unchanged load it goes on with ${change}`);

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
