import { type Placement, UNTHINKABLE } from './placement.ts';

/** What lacking room is charged at least, in multiples of what excess costs; and at most. */
const LEAST = 1;
const MOST = 1000;
/** How prices rise where room is lacking, and fall where it is not, each time they are looked at. */
const RISE = 1.2;
const FALL = 0.9;

/**
 * Rules that can be overstepped on the way: a search that may pass through what is impossible finds more. Lacking room has
 * a price of its own on each host and resource. It rises as long as room is lacking there and falls otherwise, less and
 * less so, until nothing is lacking anywhere.
 */
export class Pressure {
  readonly #placement: Placement;
  /** Per resource: what lacking one unit counts, so that lacking a mean item counts as much as what matters. */
  readonly #unit: Float64Array;

  constructor(placement: Placement, magnitude: number) {
    this.#placement = placement;
    this.#unit = meanDemand(placement).map((mean) => (mean > 0 ? magnitude / mean : 0));
    this.#setAll((at) => LEAST * this.#unitAt(at));
  }

  /** `ease`: 1 lets prices fall freely, 0 not at all. */
  adapt(ease: number): void {
    const { used, room, lackPrice } = this.#placement;
    const fall = 1 - (1 - FALL) * ease;
    this.#setAll((at) => {
      const price = lackPrice[at]!;
      if (used[at]! > room[at]!) return Math.min(MOST * this.#unitAt(at), price * RISE);
      return Math.max(LEAST * this.#unitAt(at), price * fall);
    });
  }

  /** From now on nothing more will ever be lacking. */
  forbid(): void {
    this.#setAll(() => UNTHINKABLE);
  }

  #unitAt(at: number): number {
    return this.#unit[at % this.#unit.length]!;
  }

  #setAll(price: (at: number) => number): void {
    const { lackPrice, model } = this.#placement;
    for (let at = 0; at < lackPrice.length; at++) lackPrice[at] = price(at);
    for (let host = 0; host < model.hosts; host++) this.#placement.recount(host);
  }
}

function meanDemand({ model: { demand, resources, items } }: Placement): Float64Array {
  const mean = new Float64Array(resources);
  for (let at = 0; at < demand.length; at++) mean[at % resources]! += demand[at]! / items;
  return mean;
}
