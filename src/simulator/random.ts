/** Chance that can be had again: the same seed, the same numbers. */
export interface SeededRandom {
  /** The next number in [0, 1). */
  next(): number;
}

/** Mulberry32: small, quick, and even enough for fleets and load. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      return mixed(state) / 2 ** 32;
    },
  };
}

/** A number in [0, 1) that depends on its arguments alone: chance for pure functions of time. */
export function hashedShare(seed: number, a: number, b: number): number {
  return (
    mixed(mixed(Math.imul(seed, 0x9e3779b1) ^ Math.imul(a + 1, 0x85ebca6b)) ^ Math.imul(b + 1, 0xc2b2ae35)) / 2 ** 32
  );
}

export const between = (random: SeededRandom, low: number, high: number): number => low + (high - low) * random.next();

export const wholeBelow = (random: SeededRandom, bound: number): number => Math.floor(random.next() * bound);

export const oneOf = <T>(random: SeededRandom, list: readonly T[]): T => list[wholeBelow(random, list.length)]!;

/** A positive factor around 1 with a long upper tail, as sizes and rates in the wild have it. */
export function longTailed(random: SeededRandom, spread: number): number {
  const bell = random.next() + random.next() + random.next() + random.next() - 2;
  return Math.exp(bell * spread * Math.sqrt(3));
}

/** Rounds up or down by chance, so that many of these add up to the sum of what was rounded. */
export const roundedByChance = (random: SeededRandom, value: number): number => Math.floor(value + random.next());

function mixed(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
  bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
  return (bits ^ (bits >>> 14)) >>> 0;
}
