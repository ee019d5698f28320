import { type DeepModel, type Groups, listsOf } from '../../../src/decide/deep/model.ts';
import type { Instance } from './instance.ts';

interface Group {
  readonly level: number;
  readonly most: number;
  readonly least: number;
  readonly members: readonly number[];
  readonly service: number;
}

export function modelOf(instance: Instance): DeepModel {
  const { machines, resources, balances, processMoveWeight, machineMoveWeight } = instance;
  const groups = groupsOf(instance);
  const own = Int32Array.from({ length: machines }, (_, m) => m);
  return {
    items: instance.processes,
    hosts: machines,
    resources,
    demand: Float64Array.from(instance.need),
    fixed: new Float64Array(machines * resources),
    capacity: Float64Array.from(instance.capacity),
    comfort: Float64Array.from(instance.safety),
    excessPrice: Float64Array.from(instance.loadWeight),
    balances: {
      of: Int32Array.from(balances, ({ first }) => first),
      against: Int32Array.from(balances, ({ second }) => second),
      ratio: Float64Array.from(balances, ({ target }) => target),
      price: Float64Array.from(balances, ({ weight }) => weight),
    },
    held: Uint8Array.from(instance.transient, Number),
    home: instance.initial,
    moving: {
      item: Float64Array.from(instance.processMoveCost, (cost) => cost * processMoveWeight),
      hostClass: own,
      classes: machines,
      between: instance.machineMoveCost.map((cost) => cost * machineMoveWeight),
      crew: instance.serviceOf,
      crews: instance.services,
      perMostMoved: instance.serviceMoveWeight,
    },
    places: {
      of: Int32Array.from([...own, ...instance.neighbourhood, ...instance.location]),
      count: Int32Array.of(machines, 1 + highest(instance.neighbourhood), 1 + highest(instance.location)),
    },
    groups: groupColumns(instance, groups),
    groupsOf: listsOf(byItem(instance, groups)),
    fits: { itemClass: new Int32Array(0), hostClass: new Int32Array(0), hostClasses: 0, may: new Uint8Array(0) },
  };
}

const highest = (column: Int32Array): number => column.reduce((most, value) => Math.max(most, value), 0);

function groupsOf({ services, serviceOf, spreadLeast, dependsOn }: Instance): Group[] {
  const members = Array.from({ length: services }, (): number[] => []);
  serviceOf.forEach((service, p) => {
    members[service]!.push(p);
  });
  const depending = new Set(dependsOn.flatMap((needed, s) => (needed.length > 0 ? [s, ...needed] : [])));
  return members.flatMap((own, service): Group[] => {
    const common = { most: 0, least: 0, members: own, service };
    return [
      ...(own.length > 1 ? [{ ...common, level: 0, most: 1 }] : []),
      ...(depending.has(service) ? [{ ...common, level: 1 }] : []),
      ...(spreadLeast[service]! > 1 ? [{ ...common, level: 2, least: spreadLeast[service]! }] : []),
    ];
  });
}

function groupColumns({ dependsOn }: Instance, groups: readonly Group[]): Groups {
  const numberOf = new Map(groups.flatMap(({ level, service }, n) => (level === 1 ? [[service, n] as const] : [])));
  const needs = groups.map(({ level, service }) =>
    level === 1 ? dependsOn[service]!.map((s) => numberOf.get(s)!) : [],
  );
  const neededBy = groups.map((): number[] => []);
  needs.forEach((needed, n) => {
    for (const other of needed) neededBy[other]!.push(n);
  });
  return {
    count: groups.length,
    level: Uint8Array.from(groups, ({ level }) => level),
    most: Int32Array.from(groups, ({ most }) => most),
    least: Int32Array.from(groups, ({ least }) => least),
    members: listsOf(groups.map(({ members }) => members)),
    needs: listsOf(needs),
    neededBy: listsOf(neededBy),
  };
}

function byItem({ processes }: Instance, groups: readonly Group[]): number[][] {
  const rows = Array.from({ length: processes }, (): number[] => []);
  groups.forEach(({ members }, n) => {
    for (const p of members) rows[p]!.push(n);
  });
  return rows;
}
