import type { Statement } from '../../../src/decide/deep/statement.ts';
import { Draft } from '../../../src/domain/draft.ts';
import { HOST_DEFAULTS } from '../../../src/domain/host.ts';
import { toSnapshot } from '../../../src/domain/inventory.ts';
import { DEFAULT_PRICES, DEFAULT_PROFILE, type Prices, type Profile } from '../../../src/domain/profile.ts';
import { NOTHING } from '../../../src/domain/resources.ts';
import type { Rule } from '../../../src/domain/rule.ts';
import type { Snapshot } from '../../../src/domain/snapshot.ts';
import { fromDemand, VM_DEFAULTS } from '../../../src/domain/vm.ts';
import { definePolicy, excess, imbalance, stockCost } from '../../../src/sdk/index.ts';
import type { Policy } from '../../../src/sdk/policy.ts';
import type { Instance } from './instance.ts';

/** Hosts and VMs are named so that the order of their names is that of their numbers. */
const hostId = (machine: number): string => `m${String(machine).padStart(6, '0')}`;
const vmId = (process: number): string => `p${String(process).padStart(6, '0')}`;
const resourceName = (resource: number): string => `r${resource}`;

/** Nothing but what the challenge charges: moving has no price of its own, and whatever saves more than it costs pays. */
const PRICES: Prices = {
  ...DEFAULT_PRICES,
  perMigratedGib: 0,
  perMigrationMinute: 0,
  perBlackoutSecond: 0,
  perSessionMoved: 0,
};
const PROFILE: Profile = { ...DEFAULT_PROFILE, horizonMinutes: 60, margin: 1, leastSavingPerHour: 0 };

/** The instance as one of our datacenters, with policies and rules as any author would write them. */
export function stateOf(instance: Instance): Statement {
  const policies = [load(instance), moving(instance)].map((policy) => ({ policy, version: '', weight: 1, values: {} }));
  return { draft: new Draft(snapshotOf(instance)), policies, profile: PROFILE, prices: PRICES };
}

function snapshotOf(instance: Instance): Snapshot {
  const { machines, processes, initial, neighbourhood, location, serviceOf } = instance;
  const places = (m: number) => ({ rack: `n${neighbourhood[m]}`, site: `l${location[m]}` });
  return toSnapshot({
    atMs: 0,
    hosts: times(machines, (m) => ({ ...HOST_DEFAULTS, id: hostId(m), capacity: NOTHING, ...places(m) })),
    vms: times(processes, (p) => {
      const labels = { service: String(serviceOf[p]) };
      const own = { id: vmId(p), host: hostId(initial[p]!), labels };
      return { ...VM_DEFAULTS, ...fromDemand(NOTHING), demand: NOTHING, ...own };
    }),
    flows: [],
    rules: rulesOf(instance),
    flights: [],
    counted: times(instance.resources, (r) => ({
      name: resourceName(r),
      heldWhileMoving: instance.transient[r]!,
      hosts: Object.fromEntries(times(machines, (m) => [hostId(m), instance.capacity[m * instance.resources + r]!])),
      vms: Object.fromEntries(times(processes, (p) => [vmId(p), instance.need[p * instance.resources + r]!])),
    })),
  });
}

function load({ resources, safety, loadWeight, balances }: Instance): Policy {
  return definePolicy({
    id: 'load',
    about: 'Use above what is safe costs, and so does room of one resource without its share of another.',
    phase: 'improve',
    options: {},
    terms: { host: 'load' },
    cost: {
      host: stockCost([
        ...times(resources, (r) =>
          excess({
            resource: resourceName(r),
            above: (host) => safety[host.index * resources + r]!,
            price: () => loadWeight[r]!,
          }),
        ),
        ...balances.map(({ first, second, target, weight }) =>
          imbalance({ free: resourceName(first), wants: resourceName(second), ratio: target, price: () => weight }),
        ),
      ]),
    },
  });
}

function moving(instance: Instance): Policy {
  const { processMoveCost, processMoveWeight, machineMoveCost, machineMoveWeight, machines, serviceMoveWeight } =
    instance;
  return definePolicy({
    id: 'moving',
    about: 'Moves cost by process and by machines, and services take turns.',
    phase: 'improve',
    options: {},
    terms: {},
    cost: {},
    once: {
      vm: (vm) => processMoveWeight * processMoveCost[vm.index]!,
      hosts: (from, to) => machineMoveWeight * machineMoveCost[from.index * machines + to.index]!,
      crew: { of: (vm) => vm.labels.service ?? '', perMostMoved: () => serviceMoveWeight },
    },
  });
}

function rulesOf({ services, serviceOf, spreadLeast, dependsOn }: Instance): Rule[] {
  const vmsOf = times(services, (): string[] => []);
  serviceOf.forEach((service, p) => {
    vmsOf[service]!.push(vmId(p));
  });
  return vmsOf.flatMap((vms, s): Rule[] => [
    ...(vms.length > 1 ? [{ kind: 'anti-affinity', id: `conflict ${s}`, vms, level: 'host' } as const] : []),
    ...(spreadLeast[s]! > 1
      ? [{ kind: 'spread', id: `spread ${s}`, vms, level: 'site', least: spreadLeast[s]! } as const]
      : []),
    ...dependsOn[s]!.map((other) => {
      return { kind: 'depends-on', id: `${s} on ${other}`, vms, on: vmsOf[other]!, level: 'rack' } as const;
    }),
  ]);
}

function times<T>(count: number, made: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => made(n));
}
