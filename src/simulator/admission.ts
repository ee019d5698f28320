import type { Refusal } from '../domain/rule.ts';
import { bytesWords } from '../domain/words.ts';
import type { MigrationOrder } from './events.ts';
import type { Fleet } from './fleet.ts';

const refuse = (rule: string, because: string): Refusal => ({ rule, because });

/** What a hypervisor would refuse to begin. Rules of placement are not its business. */
export function refuseMigration(order: MigrationOrder, fleet: Fleet): Refusal | undefined {
  const vm = fleet.vmIndex.get(order.vm);
  const source = fleet.hostIndex.get(order.from);
  const target = fleet.hostIndex.get(order.to);
  if (vm === undefined || fleet.isAbsent[vm] === 1) return refuse('existence', `there is no VM ${order.vm}`);
  if (source === undefined) return refuse('existence', `there is no host ${order.from}`);
  if (target === undefined) return refuse('existence', `there is no host ${order.to}`);
  if (fleet.hostOf[vm] !== source) {
    return refuse('place', `${order.vm} is on ${fleet.hosts[fleet.hostOf[vm]!]!.id} and not on ${order.from}`);
  }
  if (source === target) return refuse('place', `${order.vm} is on ${order.to} already`);
  if (!fleet.vms[vm]!.migratable) return refuse('migratable', `${order.vm} is tied to a device of ${order.from}`);
  const refusal = refuseEnds(source, target, fleet) ?? refuseMakeup(vm, target, fleet);
  return refusal ?? (order.how === 'quick' ? refuseSize(vm, target, fleet) : refuseMemory(vm, target, fleet));
}

/** A saved guest waits for its room, but not for a larger host. */
function refuseSize(vm: number, target: number, fleet: Fleet): Refusal | undefined {
  const { id, demand } = fleet.vms[vm]!;
  const { id: host, capacity, reserved } = fleet.hosts[target]!;
  const most = capacity.memoryBytes - reserved.memoryBytes;
  if (demand.memoryBytes <= most) return undefined;
  return refuse('memory', `${id} needs ${bytesWords(demand.memoryBytes)}, and ${host} has ${bytesWords(most)} in all`);
}

function refuseEnds(source: number, target: number, fleet: Fleet): Refusal | undefined {
  for (const host of [source, target]) {
    const { id, migrationBytesPerS } = fleet.hosts[host]!;
    if (!fleet.isOn(host)) return refuse('power', `${id} is not on`);
    if (migrationBytesPerS <= 0) return refuse('network', `${id} has no migration network`);
  }
  return undefined;
}

function refuseMakeup(vm: number, target: number, fleet: Fleet): Refusal | undefined {
  const { id, storages, vlans, cpuNeeds } = fleet.vms[vm]!;
  const host = fleet.hosts[target]!;
  const storage = storages.find((name) => !host.storages.includes(name));
  if (storage !== undefined) return refuse('storage', `${host.id} does not see ${storage}, where ${id} has its disks`);
  const vlan = vlans.find((name) => !host.vlans.includes(name));
  if (vlan !== undefined) return refuse('vlan', `${host.id} has no way to VLAN ${vlan}, which ${id} uses`);
  if (cpuNeeds.vendor !== '' && cpuNeeds.vendor !== host.cpu.vendor) {
    return refuse('cpu', `${id} needs a processor by ${cpuNeeds.vendor}, and ${host.id} has one by ${host.cpu.vendor}`);
  }
  const feature = cpuNeeds.features.find((name) => !host.cpu.features.includes(name));
  if (feature !== undefined) return refuse('cpu', `the processor of ${host.id} lacks ${feature}, which ${id} needs`);
  return undefined;
}

function refuseMemory(vm: number, target: number, fleet: Fleet): Refusal | undefined {
  const { id, demand } = fleet.vms[vm]!;
  const host = fleet.hosts[target]!;
  const free = host.capacity.memoryBytes - fleet.heldMemoryBytes[target]!;
  if (demand.memoryBytes <= free) return undefined;
  return refuse('memory', `${id} needs ${bytesWords(demand.memoryBytes)}, and ${host.id} has ${bytesWords(free)} free`);
}
