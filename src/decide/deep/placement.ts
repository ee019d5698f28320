import { Counters } from './counters.ts';
import type { DeepModel, Opaque, Whole } from './model.ts';
import { PlaceCosts } from './place-costs.ts';

const NOBODY = -1;
const FORBIDDEN = Number.POSITIVE_INFINITY;
/** Nothing that is saved anywhere makes up for lacking a unit of room at this price. */
export const UNTHINKABLE = 1e15;

/** Where the items are, what that costs, and how far it is from being possible, all kept up to date move by move. */
export class Placement {
  readonly model: DeepModel;
  readonly hostOf: Whole;
  readonly counters: Counters;
  /** Hosts × resources: in use, and the most that may be, as far as items that have left do not hold it still. */
  readonly used: Float64Array;
  readonly room: Float64Array;
  /** Hosts × resources: what each unit of lacking room counts in a comparison. */
  readonly lackPrice: Float64Array;
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
  readonly #hasHeld: boolean;
  /** Whether a host may cost less with more on it. */
  readonly #mayFall: boolean;
  readonly #opaque: Opaque;
  readonly #scratch: Float64Array;
  readonly #placeCosts: PlaceCosts;
  /** What a host's price would fall by without the item, and when that was worked out. */
  readonly #relief: Float64Array;
  readonly #reliefAt: Uint32Array;
  readonly #changedAt: Uint32Array;
  #now = 1;

  constructor(model: DeepModel, start: Whole, opaque: Opaque = {}) {
    const { hosts, resources, items } = model;
    this.model = model;
    this.#opaque = opaque;
    this.#scratch = new Float64Array(model.resources);
    this.#mayFall = model.balances.of.length > 0 || opaque.hostCost !== undefined;
    this.hostOf = Int32Array.from(start);
    this.used = Float64Array.from(model.fixed);
    this.room = Float64Array.from(model.capacity);
    this.lackPrice = new Float64Array(hosts * resources).fill(UNTHINKABLE);
    this.hostCost = new Float64Array(hosts);
    this.hostPrice = new Float64Array(hosts);
    this.countOn = new Int32Array(hosts);
    this.lackingHosts = new Int32Array(hosts);
    this.#lackingAt = new Int32Array(hosts).fill(-1);
    this.#placeOn = new Int32Array(items);
    this.#hasHeld = model.held.includes(1);
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
    const delta = this.#priceWith(to, item, most + saved) - saved;
    return delta <= most && this.mayRun(item, to) ? delta : FORBIDDEN;
  }

  /** Moves the item unless that would change more than so much, broken rules at their prices included. */
  tryMove(item: number, to: number, most: number): boolean {
    const delta = this.moveDelta(item, to, most);
    if (delta > most) return false;
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
    const delta = this.#swapDelta(one, other, most);
    if (delta > most) return false;
    return this.#tryBoth([one, other, this.hostOf[one]!, this.hostOf[other]!, this.hostOf[one]!], delta, most);
  }

  /** The same for an item that takes the place of another one, which goes to a third host. */
  tryChain(item: number, ousted: number, to: number, most: number): boolean {
    const delta = this.#chainDelta(item, ousted, to, most);
    if (delta > most) return false;
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

  #swapDelta(one: number, other: number, most: number): number {
    const a = this.hostOf[one]!;
    const b = this.hostOf[other]!;
    const saved =
      this.hostPrice[a]! + this.hostPrice[b]! - this.#placeCosts.delta(one, a, b) - this.#placeCosts.delta(other, b, a);
    const atLeast = this.#mayFall ? 0 : this.hostPrice[a]! - this.relief(one);
    const priceB = this.#priceWithOther(b, other, one, most + saved - atLeast);
    if (priceB + atLeast - saved > most) return FORBIDDEN;
    const delta = priceB + this.#priceWithOther(a, one, other, most + saved - priceB) - saved;
    return delta <= most && this.mayRun(one, b) && this.mayRun(other, a) ? delta : FORBIDDEN;
  }

  #chainDelta(item: number, ousted: number, to: number, most: number): number {
    const from = this.hostOf[item]!;
    const middle = this.hostOf[ousted]!;
    const moving = this.#placeCosts.delta(item, from, middle) + this.#placeCosts.delta(ousted, middle, to);
    const saved = this.relief(item) + this.hostPrice[middle]! + this.hostPrice[to]! - moving;
    const atLeast = this.#mayFall ? 0 : this.hostPrice[to]!;
    const priceMiddle = this.#priceWithOther(middle, ousted, item, most + saved - atLeast);
    if (priceMiddle + atLeast - saved > most) return FORBIDDEN;
    const delta = priceMiddle + this.#priceWith(to, ousted, most + saved - priceMiddle) - saved;
    return delta <= most && this.mayRun(item, middle) && this.mayRun(ousted, to) ? delta : FORBIDDEN;
  }

  /** What the host of the item would be cheaper by without it. */
  relief(item: number): number {
    const host = this.hostOf[item]!;
    if (this.#reliefAt[item]! >= this.#changedAt[host]!) return this.#relief[item]!;
    const relief = this.hostPrice[host]! - this.#priceWithout(host, item);
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
    const { resources, comfort, excessPrice } = this.model;
    const at = host * resources;
    let cost = this.#others(host, NOBODY, NOBODY);
    let lack = 0;
    for (let r = 0; r < resources; r++) {
      const use = this.used[at + r]!;
      if (use > comfort[at + r]!) cost += (use - comfort[at + r]!) * excessPrice[r]!;
      if (use > this.room[at + r]!) lack += (use - this.room[at + r]!) * this.lackPrice[at + r]!;
    }
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

  /** The host's price with the item; anything above the bound where it is above it. */
  #priceWith(host: number, item: number, bound: number): number {
    if (this.#hasHeld && this.model.home[item] === host) return this.#priceSlowly(host, NOBODY, item);
    const { resources, demand, comfort, excessPrice } = this.model;
    const { used, room, lackPrice } = this;
    let at = host * resources;
    let inAt = item * resources;
    let price = 0;
    for (let r = 0; r < resources; r++, at++, inAt++) {
      const use = used[at]! + demand[inAt]!;
      if (use > room[at]!) price += (use - room[at]!) * lackPrice[at]!;
      if (use > comfort[at]!) price += (use - comfort[at]!) * excessPrice[r]!;
      if (price > bound) return price;
    }
    return this.#mayFall ? price + this.#others(host, NOBODY, item) : price;
  }

  #priceWithOther(host: number, out: number, item: number, bound: number): number {
    const { home, resources, demand, comfort, excessPrice } = this.model;
    if (this.#hasHeld && (home[item] === host || home[out] === host)) return this.#priceSlowly(host, out, item);
    const { used, room, lackPrice } = this;
    let at = host * resources;
    let inAt = item * resources;
    let outAt = out * resources;
    let price = 0;
    for (let r = 0; r < resources; r++, at++, inAt++, outAt++) {
      const use = used[at]! + demand[inAt]! - demand[outAt]!;
      if (use > room[at]!) price += (use - room[at]!) * lackPrice[at]!;
      if (use > comfort[at]!) price += (use - comfort[at]!) * excessPrice[r]!;
      if (price > bound) return price;
    }
    return this.#mayFall ? price + this.#others(host, out, item) : price;
  }

  #priceWithout(host: number, item: number): number {
    return this.#priceSlowly(host, item, NOBODY);
  }

  /** With room that is held for items at home looked at one by one. */
  #priceSlowly(host: number, out: number, item: number): number {
    const { home, held, resources, demand, comfort, excessPrice } = this.model;
    const at = host * resources;
    const outHeld = this.#hasHeld && out !== NOBODY && home[out] === host;
    const inHeld = this.#hasHeld && item !== NOBODY && home[item] === host;
    let price = this.#others(host, out, item);
    for (let r = 0; r < resources; r++) {
      const leaves = out === NOBODY ? 0 : demand[out * resources + r]!;
      const comes = item === NOBODY ? 0 : demand[item * resources + r]!;
      const use = this.used[at + r]! + comes - leaves;
      let room = this.room[at + r]!;
      if (outHeld && held[r] === 1) room -= leaves;
      if (inHeld && held[r] === 1) room += comes;
      if (use > room) price += (use - room) * this.lackPrice[at + r]!;
      if (use > comfort[at + r]!) price += (use - comfort[at + r]!) * excessPrice[r]!;
    }
    return price;
  }

  /** What the host costs beside lack and excess. */
  #others(host: number, out: number, item: number): number {
    const { hostCost } = this.#opaque;
    const { resources, demand } = this.model;
    const at = host * resources;
    const imbalance = this.#imbalance(at, out, item);
    if (hostCost === undefined) return imbalance;
    for (let r = 0; r < resources; r++) {
      const leaves = out === NOBODY ? 0 : demand[out * resources + r]!;
      const comes = item === NOBODY ? 0 : demand[item * resources + r]!;
      this.#scratch[r] = this.used[at + r]! + comes - leaves;
    }
    const count = this.countOn[host]! + Number(item !== NOBODY) - Number(out !== NOBODY);
    return imbalance + hostCost(host, this.#scratch, count);
  }

  #imbalance(at: number, out: number, item: number): number {
    const { of, against, ratio, price } = this.model.balances;
    let sum = 0;
    for (let k = 0; k < of.length; k++) {
      const missing = ratio[k]! * this.#freeOf(at, of[k]!, out, item) - this.#freeOf(at, against[k]!, out, item);
      if (missing > 0) sum += missing * price[k]!;
    }
    return sum;
  }

  #freeOf(at: number, r: number, out: number, item: number): number {
    const { capacity, demand, resources } = this.model;
    let free = capacity[at + r]! - this.used[at + r]!;
    if (out !== NOBODY) free += demand[out * resources + r]!;
    if (item !== NOBODY) free -= demand[item * resources + r]!;
    return free;
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
    this.#take(item, host, 1);
  }

  #unsettle(item: number, host: number): void {
    const items = this.itemsOn[host]!;
    const last = items[this.countOn[host]! - 1]!;
    const place = this.#placeOn[item]!;
    items[place] = last;
    this.#placeOn[last] = place;
    this.countOn[host]! -= 1;
    this.#take(item, host, -1);
  }

  #take(item: number, host: number, sign: 1 | -1): void {
    const { resources, demand, home, held } = this.model;
    const isAway = home[item] !== host;
    for (let r = 0; r < resources; r++) {
      const amount = sign * demand[item * resources + r]!;
      this.used[host * resources + r]! += amount;
      if (isAway && held[r] === 1) this.room[home[item]! * resources + r]! -= amount;
    }
  }
}
