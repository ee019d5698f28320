import type { Column } from './columns.ts';
import type { HostId } from './host.ts';
import type { VmId } from './vm.ts';

/**
 * A resource that this datacenter counts beyond the built-in ones: GPUs, licences, disk operations. A host never gives
 * away more of it than it has.
 */
export interface CountedResource {
  readonly name: string;
  /** A VM that is moved takes it on both hosts until all moves are done. */
  readonly heldWhileMoving: boolean;
  /** Who is not named has none, or takes none. */
  readonly hosts: Readonly<Record<HostId, number>>;
  readonly vms: Readonly<Record<VmId, number>>;
}

export interface CountedColumns {
  readonly name: string;
  readonly heldWhileMoving: boolean;
  /** By host. */
  readonly capacity: Column;
  /** By VM. */
  readonly demand: Column;
}

export function countedColumns(
  { name, heldWhileMoving, hosts, vms }: CountedResource,
  hostIds: readonly HostId[],
  vmIds: readonly VmId[],
): CountedColumns {
  return {
    name,
    heldWhileMoving,
    capacity: Float64Array.from(hostIds, (id) => hosts[id] ?? 0),
    demand: Float64Array.from(vmIds, (id) => vms[id] ?? 0),
  };
}
