import type { DeepModel, Opaque, Whole } from './model.ts';

/** Prices at so many distances stand side by side for each pair. */
const DISTANCES = 4;

/** What it costs that items are where they are, whoever else is there: moving, distances, and what their authors ask. */
export class PlaceCosts {
  readonly #model: DeepModel;
  readonly #opaque: Opaque;
  readonly #hostOf: Whole;
  readonly #movedOfCrew: Int32Array;
  /** How many crews have so many items away from home. */
  readonly #crewsWithMoved: Int32Array;
  /** What each item's moving costs from home to where it is. */
  readonly #now: Float64Array;
  /** Whether moving is all that costs here. */
  readonly #isPlain: boolean;
  readonly #home: Whole;
  readonly #crew: Whole;
  readonly #perMostMoved: number;
  readonly #speeds: number;
  readonly #perItem: DeepModel['moving']['item'];
  readonly #between: DeepModel['moving']['between'];
  /** Of each host: where the prices from its class begin, and its class. */
  readonly #rowOf: Int32Array;
  readonly #classOf: Whole;
  #mostMoved = 0;

  /** The column of hosts is the caller's, who changes it. */
  constructor(model: DeepModel, hostOf: Whole, opaque: Opaque) {
    this.#model = model;
    this.#opaque = opaque;
    this.#hostOf = hostOf;
    this.#movedOfCrew = new Int32Array(model.moving.crews);
    this.#crewsWithMoved = new Int32Array(model.items + 2);
    this.#crewsWithMoved[0] = model.moving.crews;
    const { moving, home, links } = model;
    this.#home = home;
    this.#crew = moving.crew;
    this.#perMostMoved = moving.perMostMoved;
    this.#speeds = moving.speeds;
    this.#perItem = moving.item;
    this.#between = moving.between;
    this.#rowOf = Int32Array.from(moving.hostClass, (own) => own * moving.classes);
    this.#classOf = moving.hostClass;
    this.#isPlain = links.partners.value.length === 0 && opaque.itemCost === undefined;
    this.#now = Float64Array.from(hostOf, (host, item) => this.#moving(item, host));
    hostOf.forEach((host, item) => {
      if (host !== home[item]) this.#count(item, 1);
    });
  }

  /** Of all items. */
  total(): number {
    let sum = this.#mostMoved * this.#model.moving.perMostMoved;
    for (let item = 0; item < this.#model.items; item++) sum += this.of(item);
    return sum;
  }

  /** To be told of every move. */
  follow(item: number, from: number, to: number): void {
    const home = this.#home[item]!;
    this.#now[item] = this.#moving(item, to);
    if (from === home && to !== home) this.#count(item, 1);
    if (from !== home && to === home) this.#count(item, -1);
  }

  /** What its place costs more when the item goes there from where it is now: moving, distances, costs of its own. */
  delta(item: number, from: number, to: number): number {
    const once = this.#moving(item, to) - this.#now[item]! + this.#crewDelta(item, from, to);
    return this.#isPlain ? once : once + this.#ownDelta(item, from, to) + this.#linksDelta(item, from, to);
  }

  #ownDelta(item: number, from: number, to: number): number {
    const { itemCost } = this.#opaque;
    return itemCost === undefined ? 0 : itemCost(item, to) - itemCost(item, from);
  }

  #moving(item: number, host: number): number {
    const first = this.#home[item]!;
    if (first === host) return 0;
    const between = this.#between[this.#rowOf[first]! + this.#classOf[host]!]!;
    if (this.#speeds === 1) return this.#perItem[item]! + between;
    const { speedOf } = this.#model.moving;
    return this.#perItem[item * this.#speeds + Math.min(speedOf[first]!, speedOf[host]!)]! + between;
  }

  /** What the place of the item costs; of distances, its half: the other one is its partner's. */
  of(item: number): number {
    const { partners, price } = this.#model.links;
    const host = this.#hostOf[item]!;
    let links = 0;
    for (let n = partners.start[item]!; n < partners.start[item + 1]!; n++) {
      links += price[DISTANCES * n + this.#distance(host, this.#hostOf[partners.value[n]!]!)]!;
    }
    return this.#moving(item, host) + links / 2 + (this.#opaque.itemCost?.(item, host) ?? 0);
  }

  #linksDelta(item: number, from: number, to: number): number {
    const { partners, price } = this.#model.links;
    let sum = 0;
    for (let n = partners.start[item]!; n < partners.start[item + 1]!; n++) {
      const host = this.#hostOf[partners.value[n]!]!;
      sum += price[DISTANCES * n + this.#distance(to, host)]! - price[DISTANCES * n + this.#distance(from, host)]!;
    }
    return sum;
  }

  /** 0: the same host, 1: the same rack, 2: the same site, 3: farther. */
  #distance(one: number, other: number): number {
    if (one === other) return 0;
    const { places, hosts } = this.#model;
    if (places.of[hosts + one] === places.of[hosts + other]) return 1;
    return places.of[2 * hosts + one] === places.of[2 * hosts + other] ? 2 : 3;
  }

  #crewDelta(item: number, from: number, to: number): number {
    if (this.#perMostMoved === 0) return 0;
    const home = this.#home[item]!;
    if (from !== home && to !== home) return 0;
    const crew = this.#crew[item]!;
    if (crew < 0) return 0;
    const moved = this.#movedOfCrew[crew]!;
    if (moved !== this.#mostMoved) return 0;
    if (from === home) return to === home ? 0 : this.#perMostMoved;
    return this.#crewsWithMoved[moved] === 1 ? -this.#perMostMoved : 0;
  }

  #count(item: number, change: 1 | -1): void {
    const crew = this.#model.moving.crew[item]!;
    if (crew < 0) return;
    const moved = this.#movedOfCrew[crew]!;
    this.#crewsWithMoved[moved]! -= 1;
    this.#crewsWithMoved[moved + change]! += 1;
    this.#movedOfCrew[crew] = moved + change;
    this.#mostMoved = Math.max(this.#mostMoved, moved + change);
    while (this.#mostMoved > 0 && this.#crewsWithMoved[this.#mostMoved] === 0) this.#mostMoved -= 1;
  }
}
