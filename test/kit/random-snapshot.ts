import { toSnapshot } from '../../src/domain/inventory.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { GENERATE_DEFAULTS, generateInventory } from '../../src/simulator/generate.ts';
import { seededRandom, wholeBelow } from '../../src/simulator/random.ts';

/** A datacenter of 3 to 16 hosts whose size, load, skew, rules and traffic are drawn by the seed. */
export function randomSnapshot(seed: number): Snapshot {
  const random = seededRandom(seed);
  const hosts = 3 + wholeBelow(random, 14);
  const options = {
    ...GENERATE_DEFAULTS,
    hosts,
    vms: hosts * (3 + wholeBelow(random, 8)),
    racks: 1 + wholeBelow(random, 4),
    skew: random.next() / 2,
    rules: random.next() / 2,
    load: 0.1 + 0.6 * random.next(),
  };
  const inventory = generateInventory(options, seed);
  if ('because' in inventory) throw new Error(`seed ${seed}: ${inventory.because}`);
  return toSnapshot(inventory);
}
