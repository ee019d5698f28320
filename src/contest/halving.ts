/** What a candidate came to in each thing that should be little. */
export interface Scored {
  readonly words: string;
  readonly objectives: readonly number[];
  /** Decides between those of which neither is better in everything. */
  readonly cost: number;
}

export interface Round {
  readonly candidates: number;
  readonly seeds: number;
}

/** Half of the candidates go on from each round to the next, where they are looked at over twice as many seeds. */
export function roundsFor(candidates: number, seeds: number): Round[] {
  const count = Math.max(1, 1 + Math.floor(Math.log2(seeds)));
  return Array.from({ length: count }, (_, round) => ({
    candidates: Math.max(1, Math.ceil(candidates / 2 ** round)),
    seeds: round === count - 1 ? seeds : 2 ** round,
  }));
}

/** Those than which none is better in everything come first, then those than which only they are, and so on. */
export function ranked(all: readonly Scored[]): Scored[] {
  const inOrder: Scored[] = [];
  for (let rest = all; rest.length > 0; ) {
    const front = frontOf(rest);
    inOrder.push(...front.toSorted((a, b) => a.cost - b.cost));
    rest = rest.filter((each) => !front.includes(each));
  }
  return inOrder;
}

/** The Pareto front: those than which none is as good in everything and better in something. */
export function frontOf(all: readonly Scored[]): Scored[] {
  return all.filter((each) => !all.some((other) => isBetter(other, each)));
}

function isBetter(one: Scored, other: Scored): boolean {
  const pairs = one.objectives.map((value, index) => [value, other.objectives[index]!] as const);
  return pairs.every(([a, b]) => a <= b) && pairs.some(([a, b]) => a < b);
}
