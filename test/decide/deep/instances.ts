import { type SeededRandom, seededRandom, wholeBelow } from '../../../src/simulator/random.ts';
import type { Instance } from '../../bench/roadef/instance.ts';

/** A small instance with a bit of everything, drawn by the seed. Its initial assignment keeps all constraints. */
export function randomInstance(seed: number): Instance {
  const random = seededRandom(seed);
  const below = (bound: number) => wholeBelow(random, bound);
  const column = (length: number, value: (n: number) => number) => Int32Array.from({ length }, (_, n) => value(n));
  const [machines, resources, services, processes] = [4 + below(5), 2 + below(3), 10 + below(6), 20 + below(10)];
  const { serviceOf, initial } = placed(random, processes, services, machines);
  const need = column(processes * resources, () => 1 + below(20));
  const used = column(machines * resources, () => 0);
  initial.forEach((machine, p) => {
    for (let r = 0; r < resources; r++) used[machine * resources + r]! += need[p * resources + r]!;
  });
  const neighbourhood = column(machines, () => below(3));
  const location = column(machines, () => below(3));
  const placesOf = (service: number, placeOf: Int32Array) =>
    new Set(Array.from(initial).flatMap((machine, p) => (serviceOf[p] === service ? [placeOf[machine]!] : [])));
  return {
    ...{ machines, resources, services, processes, serviceOf, initial, need, neighbourhood, location },
    transient: Array.from({ length: resources }, (_, r) => r % 2 === 1),
    loadWeight: Array.from({ length: resources }, () => 1 + below(10)),
    capacity: used.map((amount) => amount + below(60)),
    safety: used.map((amount) => Math.max(0, amount - below(30))),
    machineMoveCost: column(machines * machines, (n) => (n % (machines + 1) === 0 ? 0 : below(3))),
    spreadLeast: column(services, (s) => below(placesOf(s, location).size + 1)),
    dependsOn: Array.from({ length: services }, (_, s) => {
      const other = below(services);
      const near = placesOf(other, neighbourhood);
      return other !== s && [...placesOf(s, neighbourhood)].every((place) => near.has(place)) ? [other] : [];
    }),
    processMoveCost: column(processes, () => below(20)),
    balances: [{ first: 0, second: 1, target: 1 + below(3), weight: 1 + below(10) }],
    ...{ processMoveWeight: 1, serviceMoveWeight: 10, machineMoveWeight: 100 },
  };
}

/** No two processes of a service on one machine. */
function placed(random: SeededRandom, processes: number, services: number, machines: number) {
  const serviceOf = new Int32Array(processes);
  const initial = new Int32Array(processes);
  const taken = new Set<number>();
  for (let p = 0; p < processes; p++) {
    do {
      serviceOf[p] = wholeBelow(random, services);
      initial[p] = wholeBelow(random, machines);
    } while (taken.has(serviceOf[p]! * machines + initial[p]!));
    taken.add(serviceOf[p]! * machines + initial[p]!);
  }
  return { serviceOf, initial };
}

/** The example of the challenge's definition: two resources, four machines, three processes. */
export const EXAMPLE: Instance = {
  resources: 2,
  transient: [true, false],
  loadWeight: [100, 10],
  machines: 4,
  neighbourhood: Int32Array.of(0, 0, 1, 1),
  location: Int32Array.of(0, 0, 1, 2),
  capacity: Int32Array.of(30, 400, 10, 240, 15, 100, 10, 100),
  safety: Int32Array.of(16, 80, 8, 160, 12, 80, 8, 80),
  machineMoveCost: Int32Array.of(0, 1, 4, 5, 1, 0, 3, 4, 4, 3, 0, 2, 5, 4, 2, 0),
  services: 2,
  spreadLeast: Int32Array.of(2, 1),
  dependsOn: [[], [0]],
  processes: 3,
  serviceOf: Int32Array.of(0, 0, 1),
  need: Int32Array.of(12, 10, 10, 20, 6, 200),
  processMoveCost: Int32Array.of(1000, 100, 1),
  balances: [{ first: 0, second: 1, target: 20, weight: 10 }],
  processMoveWeight: 1,
  serviceMoveWeight: 10,
  machineMoveWeight: 100,
  initial: Int32Array.of(0, 3, 0),
};
