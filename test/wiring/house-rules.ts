/**
 * A second judge over what the datacenter itself reports, written from the rules alone: it shares no code with the
 * planner, the executor or the rules of the core.
 */
import type { Host } from '../../src/domain/host.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import type { Rule } from '../../src/domain/rule.ts';
import type { Flight } from '../../src/domain/snapshot.ts';
import type { Vm } from '../../src/domain/vm.ts';

type Place = Pick<Host, 'id' | 'rack' | 'site'>;

/** What is against the rules at this instant, a sentence each. */
export function offences(inventory: Inventory): string[] {
  const hosts = new Map(inventory.hosts.map((host) => [host.id, host]));
  const flights = new Map(inventory.flights.map((flight) => [flight.vm, flight]));
  const ends = new Map(inventory.vms.map((vm) => [vm.id, endsOf(vm, flights.get(vm.id), hosts)]));
  return [
    ...inventory.hosts.flatMap((host) => overfilled(host, inventory.vms, ends)),
    ...inventory.vms.flatMap((vm) => misplaced(vm, flights.get(vm.id), ends.get(vm.id)!)),
    ...inventory.rules.flatMap((rule) => together(rule, ends)),
    ...crowded(inventory.flights),
  ];
}

type Ends = ReadonlyMap<string, readonly Host[]>;

/** A VM that moves counts where it comes from and where it goes. */
function endsOf(vm: Vm, flight: Flight | undefined, hosts: ReadonlyMap<string, Host>): readonly Host[] {
  const ids = new Set(flight === undefined ? [vm.host] : [vm.host, flight.from, flight.to]);
  return [...ids].map((id) => hosts.get(id)!);
}

function overfilled(host: Host, vms: readonly Vm[], ends: Ends): string[] {
  const here = vms.filter((vm) => ends.get(vm.id)!.includes(host));
  const bytes = here.reduce((sum, vm) => sum + vm.demand.memoryBytes, host.reserved.memoryBytes);
  return bytes <= host.capacity.memoryBytes ? [] : [`${host.id} holds ${bytes} of ${host.capacity.memoryBytes} bytes`];
}

function misplaced(vm: Vm, flight: Flight | undefined, ends: readonly Host[]): string[] {
  const found: string[] = [];
  for (const host of ends) {
    const isUp = host.power === 'on' || (host.power === 'emptying' && host.id !== flight?.to);
    if (!isUp) found.push(`${vm.id} is on ${host.id}, which is ${host.power}`);
    if (!vm.storages.every((storage) => host.storages.includes(storage)))
      found.push(`${vm.id} lacks storage on ${host.id}`);
    if (!vm.vlans.every((vlan) => host.vlans.includes(vlan))) found.push(`${vm.id} lacks a VLAN on ${host.id}`);
    if (vm.cpuNeeds.vendor !== '' && vm.cpuNeeds.vendor !== host.cpu.vendor)
      found.push(`${vm.id} cannot run on ${host.id}`);
    if (!vm.cpuNeeds.features.every((feature) => host.cpu.features.includes(feature)))
      found.push(`${vm.id} lacks a CPU feature on ${host.id}`);
    if (vm.pinnedTo.length > 0 && !vm.pinnedTo.includes(host.id)) found.push(`${vm.id} is pinned away from ${host.id}`);
  }
  return found;
}

function together(rule: Rule, ends: Ends): string[] {
  if (rule.kind !== 'anti-affinity') return [];
  const name = (place: Place) => (rule.level === 'host' ? place.id : place[rule.level]);
  const members = rule.vms.filter((vm) => ends.has(vm));
  return members.flatMap((one, index) =>
    members.slice(index + 1).flatMap((other) => {
      const places = new Set(ends.get(one)!.map(name));
      const shared = ends
        .get(other)!
        .map(name)
        .filter((place) => places.has(place));
      return shared.length === 0 ? [] : [`${one} and ${other} are both in ${shared[0]} against ${rule.id}`];
    }),
  );
}

/** At most one migration at each host, whichever end it is; hence at most one for each pair. */
function crowded(flights: readonly Flight[]): string[] {
  const atHost = new Map<string, number>();
  for (const host of flights.flatMap((flight) => [flight.from, flight.to]))
    atHost.set(host, (atHost.get(host) ?? 0) + 1);
  return [...atHost].filter(([, count]) => count > 1).map(([host, count]) => `${count} migrations at ${host}`);
}
