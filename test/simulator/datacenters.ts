/** Small datacenters to try things on. */
import type { Inventory } from '../../src/domain/inventory.ts';
import { GIB } from '../../src/domain/units.ts';
import { steadyLoads } from '../../src/simulator/load.ts';
import { VirtualDatacenter } from '../../src/simulator/virtual-datacenter.ts';
import { aHost, anInventory, aVm } from '../kit/fleet.ts';

export const MIGRATION_BYTES_PER_S = GIB;

export const aServer = (id: string, traits: Parameters<typeof aHost>[0] = {}) =>
  aHost({ id, migrationBytesPerS: MIGRATION_BYTES_PER_S, ...traits });

/** Three hosts h1 … h3 and, on h1 and h2, VMs a, b and c of 4 GiB that write nothing. */
export function threeHosts(): Inventory {
  return anInventory({
    hosts: ['h1', 'h2', 'h3'].map((id) => aServer(id)),
    vms: [aVm({ id: 'a', host: 'h1' }), aVm({ id: 'b', host: 'h1' }), aVm({ id: 'c', host: 'h2' })],
  });
}

/** At time zero, under a load that never changes. */
export function steady(inventory: Inventory): VirtualDatacenter {
  return new VirtualDatacenter({ inventory, loads: steadyLoads(inventory.vms), startMs: 0 });
}

export const order = (vm: string, from: string, to: string, how: 'live' | 'quick' = 'live') => ({
  id: `${vm} to ${to}`,
  vm,
  from,
  to,
  how,
});

/** How the migration ended by that time; undefined: it has not. Takes the events. */
export function endOf(datacenter: VirtualDatacenter, id: string) {
  for (const event of datacenter.takeEvents()) {
    if (event.kind === 'migration-ended' && event.id === id) return event.end;
  }
  return undefined;
}
