import { HOST_DEFAULTS, type Host } from '../../../src/domain/host.ts';
import type { Inventory } from '../../../src/domain/inventory.ts';
import { amountsOf, CPU, MEMORY } from '../../../src/domain/resources.ts';
import { MIB, SECOND } from '../../../src/domain/units.ts';
import { fromDemand, VM_DEFAULTS, type Vm } from '../../../src/domain/vm.ts';
import { HOST_CORES, HOST_COUNT, hostKind, MB_PER_S } from './model.ts';
import type { World } from './world.ts';

/** Any midnight: the experiment knows the time of day only. */
const MIDNIGHT_MS = Date.UTC(2011, 2, 3);
/** Where memory does not bind, of course nothing lacks. */
const PLENTY_BYTES = Number.MAX_SAFE_INTEGER;

export const hostName = (host: number) => `host-${String(host).padStart(3, '0')}`;
export const vmName = (vm: number) => `vm-${String(vm).padStart(4, '0')}`;
export const numberIn = (name: string): number => Number(name.slice(name.indexOf('-') + 1));

export const nowMs = (world: World): number => MIDNIGHT_MS + Math.round(world.nowSeconds * SECOND);

/** Instants of the last changes, by number; 0 where there was none. */
export interface LastChanges {
  readonly movedAtMs: ArrayLike<number>;
  readonly switchedAtMs: ArrayLike<number>;
}

/** The experiment as Drover sees a datacenter; VMs that were removed are not there. */
export function inventoryOf(world: World, last?: LastChanges): Inventory {
  const hosts = Array.from({ length: HOST_COUNT }, (_, host) => hostOf(world, host, last?.switchedAtMs[host] ?? 0));
  const vms = world.running.map((vm) => vmOf(world, vm, last?.movedAtMs[vm] ?? 0));
  return { atMs: nowMs(world), hosts, vms, flows: [], rules: [], flights: [] };
}

function hostOf(world: World, host: number, lastPowerChangeAtMs: number): Host {
  const { mips, watts } = hostKind(host);
  const { setting, machines, lists } = world;
  const memoryBytes = setting.enforcesMemory ? setting.memoryMb * MIB : PLENTY_BYTES;
  const isOn = setting.chargesSwitching ? machines.isOn(host) : lists[host]!.length > 0;
  return {
    ...HOST_DEFAULTS,
    id: hostName(host),
    capacity: amountsOf((resource) => (resource === CPU ? mips : resource === MEMORY ? memoryBytes : 0)),
    cores: HOST_CORES,
    migrationBytesPerS: MB_PER_S * MIB,
    powerModel: { watts, offWatts: 0, bootSeconds: setting.bootSeconds, shutdownSeconds: setting.shutdownSeconds },
    power: isOn ? 'on' : 'off',
    lastPowerChangeAtMs,
  };
}

function vmOf(world: World, vm: number, lastMoveAtMs: number): Vm {
  const memoryBytes = world.kindOf(vm).memoryMb * MIB;
  const demand = amountsOf((resource) =>
    resource === CPU ? world.wanted[vm]! : resource === MEMORY ? memoryBytes : 0,
  );
  return {
    ...VM_DEFAULTS,
    ...fromDemand(demand),
    id: vmName(vm),
    host: hostName(world.hostOf(vm)),
    demand,
    lastMoveAtMs,
  };
}
