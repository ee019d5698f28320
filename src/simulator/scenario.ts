import type { Inventory } from '../domain/inventory.ts';
import type { Refusal } from '../domain/rule.ts';
import { HOUR, SECOND } from '../domain/units.ts';
import type { Coming } from './comings.ts';
import { type GenerateOptions, generateInventory } from './generate.ts';
import type { LoadSource } from './load-source.ts';
import { type DatacenterPattern, patternedLoads } from './patterns.ts';
import { type RecordedShares, recordedLoads, tracedLoads } from './traced-loads.ts';
import { VirtualDatacenter } from './virtual-datacenter.ts';

/** A datacenter as it was recorded: where everything was at first, what its VMs wanted, row by row, and who came and went. */
export interface RecordedDatacenter {
  readonly inventory: Inventory;
  readonly shares: RecordedShares;
  readonly comings: readonly Coming[];
}

/** What a datacenter is put through: with a seed, always the same. */
export interface Scenario {
  readonly datacenter:
    | { readonly kind: 'generated'; readonly options: GenerateOptions }
    | { readonly kind: 'stated'; readonly inventory: Inventory }
    | { readonly kind: 'traced'; readonly options: GenerateOptions; readonly recorded: RecordedShares }
    | ({ readonly kind: 'recorded' } & RecordedDatacenter);
  readonly pattern: DatacenterPattern;
  readonly hours: number;
  /** Between two samples, between two changes of the load, and between two decisions. */
  readonly stepSeconds: number;
  readonly rackUplinkBytesPerS: number;
  readonly bootFailureShare: number;
}

export const inventoryOf = ({ datacenter }: Scenario, seed: number): Inventory | Refusal =>
  'inventory' in datacenter ? datacenter.inventory : generateInventory(datacenter.options, seed);

/** The datacenter at its start. */
export function datacenterOf(scenario: Scenario, inventory: Inventory, seed: number): VirtualDatacenter {
  const { stepSeconds, rackUplinkBytesPerS, bootFailureShare } = scenario;
  const sorted = inIdOrder(inventory);
  return new VirtualDatacenter({
    inventory: sorted,
    loads: loadsOf(scenario, sorted, seed),
    startMs: inventory.atMs,
    loadStepMs: stepSeconds * SECOND,
    rackUplinkBytesPerS,
    ...(scenario.datacenter.kind === 'recorded' && { comings: scenario.datacenter.comings }),
    ...(bootFailureShare > 0 && { bootFailures: { share: bootFailureShare, seed } }),
  });
}

function loadsOf({ datacenter, pattern }: Scenario, { vms, atMs }: Inventory, seed: number): LoadSource {
  if (datacenter.kind === 'recorded') return recordedLoads(vms, datacenter.shares, atMs);
  if (datacenter.kind === 'traced') return tracedLoads(vms, datacenter.recorded, atMs, seed);
  return patternedLoads(vms, pattern, seed);
}

export const endOfMs = ({ hours }: Scenario, inventory: Inventory): number => inventory.atMs + hours * HOUR;

/** The core decides in the order of ids anyway; a datacenter that is in it is spared being sorted in every cycle. */
function inIdOrder(inventory: Inventory): Inventory {
  const sorted = <T extends { readonly id: string }>(list: readonly T[]) =>
    list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { ...inventory, hosts: sorted(inventory.hosts), vms: sorted(inventory.vms), flights: [] };
}
