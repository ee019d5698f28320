import { hashedShare } from './random.ts';

const SLOTS_PER_DAY = 8;
/** Shares of a day: a crowd is there within minutes, and goes within an hour or two. */
const RISE = 1 / 288;
const HALF_LIFE = 1 / 48;
/** Of what is left of a crowd after this many slots nothing is to be seen. */
const SLOTS_FELT = 3;
const LEAST_FACTOR = 2.5;
const MOST_FACTOR = 6;

/** Salts, so that whether, when and how hard are drawn from different lots. */
const WHETHER = 0x51ed;
const WHEN = 0x2c1b;
const HOW_HARD = 0x77a3;

/** Many who come at once: all VMs of a service are wanted several times as much, from one minute to the next. */
export interface Storms {
  /** What the load of each service is multiplied with at the instant. */
  factors(atMs: number): Float64Array;
}

export function stormsOf(
  seed: number,
  dayMs: number,
  service: Uint32Array,
  perDay: number | undefined,
): Storms | undefined {
  if (perDay === undefined || perDay <= 0) return undefined;
  const services = service.reduce((most, number) => Math.max(most, number + 1), 0);
  const factors = new Float64Array(services);
  let readAtMs = Number.NaN;
  return {
    factors(atMs) {
      if (atMs === readAtMs) return factors;
      readAtMs = atMs;
      for (let each = 0; each < services; each++) factors[each] = factorAt(seed, each, perDay, atMs / dayMs);
      return factors;
    },
  };
}

function factorAt(seed: number, service: number, perDay: number, days: number): number {
  const slot = Math.floor(days * SLOTS_PER_DAY);
  let more = 0;
  for (let felt = slot - SLOTS_FELT; felt <= slot; felt++) {
    if (hashedShare(seed ^ WHETHER, service, felt) >= perDay / SLOTS_PER_DAY) continue;
    const began = (felt + hashedShare(seed ^ WHEN, service, felt)) / SLOTS_PER_DAY;
    const hard = LEAST_FACTOR + (MOST_FACTOR - LEAST_FACTOR) * hashedShare(seed ^ HOW_HARD, service, felt);
    more = Math.max(more, (hard - 1) * crowdAfter(days - began));
  }
  return 1 + more;
}

function crowdAfter(days: number): number {
  if (days < 0) return 0;
  return days < RISE ? days / RISE : 2 ** (-(days - RISE) / HALF_LIFE);
}
