import type { Move } from '../domain/change.ts';
import type { HostId } from '../domain/host.ts';
import { MEMORY } from '../domain/resources.ts';
import type { Occupancy } from '../plan/occupancy.ts';
import { permits } from '../plan/permission.ts';

/** Where else the VM may go now: of the hosts with room and permission the one with the most room left. */
export function otherTarget(move: Move, occupancy: Occupancy, isBarred: (host: HostId) => boolean): HostId | undefined {
  const { hosts, vms } = occupancy.snapshot;
  const vm = vms.index.get(move.vm);
  if (vm === undefined) return undefined;
  let best: number | undefined;
  hosts.ids.forEach((id, host) => {
    if (id === move.from || id === move.to || isBarred(id)) return;
    if (!permits(occupancy.snapshot, vm, host) || !occupancy.accepts(vm, host)) return;
    if (best === undefined || occupancy.free(MEMORY, host) > occupancy.free(MEMORY, best)) best = host;
  });
  return best === undefined ? undefined : hosts.ids[best];
}
