/** Small builders for tests: state what matters to the case, the rest is ordinary. */
import type { Host } from '../../src/domain/host.ts';
import { HOST_DEFAULTS } from '../../src/domain/host.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import type { Amounts } from '../../src/domain/resources.ts';
import { NOTHING } from '../../src/domain/resources.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { GBIT_PER_S, GIB } from '../../src/domain/units.ts';
import type { Vm } from '../../src/domain/vm.ts';
import { fromDemand, VM_DEFAULTS } from '../../src/domain/vm.ts';

export const NOON_MS = Date.UTC(2026, 10, 20, 12);

type HostTraits = Partial<Omit<Host, 'capacity' | 'reserved'>> & {
  readonly capacity?: Partial<Amounts>;
  readonly reserved?: Partial<Amounts>;
};

type VmTraits = Partial<Omit<Vm, 'demand'>> & { readonly demand?: Partial<Amounts> };

/** 32 cores of 2.5 GHz, 128 GiB, 10 Gbit/s each way. */
const HOST_CAPACITY: Amounts = {
  ...NOTHING,
  cpuMhz: 80_000,
  memoryBytes: 128 * GIB,
  netRxBytesPerS: 10 * GBIT_PER_S,
  netTxBytesPerS: 10 * GBIT_PER_S,
};

const VM_DEMAND: Amounts = { ...NOTHING, cpuMhz: 1_000, memoryBytes: 4 * GIB };

export function aHost(traits: HostTraits = {}): Host {
  return {
    ...HOST_DEFAULTS,
    id: 'h1',
    cores: 32,
    ...traits,
    capacity: { ...HOST_CAPACITY, ...traits.capacity },
    reserved: { ...NOTHING, ...traits.reserved },
  };
}

/** 2 vCPUs at 1 GHz in all, 4 GiB, all of it active, steady. */
export function aVm(traits: VmTraits = {}): Vm {
  const demand = { ...VM_DEMAND, ...traits.demand };
  return {
    ...VM_DEFAULTS,
    id: 'vm1',
    host: 'h1',
    vcpus: 2,
    ...fromDemand(demand),
    ...traits,
    demand,
  };
}

export function anInventory(parts: Partial<Inventory> = {}): Inventory {
  return { atMs: NOON_MS, hosts: [aHost()], vms: [], flows: [], rules: [], flights: [], ...parts };
}

export function aSnapshot(parts: Partial<Inventory> & { readonly version?: number } = {}): Snapshot {
  const { version = 1, ...inventory } = parts;
  return toSnapshot(anInventory(inventory), version);
}

/** As many as asked for, named by number from 1: `many(3, (n) => aHost({ id: `h${n}` }))`. */
export function many<T>(count: number, build: (number: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => build(index + 1));
}
