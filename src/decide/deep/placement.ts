import { Counters } from './counters.ts';
import { Loads } from './loads.ts';
import type { DeepModel, Opaque, Whole } from './model.ts';
import { PlaceCosts } from './place-costs.ts';

const FORBIDDEN = Number.POSITIVE_INFINITY;

/** Where the items are, what that costs, and how far it is from being possible, all kept up to date move by move. */
export class Placement {
  readonly model: DeepModel;
  readonly hostOf: Whole;
  readonly counters: Counters;
  readonly loads: Loads;
  /** What each host costs by its load, and the same with what it lacks. */
  readonly hostCost: Float64Array;
  readonly hostPrice: Float64Array;
  /** Items on each host, in no order. */
  readonly itemsOn: Int32Array[];
  readonly countOn: Int32Array;
  /** Load and moving, all of it. */
  cost = 0;
  /** Hosts that have given away more than they have: how many, and which, in the first places of the column. */
  lacking = 0;
  readonly lackingHosts: Int32Array;
  /** Place of each host among those; -1 where nothing is lacking. */
  readonly #lackingAt: Int32Array;
  readonly #brokenAtFirst: number;
  readonly #placeOn: Int32Array;
  readonly #opaque: Opaque;
  readonly #placeCosts: PlaceCosts;
  /** What a host's price would fall by without the item, and when that was worked out. */
  readonly #relief: Float64Array;
  readonly #reliefAt: Uint32Array;
  readonly #changedAt: Uint32Array;
  #now = 1;

  constructor(model: DeepModel, start: Whole, opaque: Opaque = {}) {
    const { hosts, items } = model;
    this.model = model;
    this.#opaque = opaque;
    this.loads = new Loads(model, opaque);
    this.hostOf = Int32Array.from(start);
    this.hostCost = new Float64Array(hosts);
    this.hostPrice = new Float64Array(hosts);
    this.countOn = new Int32Array(hosts);
    this.lackingHosts = new Int32Array(hosts);
    this.#lackingAt = new Int32Array(hosts).fill(-1);
    this.#placeOn = new Int32Array(items);
    this.#relief = new Float64Array(items);
    this.#reliefAt = new Uint32Array(items);
    this.#changedAt = new Uint32Array(hosts);
    for (let item = 0; item < items; item++) this.countOn[start[item]!]! += 1;
    this.itemsOn = Array.from(this.countOn, (count) => new Int32Array(count + 8));
    this.countOn.fill(0);
    for (let item = 0; item < items; item++) this.#settle(item, this.hostOf[item]!);
    this.counters = new Counters(model, this.hostOf);
    this.#brokenAtFirst = this.counters.broken;
    for (let host = 0; host < hosts; host++) this.recount(host);
    this.#placeCosts = new PlaceCosts(model, this.hostOf, opaque);
    this.cost += this.#placeCosts.total();
  }

  /** What it would change to move the item there, rules apart; anything above `most` where it is above that. */
  moveDelta(item: number, to: number, most: number): number {
    const from = this.hostOf[item]!;
    const saved = this.relief(item) + this.hostPrice[to]! - this.#placeCosts.delta(item, from, to);
    const delta = this.#price(to, this.loads.nobody, item, most + saved) - saved;
    return delta <= most && this.mayRun(item, to) ? delta : FORBIDDEN;
  }

  /** Moves the item unless that would change more than so much, broken rules at their prices included. */
  tryMove(item: number, to: number, most: number): boolean {
    const bound = most + this.#amends(item);
    const delta = this.moveDelta(item, to, bound);
    if (delta > bound) return false;
    const from = this.hostOf[item]!;
    const before = this.counters.price;
    this.#shift(item, from, to);
    if (delta + this.counters.price - before <= most) {
      this.#follow(item, from, to);
      return true;
    }
    this.#shift(item, to, from);
    return false;
  }

  /** The same for two items that change places; what moving them costs is taken as if each went alone. */
  trySwap(one: number, other: number, most: number): boolean {
    const bound = most + this.#amends(one) + this.#amends(other);
    const delta = this.#swapDelta(one, other, bound);
    if (delta > bound) return false;
    return this.#tryBoth([one, other, this.hostOf[one]!, this.hostOf[other]!, this.hostOf[one]!], delta, most);
  }

  /** The same for an item that takes the place of another one, which goes to a third host. */
  tryChain(item: number, ousted: number, to: number, most: number): boolean {
    const bound = most + this.#amends(item) + this.#amends(ousted);
    const delta = this.#chainDelta(item, ousted, to, bound);
    if (delta > bound) return false;
    return this.#tryBoth([item, ousted, this.hostOf[item]!, this.hostOf[ousted]!, to], delta, most);
  }

  /** One goes from its host to that of the other, which goes to a third or to the first. */
  #tryBoth(
    [one, other, first, middle, last]: readonly [number, number, number, number, number],
    delta: number,
    most: number,
  ): boolean {
    const before = this.counters.price;
    this.#shift(other, middle, last);
    this.#shift(one, first, middle);
    const isTaken = delta + this.counters.price - before <= most;
    this.#shift(one, middle, first);
    if (isTaken) {
      this.#follow(other, middle, last);
      this.#shift(one, first, middle);
      this.#follow(one, first, middle);
      return true;
    }
    this.#shift(other, last, middle);
    return false;
  }

  /** What can be gained at most by rules that are broken: so much more may the rest cost. */
  #amends(item: number): number {
    return this.counters.broken === 0 ? 0 : this.counters.atStake(item);
  }

  #swapDelta(one: number, other: number, most: number): number {
    const a = this.hostOf[one]!;
    const b = this.hostOf[other]!;
    const saved =
      this.hostPrice[a]! + this.hostPrice[b]! - this.#placeCosts.delta(one, a, b) - this.#placeCosts.delta(other, b, a);
    const atLeast = this.loads.mayFall ? 0 : this.hostPrice[a]! - this.relief(one);
    const priceB = this.#price(b, other, one, most + saved - atLeast);
    if (priceB + atLeast - saved > most) return FORBIDDEN;
    const delta = priceB + this.#price(a, one, other, most + saved - priceB) - saved;
    return delta <= most && this.mayRun(one, b) && this.mayRun(other, a) ? delta : FORBIDDEN;
  }

  #chainDelta(item: number, ousted: number, to: number, most: number): number {
    const from = this.hostOf[item]!;
    const middle = this.hostOf[ousted]!;
    const moving = this.#placeCosts.delta(item, from, middle) + this.#placeCosts.delta(ousted, middle, to);
    const saved = this.relief(item) + this.hostPrice[middle]! + this.hostPrice[to]! - moving;
    const atLeast = this.loads.mayFall ? 0 : this.hostPrice[to]!;
    const priceMiddle = this.#price(middle, ousted, item, most + saved - atLeast);
    if (priceMiddle + atLeast - saved > most) return FORBIDDEN;
    const delta = priceMiddle + this.#price(to, this.loads.nobody, ousted, most + saved - priceMiddle) - saved;
    return delta <= most && this.mayRun(item, middle) && this.mayRun(ousted, to) ? delta : FORBIDDEN;
  }

  /** What the host of the item would be cheaper by without it. */
  relief(item: number): number {
    const host = this.hostOf[item]!;
    if (this.#reliefAt[item]! >= this.#changedAt[host]!) return this.#relief[item]!;
    const relief = this.hostPrice[host]! - this.#price(host, item, this.loads.nobody, Number.POSITIVE_INFINITY);
    this.#relief[item] = relief;
    this.#reliefAt[item] = this.#now;
    return relief;
  }

  /** There is room for everyone, and no more of the rules is broken than at first. */
  get isSound(): boolean {
    return this.lacking === 0 && this.counters.broken <= this.#brokenAtFirst;
  }

  mayRun(item: number, host: number): boolean {
    return this.#opaque.mayRun === undefined || this.#opaque.mayRun(item, host);
  }

  move(item: number, to: number): void {
    const from = this.hostOf[item]!;
    this.#shift(item, from, to);
    this.#follow(item, from, to);
  }

  /** For the rules alone; the sums follow. */
  #shift(item: number, from: number, to: number): void {
    this.counters.leave(item, from);
    this.hostOf[item] = to;
    this.counters.arrive(item, to);
  }

  #follow(item: number, from: number, to: number): void {
    this.cost += this.#placeCosts.delta(item, from, to);
    this.#placeCosts.follow(item, from, to);
    this.#unsettle(item, from);
    this.#settle(item, to);
    this.recount(from);
    this.recount(to);
  }

  /** All items where those columns have them. */
  restore(hostOf: Whole): void {
    for (let item = 0; item < hostOf.length; item++) {
      if (this.hostOf[item] !== hostOf[item]) this.move(item, hostOf[item]!);
    }
  }

  /** To be called when a price of what is lacking on the host has changed; moves do it by themselves. */
  recount(host: number): void {
    const cost = this.loads.cost(host, this.countOn[host]!);
    const lack = this.loads.lack(host);
    if (lack > 0 !== this.#lackingAt[host]! >= 0) this.#list(host, lack > 0);
    this.cost += cost - this.hostCost[host]!;
    this.hostCost[host] = cost;
    this.hostPrice[host] = cost + lack;
    this.#now += 1;
    this.#changedAt[host] = this.#now;
  }

  #list(host: number, isLacking: boolean): void {
    if (isLacking) {
      this.#lackingAt[host] = this.lacking;
      this.lackingHosts[this.lacking] = host;
      this.lacking += 1;
      return;
    }
    this.lacking -= 1;
    const last = this.lackingHosts[this.lacking]!;
    this.lackingHosts[this.#lackingAt[host]!] = last;
    this.#lackingAt[last] = this.#lackingAt[host]!;
    this.#lackingAt[host] = -1;
  }

  #price(host: number, out: number, item: number, bound: number): number {
    return this.loads.price(host, out, item, bound, this.countOn[host]!);
  }

  #settle(item: number, host: number): void {
    const count = this.countOn[host]!;
    if (count === this.itemsOn[host]!.length) {
      const grown = new Int32Array(2 * count + 8);
      grown.set(this.itemsOn[host]!);
      this.itemsOn[host] = grown;
    }
    this.itemsOn[host]![count] = item;
    this.#placeOn[item] = count;
    this.countOn[host] = count + 1;
    this.loads.take(item, host, 1);
  }

  #unsettle(item: number, host: number): void {
    const items = this.itemsOn[host]!;
    const last = items[this.countOn[host]! - 1]!;
    const place = this.#placeOn[item]!;
    items[place] = last;
    this.#placeOn[last] = place;
    this.countOn[host]! -= 1;
    this.loads.take(item, host, -1);
  }
}
