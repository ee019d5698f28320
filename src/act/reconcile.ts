import type { HostId } from '../domain/host.ts';
import type { Inventory } from '../domain/inventory.ts';
import type { Step } from '../domain/plan.ts';
import type { PowerState } from '../domain/power.ts';
import { POWER_STATES } from '../domain/power.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { VmId } from '../domain/vm.ts';

/** What became of a step that a crash or restart left behind. */
export type Aftermath =
  | { readonly kind: 'ended'; readonly state: 'done' | 'overtaken' | 'failed'; readonly because: string }
  /** The world still works on it: it is watched to its end, and never commanded again. */
  | { readonly kind: 'under way' };

/** As much of the world as it takes to see what became of a step. */
export interface Sight {
  placeOf(vm: VmId): HostId | undefined;
  targetOf(vm: VmId): HostId | undefined;
  powerOf(host: HostId): PowerState | undefined;
}

export function inventorySight({ hosts, vms, flights }: Inventory): Sight {
  return {
    placeOf: (id) => vms.find((vm) => vm.id === id)?.host,
    targetOf: (id) => flights.find(({ vm }) => vm === id)?.to,
    powerOf: (id) => hosts.find((host) => host.id === id)?.power,
  };
}

export function snapshotSight({ hosts, vms, flights }: Snapshot): Sight {
  return {
    placeOf: (id) => {
      const vm = vms.index.get(id);
      return vm === undefined ? undefined : hosts.ids[vms.host[vm]!];
    },
    targetOf: (id) => flights.find(({ vm }) => vm === id)?.to,
    powerOf: (id) => {
      const host = hosts.index.get(id);
      return host === undefined ? undefined : POWER_STATES[hosts.power[host]!];
    },
  };
}

export function aftermath({ change }: Step, sight: Sight): Aftermath {
  if (change.kind === 'move') {
    const place = sight.placeOf(change.vm);
    if (place === undefined) return ended('overtaken', `${change.vm} is gone`);
    if (sight.targetOf(change.vm) === change.to) return { kind: 'under way' };
    if (place === change.to) return ended('done', 'found done after a restart');
    return ended('failed', `interrupted by a restart: ${change.vm} is on ${place}`);
  }
  const power = sight.powerOf(change.host);
  if (power === undefined) return ended('overtaken', `${change.host} is gone`);
  if (power === change.to) return ended('done', 'found done after a restart');
  if (power === (change.to === 'on' ? 'booting' : 'shutting-down')) return { kind: 'under way' };
  return ended('failed', `interrupted by a restart: ${change.host} is ${power}`);
}

function ended(state: 'done' | 'overtaken' | 'failed', because: string): Aftermath {
  return { kind: 'ended', state, because };
}
