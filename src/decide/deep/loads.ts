import type { DeepModel, Opaque } from './model.ts';

/** Nothing that is saved anywhere makes up for lacking a unit of room at this price. */
export const UNTHINKABLE = 1e15;
/** As comfortable as anything, and still a number that can be added to its own opposite. */
const ENDLESS = 1e300;

/**
 * What is in use on each host, and what that costs. It is here that a search spends its time: one look at a host reads
 * four rows side by side, decides as little as it can, and ends as soon as it costs too much.
 */
export class Loads {
  /** Stands for no item where one could be. */
  readonly nobody: number;
  /** Whether a host may cost less with more on it. */
  readonly mayFall: boolean;
  /** Hosts × resources: what is left, below 0 where it is lacking; items that have left may hold some still. */
  readonly spare: Float64Array;
  /** Hosts × resources: what each unit of lacking room counts in a comparison. */
  readonly lackPrice: Float64Array;
  /** Per resource: lacking anything at all counts like lacking so much more. */
  readonly lackStep: Float64Array;
  /** Hosts × resources: what more may be used before it costs. */
  readonly #ease: Float64Array;
  /** Hosts × resources, for functions that ask for it. */
  readonly #used: Float64Array | undefined;
  /** Items × resources, and once more what their coming and going changes at home; no item is one that takes nothing. */
  readonly #demand: Float64Array;
  readonly #heldFrom: number;
  readonly #halfPrice: Float64Array;
  readonly #home: Int32Array;
  readonly #hasHeld: boolean;
  readonly #width: number;
  readonly #hostCost: Opaque['hostCost'];
  readonly #scratch: Float64Array;

  constructor(model: DeepModel, { hostCost }: Opaque) {
    const { items, resources, fixed, capacity, comfort, demand, held, excessPrice } = model;
    this.nobody = items;
    this.mayFall = hostCost !== undefined || demand.some((amount) => amount < 0);
    this.spare = Float64Array.from(capacity, (all, at) => all - fixed[at]!);
    this.lackPrice = new Float64Array(capacity.length).fill(UNTHINKABLE);
    this.lackStep = new Float64Array(resources);
    this.#ease = Float64Array.from(comfort, (most, at) => Math.min(ENDLESS, most) - fixed[at]!);
    this.#used = hostCost === undefined ? undefined : Float64Array.from(fixed);
    this.#heldFrom = (items + 1) * resources;
    this.#demand = new Float64Array(2 * this.#heldFrom);
    this.#demand.set(demand);
    for (let at = 0; at < demand.length; at++)
      this.#demand[this.#heldFrom + at] = held[at % resources] === 1 ? 0 : demand[at]!;
    this.#halfPrice = Float64Array.from(excessPrice, (price) => price / 2);
    this.#home = new Int32Array(items + 1).fill(-1);
    this.#home.set(model.home);
    this.#hasHeld = held.includes(1);
    this.#width = resources;
    this.#hostCost = hostCost;
    this.#scratch = new Float64Array(resources);
  }

  /** What a host costs with one item out and another one in, lack included; anything above the bound where it is above it. */
  price(host: number, out: number, item: number, bound: number, count: number): number {
    if (this.#hasHeld && (this.#home[item] === host || this.#home[out] === host)) {
      return this.#priceAtHome(host, out, item, bound, count);
    }
    const { spare, lackPrice, lackStep } = this;
    const ease = this.#ease;
    const demand = this.#demand;
    const halfPrice = this.#halfPrice;
    const width = this.#width;
    let at = host * width;
    let inAt = item * width;
    let outAt = out * width;
    let price = 0;
    for (let r = 0; r < width; r++, at++, inAt++, outAt++) {
      const more = demand[inAt]! - demand[outAt]!;
      const over = more - ease[at]!;
      // Twice what is over, or nothing, without a branch that nobody can foretell.
      price += (over + Math.abs(over)) * halfPrice[r]!;
      const lack = more - spare[at]!;
      if (lack > 0) price += (lack + lackStep[r]!) * lackPrice[at]!;
      if (price > bound) return price;
    }
    return this.#hostCost === undefined ? price : price + this.#authored(host, out, item, count);
  }

  /** The same where one of them is at home, and takes or leaves nothing of what is held for it. */
  #priceAtHome(host: number, out: number, item: number, bound: number, count: number): number {
    const { spare, lackPrice, lackStep } = this;
    const ease = this.#ease;
    const demand = this.#demand;
    const halfPrice = this.#halfPrice;
    const width = this.#width;
    let at = host * width;
    let inAt = item * width;
    let outAt = out * width;
    let heldInAt = inAt + (this.#home[item] === host ? this.#heldFrom : 0);
    let heldOutAt = outAt + (this.#home[out] === host ? this.#heldFrom : 0);
    let price = 0;
    for (let r = 0; r < width; r++, at++, inAt++, outAt++, heldInAt++, heldOutAt++) {
      const over = demand[inAt]! - demand[outAt]! - ease[at]!;
      price += (over + Math.abs(over)) * halfPrice[r]!;
      const lack = demand[heldInAt]! - demand[heldOutAt]! - spare[at]!;
      if (lack > 0) price += (lack + lackStep[r]!) * lackPrice[at]!;
      if (price > bound) return price;
    }
    return this.#hostCost === undefined ? price : price + this.#authored(host, out, item, count);
  }

  /** What the host costs as it is, lack apart. */
  cost(host: number, count: number): number {
    const width = this.#width;
    let cost = 0;
    for (let r = 0; r < width; r++) {
      const over = -this.#ease[host * width + r]!;
      if (over > 0) cost += over * 2 * this.#halfPrice[r]!;
    }
    return this.#hostCost === undefined ? cost : cost + this.#authored(host, this.nobody, this.nobody, count);
  }

  lack(host: number): number {
    const width = this.#width;
    let price = 0;
    for (let r = 0; r < width; r++) {
      const lack = -this.spare[host * width + r]!;
      if (lack > 0) price += (lack + this.lackStep[r]!) * this.lackPrice[host * width + r]!;
    }
    return price;
  }

  take(item: number, host: number, sign: 1 | -1): void {
    const width = this.#width;
    const home = this.#home[item]!;
    const isHeld = this.#hasHeld && home !== host;
    for (let r = 0; r < width; r++) {
      const amount = sign * this.#demand[item * width + r]!;
      this.spare[host * width + r]! -= amount;
      this.#ease[host * width + r]! -= amount;
      if (this.#used !== undefined) this.#used[host * width + r]! += amount;
      if (isHeld) this.spare[home * width + r]! -= amount - sign * this.#demand[this.#heldFrom + item * width + r]!;
    }
  }

  /** What functions of authors say; `count`: items on the host as it is. */
  #authored(host: number, out: number, item: number, count: number): number {
    const width = this.#width;
    const used = this.#used!;
    for (let r = 0; r < width; r++) {
      this.#scratch[r] = used[host * width + r]! + this.#demand[item * width + r]! - this.#demand[out * width + r]!;
    }
    const after = count + Number(item !== this.nobody) - Number(out !== this.nobody);
    return this.#hostCost?.(host, this.#scratch, after) ?? 0;
  }
}
