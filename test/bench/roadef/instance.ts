import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** An instance of the machine reassignment challenge as its files state it. */
export interface Instance {
  readonly resources: number;
  readonly transient: readonly boolean[];
  readonly loadWeight: readonly number[];
  readonly machines: number;
  readonly neighbourhood: Int32Array;
  readonly location: Int32Array;
  /** Machines × resources. */
  readonly capacity: Int32Array;
  readonly safety: Int32Array;
  /** Machines × machines. */
  readonly machineMoveCost: Int32Array;
  readonly services: number;
  readonly spreadLeast: Int32Array;
  readonly dependsOn: readonly (readonly number[])[];
  readonly processes: number;
  readonly serviceOf: Int32Array;
  /** Processes × resources. */
  readonly need: Int32Array;
  readonly processMoveCost: Int32Array;
  readonly balances: readonly Balance[];
  readonly processMoveWeight: number;
  readonly serviceMoveWeight: number;
  readonly machineMoveWeight: number;
  readonly initial: Int32Array;
}

export interface Balance {
  readonly first: number;
  readonly second: number;
  readonly target: number;
  readonly weight: number;
}

/** Reads both files; throws one sentence where they are not what they should be. */
export function readInstance(modelFile: string, assignmentFile: string): Instance {
  const model = new Numbers(modelFile);
  const resources = model.next();
  const kinds = times(resources, () => ({ transient: model.next() === 1, weight: model.next() }));
  const machines = readMachines(model, resources);
  const services = readServices(model);
  const processes = readProcesses(model, resources);
  const balances = times(model.next(), () => {
    return { first: model.next(), second: model.next(), target: model.next(), weight: model.next() };
  });
  const weights = { processMoveWeight: model.next(), serviceMoveWeight: model.next(), machineMoveWeight: model.next() };
  model.end();
  const initial = readAssignment(assignmentFile, processes.processes, machines.machines);
  const transient = kinds.map((kind) => kind.transient);
  const loadWeight = kinds.map((kind) => kind.weight);
  return { resources, transient, loadWeight, ...machines, ...services, ...processes, balances, ...weights, initial };
}

function readAssignment(file: string, processes: number, machines: number): Int32Array {
  const numbers = new Numbers(file);
  const assignment = numbers.column(processes);
  numbers.end();
  const wrong = assignment.findIndex((machine) => machine < 0 || machine >= machines);
  if (wrong >= 0)
    throw new Error(`${file}: process ${wrong} is on machine ${assignment[wrong]}, and there are ${machines}`);
  return assignment;
}

export function writeAssignment(file: string, assignment: Int32Array): void {
  writeFileSync(file, `${assignment.join(' ')}\n`);
}

function readMachines(model: Numbers, resources: number) {
  const machines = model.next();
  const neighbourhood = new Int32Array(machines);
  const location = new Int32Array(machines);
  const capacity = new Int32Array(machines * resources);
  const safety = new Int32Array(machines * resources);
  const machineMoveCost = new Int32Array(machines * machines);
  for (let m = 0; m < machines; m++) {
    neighbourhood[m] = model.next();
    location[m] = model.next();
    model.fill(capacity, m * resources, resources);
    model.fill(safety, m * resources, resources);
    model.fill(machineMoveCost, m * machines, machines);
  }
  return { machines, neighbourhood, location, capacity, safety, machineMoveCost };
}

function readServices(model: Numbers) {
  const services = model.next();
  const spreadLeast = new Int32Array(services);
  const dependsOn = times(services, (s) => {
    spreadLeast[s] = model.next();
    return times(model.next(), () => model.next());
  });
  return { services, spreadLeast, dependsOn };
}

function readProcesses(model: Numbers, resources: number) {
  const processes = model.next();
  const serviceOf = new Int32Array(processes);
  const need = new Int32Array(processes * resources);
  const processMoveCost = new Int32Array(processes);
  for (let p = 0; p < processes; p++) {
    serviceOf[p] = model.next();
    model.fill(need, p * resources, resources);
    processMoveCost[p] = model.next();
  }
  return { processes, serviceOf, need, processMoveCost };
}

function times<T>(count: number, made: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => made(n));
}

const SPACE = 32;
const ZERO = 48;
const NINE = 57;

/** Whole numbers, one after the other, straight from the bytes: a large instance has tens of millions. */
class Numbers {
  readonly #file: string;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(file: string) {
    const raw = readFileSync(file);
    this.#file = file;
    this.#bytes = file.endsWith('.gz') ? gunzipSync(raw) : raw;
  }

  next(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    while (at < bytes.length && bytes[at]! <= SPACE) at += 1;
    if (at === bytes.length) throw new Error(`${this.#file} ends where a number should come`);
    let number = 0;
    for (; at < bytes.length && bytes[at]! > SPACE; at++) {
      const digit = bytes[at]!;
      if (digit < ZERO || digit > NINE) throw new Error(`${this.#file}: byte ${at} is in no whole number`);
      number = number * 10 + digit - ZERO;
    }
    this.#at = at;
    return number;
  }

  fill(column: Int32Array, from: number, count: number): void {
    for (let n = 0; n < count; n++) column[from + n] = this.next();
  }

  column(length: number): Int32Array {
    const column = new Int32Array(length);
    this.fill(column, 0, length);
    return column;
  }

  end(): void {
    while (this.#at < this.#bytes.length && this.#bytes[this.#at]! <= SPACE) this.#at += 1;
    if (this.#at < this.#bytes.length) throw new Error(`${this.#file} goes on after its end, at byte ${this.#at}`);
  }
}
