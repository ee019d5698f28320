import { type SeededRandom, seededRandom } from '../../src/simulator/random.ts';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Chance of its own for each purpose: what one purpose draws changes nothing for the others. */
export function chanceFor(seed: number, purpose: string): SeededRandom {
  let hash = Math.imul(FNV_OFFSET ^ seed, FNV_PRIME);
  for (let i = 0; i < purpose.length; i++) hash = Math.imul(hash ^ purpose.charCodeAt(i), FNV_PRIME);
  return seededRandom(hash >>> 0);
}

/** Time until the next of events that come at random, so long apart on average. */
export const untilNextMs = (random: SeededRandom, meanMs: number): number =>
  Math.ceil(-Math.log(1 - random.next()) * meanMs);
