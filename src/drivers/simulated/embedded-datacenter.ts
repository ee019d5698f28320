import type { Refusal } from '../../domain/rule.ts';
import { MINUTE } from '../../domain/units.ts';
import { generateInventory } from '../../simulator/generate.ts';
import { DUSK_AT, generateLoads, loadsOf } from '../../simulator/load.ts';
import { VirtualDatacenter } from '../../simulator/virtual-datacenter.ts';

export interface EmbeddedSettings {
  readonly hosts: number;
  readonly vms: number;
  readonly racks: number;
  readonly seed: number;
  readonly dayMinutes: number;
}

/** Busy by day, with some hosts too busy, some rules and a lot of talk: there is something to do for every policy. */
const BUSY = { load: 0.74, skew: 0.15, rules: 0.3, variety: 0, traffic: 1.5 };
/** It starts in the afternoon, this share of a day before dusk. */
const START_BEFORE_DUSK = 0.125;

/** The datacenter that comes with Drover, or why there cannot be one of this size. */
export function createEmbeddedDatacenter(settings: EmbeddedSettings, startMs: number): VirtualDatacenter | Refusal {
  const { hosts, vms, racks, seed, dayMinutes } = settings;
  const inventory = generateInventory({ ...BUSY, hosts, vms, racks, atMs: startMs }, seed);
  if ('because' in inventory) return inventory;
  const lengthMs = dayMinutes * MINUTE;
  const midnightMs = startMs - (DUSK_AT - START_BEFORE_DUSK) * lengthMs;
  const loads = loadsOf(inventory.vms, generateLoads(inventory.vms, seed, { lengthMs, midnightMs }));
  return new VirtualDatacenter({ inventory, loads, startMs });
}
