import { GIB, MIB } from '../domain/units.ts';
import type { SeededRandom } from './random.ts';
import { between, longTailed, oneOf, wholeBelow } from './random.ts';

/** What a service's VM is for. */
export type Tier = 'web' | 'app' | 'data';

/** A VM before it has a place. */
export interface VmDraft {
  readonly id: string;
  readonly tier: Tier;
  readonly vcpus: number;
  readonly cpuMhz: number;
  readonly memoryBytes: number;
  readonly dirtyBytesPerS: number;
}

/** VMs that talk to each other. */
export interface ServiceDraft {
  readonly name: string;
  readonly isChatty: boolean;
  readonly members: readonly VmDraft[];
}

/** What all VMs together, and each of them at most, may take. */
export interface Budget {
  readonly cpuMhz: number;
  readonly memoryBytes: number;
  readonly cpuMhzPerVm: number;
  readonly memoryBytesPerVm: number;
}

export const SMALLEST_MEMORY_BYTES = 256 * MIB;

const NAMES = [
  'shop',
  'mail',
  'wiki',
  'billing',
  'search',
  'portal',
  'build',
  'chat',
  'erp',
  'video',
  'auth',
  'reports',
];
const TIERS_BY_PLACE: readonly Tier[] = ['web', 'data', 'app', 'web', 'app', 'web'];
const CHATTY_SHARE = 0.2;
/** Cores are sold with some headroom over what is used on an ordinary day. */
const CORE_MHZ_SOLD = 2500;
const MOST_USED_SHARE = 0.75;
const VCPUS_SOLD = [1, 2, 4, 6, 8, 12, 16, 24, 32];
const MEMORY_SOLD_GIB = [0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32];
const ZEALOUS_WRITERS_SHARE = 0.02;

export function generateServices(vms: number, budget: Budget, random: SeededRandom): ServiceDraft[] {
  const cpuWeights = Float64Array.from({ length: vms }, () => longTailed(random, 0.7));
  const memoryWeights = cpuWeights.map((weight) => weight ** 0.6 * longTailed(random, 0.4));
  const sizes = {
    cpuMhz: scaled(cpuWeights, budget.cpuMhz, budget.cpuMhzPerVm),
    memoryBytes: scaled(memoryWeights, budget.memoryBytes, budget.memoryBytesPerVm),
  };
  const services: ServiceDraft[] = [];
  for (let first = 0; first < vms; ) {
    const count = Math.min(2 + wholeBelow(random, TIERS_BY_PLACE.length - 1), vms - first);
    services.push(serviceOf(`${oneOf(random, NAMES)}${services.length + 1}`, first, count, sizes, random));
    first += count;
  }
  return services;
}

interface Sizes {
  readonly cpuMhz: Float64Array;
  readonly memoryBytes: Float64Array;
}

function serviceOf(name: string, first: number, count: number, sizes: Sizes, random: SeededRandom): ServiceDraft {
  const seen = { web: 0, app: 0, data: 0 };
  const members = TIERS_BY_PLACE.slice(0, count).map((tier, place) => {
    seen[tier] += 1;
    const cpuMhz = sizes.cpuMhz[first + place]!;
    const memoryBytes = sold(sizes.memoryBytes[first + place]!, random);
    const id = `${name}-${tier}-${seen[tier]}`;
    return {
      id,
      tier,
      vcpus: vcpusFor(cpuMhz),
      cpuMhz,
      memoryBytes,
      dirtyBytesPerS: dirtyRate(tier, memoryBytes, random),
    };
  });
  return { name, isChatty: random.next() < CHATTY_SHARE, members };
}

/** Shares the sum out by weight; what a cap cuts off is not given to others. */
function scaled(weights: Float64Array, sum: number, most: number): Float64Array {
  const total = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => Math.min((weight / total) * sum, most));
}

function vcpusFor(cpuMhz: number): number {
  const needed = cpuMhz / (CORE_MHZ_SOLD * MOST_USED_SHARE);
  return VCPUS_SOLD.find((vcpus) => vcpus >= needed) ?? Math.ceil(needed);
}

/** A size on the price list next to the one wanted, by chance above or below so that the fleet's sum stays. */
function sold(wantedBytes: number, random: SeededRandom): number {
  const wanted = wantedBytes / GIB;
  const above = MEMORY_SOLD_GIB.findIndex((size) => size >= wanted);
  if (above === -1) return MEMORY_SOLD_GIB.at(-1)! * GIB;
  if (above === 0) return MEMORY_SOLD_GIB[0]! * GIB;
  const low = MEMORY_SOLD_GIB[above - 1]!;
  const high = MEMORY_SOLD_GIB[above]!;
  return (random.next() < (wanted - low) / (high - low) ? high : low) * GIB;
}

/** Per second, a share of the memory; a few guests write about as fast as a migration can copy. */
function dirtyRate(tier: Tier, memoryBytes: number, random: SeededRandom): number {
  if (random.next() < ZEALOUS_WRITERS_SHARE) return between(random, 150, 350) * MIB;
  return memoryBytes * (tier === 'data' ? 0.006 : 0.003) * longTailed(random, 0.5);
}
