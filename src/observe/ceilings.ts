import type { Column } from '../domain/columns.ts';
import { CPU, MEMORY, NET_RX, NET_TX } from '../domain/resources.ts';
import type { HostColumns, VmColumns } from '../domain/snapshot.ts';
import type { Metric } from '../ports/samples.ts';

/** By metric: above what a value cannot be true, by index. Metrics that are not listed have no ceiling. */
export type Ceilings = ReadonlyMap<Metric, Column>;

/** Turbo clocks and measuring at the edges of an interval overshoot; what is beyond this is a mistake. */
const BEYOND = 1.5;

export function hostCeilings(hosts: HostColumns): Ceilings {
  return new Map<Metric, Column>([
    ['cpuMhz', ceilings(hosts.capacity[CPU]!)],
    ['memoryActiveBytes', ceilings(hosts.capacity[MEMORY]!)],
    ['netRxBytesPerS', ceilings(hosts.capacity[NET_RX]!)],
    ['netTxBytesPerS', ceilings(hosts.capacity[NET_TX]!)],
  ]);
}

/** By the best host that there is and not by the one where the VM is now: a VM that just moved must not look impossible. */
export function vmCeilings(vms: VmColumns, hosts: HostColumns): Ceilings {
  const coreMhz = highest(hostCoreMhz(hosts));
  const everywhere = (most: number) => ceilings(new Float64Array(vms.ids.length).fill(most));
  return new Map<Metric, Column>([
    ['cpuMhz', ceilings(Float64Array.from({ length: vms.ids.length }, (_, vm) => vms.vcpus[vm]! * coreMhz))],
    ['memoryActiveBytes', ceilings(vms.demand[MEMORY]!)],
    ['netRxBytesPerS', everywhere(highest(hosts.capacity[NET_RX]!))],
    ['netTxBytesPerS', everywhere(highest(hosts.capacity[NET_TX]!))],
  ]);
}

export function hostCoreMhz({ capacity, cores }: HostColumns): Column {
  return Float64Array.from({ length: cores.length }, (_, host) => capacity[CPU]![host]! / cores[host]!);
}

/** Of the host where each VM is. */
export function vmCoreMhz({ host }: VmColumns, hosts: HostColumns): Column {
  const coreMhz = hostCoreMhz(hosts);
  return Float64Array.from({ length: host.length }, (_, vm) => coreMhz[host[vm]!]!);
}

/** Nothing stated means no ceiling: optional resources are zero where nobody knows them. */
function ceilings(most: Column): Column {
  return Float64Array.from({ length: most.length }, (_, index) =>
    most[index]! > 0 ? most[index]! * BEYOND : Infinity,
  );
}

function highest(column: Column): number {
  let most = 0;
  for (let index = 0; index < column.length; index++) most = Math.max(most, column[index]!);
  return most;
}
