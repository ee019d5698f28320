interface Offer<Giver> {
  readonly by: Giver;
  left: number;
}

/**
 * Room of one resource on every host, and whom an arrival owes it to. Nobody's room is taken first; the rest comes from
 * as few departures as will do.
 */
export class RoomClaims<Giver> {
  /** Room that nobody had to free. Below zero where a host is overfull: then departures first make up for that. */
  readonly #free = new Map<number, number>();
  readonly #freeAtFirst: (host: number) => number;
  readonly #offers = new Map<number, Offer<Giver>[]>();
  /** Departures that brought an overfull host back to its capacity: all who arrive owe it to them. */
  readonly #repaid = new Map<number, Giver[]>();

  /** `freeAtFirst` is asked once for each host, whenever that turns out to be: it has to remember. */
  constructor(freeAtFirst: (host: number) => number) {
    this.#freeAtFirst = freeAtFirst;
  }

  offer(host: number, amount: number, by: Giver | undefined): void {
    const free = this.#freeAt(host);
    const debt = Math.min(amount, Math.max(0, -free));
    this.#free.set(host, free + (by === undefined ? amount : debt));
    if (by === undefined) return;
    if (debt > 0) listOf(this.#repaid, host).push(by);
    if (amount > debt) listOf(this.#offers, host).push({ by, left: amount - debt });
  }

  /** Promises room that may not be there yet: whoever leaves makes up for it first, and all who arrive owe it to them. */
  promise(host: number, amount: number): void {
    this.#free.set(host, this.#freeAt(host) - amount);
  }

  /** The caller has seen that there is room. */
  claim(host: number, amount: number): readonly Giver[] {
    const free = this.#freeAt(host);
    const repaid = this.#repaid.get(host);
    if (free >= amount && repaid === undefined) {
      this.#free.set(host, free - amount);
      return NOBODY;
    }
    const givers = [...(repaid ?? [])];
    const own = Math.min(amount, Math.max(0, free));
    this.#free.set(host, free - own);
    let missing = amount - own;
    while (missing > 0) {
      const offer = bestOffer(listOf(this.#offers, host), missing);
      if (offer === undefined) break;
      const taken = Math.min(missing, offer.left);
      offer.left -= taken;
      missing -= taken;
      givers.push(offer.by);
    }
    this.#dropEmpty(host);
    return givers;
  }

  #freeAt(host: number): number {
    return this.#free.get(host) ?? this.#freeAtFirst(host);
  }

  #dropEmpty(host: number): void {
    const offers = this.#offers.get(host);
    if (offers?.some(({ left }) => left <= 0)) {
      this.#offers.set(
        host,
        offers.filter(({ left }) => left > 0),
      );
    }
  }
}

const NOBODY: readonly never[] = [];

/** The smallest that suffices alone, else the largest. */
function bestOffer<Giver>(offers: readonly Offer<Giver>[], missing: number): Offer<Giver> | undefined {
  let best: Offer<Giver> | undefined;
  for (const offer of offers) {
    if (offer.left > 0 && (best === undefined || isBetter(offer.left, best.left, missing))) best = offer;
  }
  return best;
}

function isBetter(left: number, best: number, missing: number): boolean {
  const suffices = left >= missing;
  if (suffices !== best >= missing) return suffices;
  return suffices ? left < best : left > best;
}

function listOf<T>(lists: Map<number, T[]>, key: number): T[] {
  let list = lists.get(key);
  if (list === undefined) {
    list = [];
    lists.set(key, list);
  }
  return list;
}
