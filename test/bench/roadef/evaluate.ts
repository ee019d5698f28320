import type { Instance } from './instance.ts';

export interface Evaluation {
  readonly cost: number;
  readonly moved: number;
  /** One sentence for each breach of a constraint. */
  readonly violations: readonly string[];
}

/** Cost and constraints of an assignment, from the challenge's definition and nothing of the engine. */
export function evaluate(instance: Instance, assignment: Int32Array): Evaluation {
  const { initial } = instance;
  const moved = assignment.reduce((count, machine, p) => count + Number(machine !== initial[p]), 0);
  const usage = usageOf(instance, assignment);
  const cost = loadCost(instance, usage) + balanceCost(instance, usage) + moveCost(instance, assignment);
  const violations = [
    ...overfull(instance, assignment, usage),
    ...conflicts(instance, assignment),
    ...spreads(instance, assignment),
    ...dependencies(instance, assignment),
  ];
  return { cost, moved, violations };
}

function usageOf({ machines, resources, processes, need }: Instance, assignment: Int32Array): Float64Array {
  const usage = new Float64Array(machines * resources);
  for (let p = 0; p < processes; p++) {
    for (let r = 0; r < resources; r++) usage[assignment[p]! * resources + r]! += need[p * resources + r]!;
  }
  return usage;
}

function loadCost({ machines, resources, loadWeight, safety }: Instance, usage: Float64Array): number {
  let cost = 0;
  for (let r = 0; r < resources; r++) {
    for (let m = 0; m < machines; m++) {
      const at = m * resources + r;
      cost += loadWeight[r]! * Math.max(0, usage[at]! - safety[at]!);
    }
  }
  return cost;
}

function balanceCost({ machines, resources, balances, capacity }: Instance, usage: Float64Array): number {
  const free = (m: number, r: number) => capacity[m * resources + r]! - usage[m * resources + r]!;
  let cost = 0;
  for (const { first, second, target, weight } of balances) {
    for (let m = 0; m < machines; m++) cost += weight * Math.max(0, target * free(m, first) - free(m, second));
  }
  return cost;
}

function moveCost(instance: Instance, assignment: Int32Array): number {
  const { initial, processMoveCost, machineMoveCost, machines, serviceOf, services } = instance;
  const movedOf = new Int32Array(services);
  let ofProcesses = 0;
  let ofMachines = 0;
  assignment.forEach((machine, p) => {
    ofMachines += machineMoveCost[initial[p]! * machines + machine]!;
    if (machine === initial[p]) return;
    ofProcesses += processMoveCost[p]!;
    movedOf[serviceOf[p]!]! += 1;
  });
  const ofServices = movedOf.reduce((most, moved) => Math.max(most, moved), 0);
  const { processMoveWeight, serviceMoveWeight, machineMoveWeight } = instance;
  return processMoveWeight * ofProcesses + serviceMoveWeight * ofServices + machineMoveWeight * ofMachines;
}

/** All moves happen at once, so a moved process takes transient resources on both of its machines. */
function overfull(instance: Instance, assignment: Int32Array, usage: Float64Array): string[] {
  const { machines, resources, transient, capacity, need, initial } = instance;
  const taken = usage.slice();
  assignment.forEach((machine, p) => {
    if (machine === initial[p]) return;
    for (let r = 0; r < resources; r++) {
      if (transient[r]) taken[initial[p]! * resources + r]! += need[p * resources + r]!;
    }
  });
  const found: string[] = [];
  for (let m = 0; m < machines; m++) {
    for (let r = 0; r < resources; r++) {
      const at = m * resources + r;
      if (taken[at]! > capacity[at]!)
        found.push(`machine ${m} has ${capacity[at]} of resource ${r}, and ${taken[at]} are taken`);
    }
  }
  return found;
}

function conflicts({ serviceOf, machines }: Instance, assignment: Int32Array): string[] {
  const seen = new Set<number>();
  const found: string[] = [];
  assignment.forEach((machine, p) => {
    const key = serviceOf[p]! * machines + machine;
    if (seen.has(key)) found.push(`two processes of service ${serviceOf[p]} are on machine ${machine}`);
    seen.add(key);
  });
  return found;
}

function spreads({ services, spreadLeast, serviceOf, location }: Instance, assignment: Int32Array): string[] {
  const locationsOf = placesOf(services, serviceOf, location, assignment);
  return locationsOf.flatMap(({ size }, s) => {
    const least = spreadLeast[s]!;
    return size < least ? [`service ${s} is in ${size} locations, and ${least} are wanted`] : [];
  });
}

function dependencies({ services, dependsOn, serviceOf, neighbourhood }: Instance, assignment: Int32Array): string[] {
  const neighbourhoodsOf = placesOf(services, serviceOf, neighbourhood, assignment);
  return dependsOn.flatMap((needed, s) =>
    needed.flatMap((other) =>
      [...neighbourhoodsOf[s]!]
        .filter((place) => !neighbourhoodsOf[other]!.has(place))
        .map((place) => `service ${s} is in neighbourhood ${place} and depends on service ${other}, which is not`),
    ),
  );
}

function placesOf(services: number, serviceOf: Int32Array, placeOf: Int32Array, assignment: Int32Array): Set<number>[] {
  const places = Array.from({ length: services }, () => new Set<number>());
  assignment.forEach((machine, p) => {
    places[serviceOf[p]!]!.add(placeOf[machine]!);
  });
  return places;
}
