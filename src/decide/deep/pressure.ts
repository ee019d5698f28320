import { UNTHINKABLE } from './loads.ts';
import type { Placement } from './placement.ts';

/** What lacking room is charged at least, in multiples of what excess costs; and at most. */
const LEAST = 1;
const MOST = 1000;
/** Lacking a little is not to be cheap: it counts like this part of a mean item more. */
const LACK_STEP = 0.05;
/** What each thing that is broken of a rule is charged at least. */
const LEAST_BROKEN = 12;
const MOST_TROUBLED = 1_000;
/** As a large item may lack many times what a mean one does, a rule has to be worth more than that. */
const MOST_BROKEN = 100_000;
/** How prices rise where room is lacking, and fall where it is not, each time they are looked at. Faster, and all would swing together. */
const RISE = 1.05;
const FALL = 0.975;
/** The same for rules: few are broken at a time. */
const RISE_BROKEN = 1.2;
const FALL_BROKEN = 0.9;

/**
 * Rules that can be overstepped on the way: a search that may pass through what is impossible finds more. Lacking room has
 * a price of its own on each host and resource, and so has each group that a rule is broken for. It rises as long as that
 * is so and falls otherwise, less and less, until nothing is lacking anywhere.
 */
export class Pressure {
  /** Some items of groups about which a rule is broken. */
  readonly troubled: number[] = [];
  readonly #placement: Placement;
  readonly #magnitude: number;
  readonly #isMovable: Uint8Array;
  /** Per resource: what lacking one unit counts, so that lacking a mean item counts as much as what matters. */
  readonly #unit: Float64Array;

  constructor(placement: Placement, magnitude: number) {
    this.#placement = placement;
    const means = meanDemand(placement);
    this.#unit = means.map((mean) => (mean > 0 ? magnitude / mean : 0));
    placement.loads.lackStep.set(means.map((mean) => LACK_STEP * Math.max(0, mean)));
    this.#magnitude = magnitude;
    this.#isMovable = new Uint8Array(placement.model.items);
    for (const item of placement.model.movable) this.#isMovable[item] = 1;
    this.#setAll((at) => LEAST * this.#unitAt(at));
    placement.counters.priceOf.fill(LEAST_BROKEN * magnitude);
    placement.counters.reprice();
  }

  /** `ease`: 1 lets prices fall freely, 0 not at all. */
  adapt(ease: number): void {
    const { spare, lackPrice } = this.#placement.loads;
    const fall = 1 - (1 - FALL) * ease;
    this.#setAll((at) => {
      const price = lackPrice[at]!;
      if (spare[at]! < 0) return Math.min(MOST * this.#unitAt(at), price * RISE);
      return Math.max(LEAST * this.#unitAt(at), price * fall);
    });
    this.#adaptRules(1 - (1 - FALL_BROKEN) * ease);
  }

  #adaptRules(fall: number): void {
    const { counters, model } = this.#placement;
    const { brokenOf, priceOf } = counters;
    const { start, value } = model.groups.members;
    this.troubled.length = 0;
    for (let group = 0; group < priceOf.length; group++) {
      const price = priceOf[group]!;
      if (brokenOf[group] === 0) priceOf[group] = Math.max(LEAST_BROKEN * this.#magnitude, price * fall);
      else {
        priceOf[group] = Math.min(MOST_BROKEN * this.#magnitude, price * RISE_BROKEN);
        for (let m = start[group]!; m < start[group + 1]! && this.troubled.length < MOST_TROUBLED; m++) {
          if (this.#isMovable[value[m]!] === 1) this.troubled.push(value[m]!);
        }
      }
    }
    counters.reprice();
  }

  /** From now on nothing more will ever be lacking. */
  forbid(): void {
    this.#setAll(() => UNTHINKABLE);
    this.#placement.counters.priceOf.fill(UNTHINKABLE);
    this.#placement.counters.reprice();
    this.troubled.length = 0;
  }

  #unitAt(at: number): number {
    return this.#unit[at % this.#unit.length]!;
  }

  #setAll(price: (at: number) => number): void {
    const { model, loads } = this.#placement;
    const { lackPrice } = loads;
    for (let at = 0; at < lackPrice.length; at++) lackPrice[at] = price(at);
    for (let host = 0; host < model.hosts; host++) this.#placement.recount(host);
  }
}

function meanDemand({ model: { demand, resources, items } }: Placement): Float64Array {
  const mean = new Float64Array(resources);
  for (let at = 0; at < demand.length; at++) mean[at % resources]! += demand[at]! / items;
  return mean;
}
