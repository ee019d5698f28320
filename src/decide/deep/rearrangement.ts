import type { Chance } from './chance.ts';
import type { Placement } from './placement.ts';

/** So many of those on a host are looked at each time one is to leave it, and so many leave it at most. */
const MOST_LOOKED_AT = 24;
const MOST_LEAVING = 8;
/** What a move that is made costs of a search's time, in looks at a change. */
const LOOKS_PER_MOVE = 3;
/** Who leaves has no room of its own to look at: that half is known. */
const LOOKS_PER_LEAVER = 0.5;

interface Leaver {
  readonly item: number;
  readonly to: number;
  readonly delta: number;
}

/**
 * One comes to a host whatever that costs, and for it those leave whose leaving helps most, one by one, to where it came
 * from or home: large ones change places with several small ones, for which no move, swap or chain is enough.
 */
export class Rearrangement {
  /** What has been looked at so far: rearranging takes much longer than a swap does. */
  looks = 0;
  readonly #placement: Placement;
  readonly #chance: Chance;
  readonly #isMovable: Uint8Array;
  /** Where something is held at home for whoever is away, that is the one place that always has room. */
  readonly #mayGoHome: boolean;
  readonly #leavers = new Int32Array(MOST_LEAVING);

  constructor(placement: Placement, chance: Chance, isMovable: Uint8Array) {
    this.#placement = placement;
    this.#chance = chance;
    this.#isMovable = isMovable;
    this.#mayGoHome = placement.model.held.includes(1);
  }

  /** All of it, unless that would change more than so much; then nothing. */
  attempt(item: number, to: number, most: number): boolean {
    const placement = this.#placement;
    const from = placement.hostOf[item]!;
    if (to === from) return false;
    let delta = this.#move(item, to, placement.moveDelta(item, to, Number.POSITIVE_INFINITY));
    if (delta <= most) return true;
    let left = 0;
    while (Number.isFinite(delta) && left < MOST_LEAVING) {
      const leaver = this.#bestLeaver(item, to, from);
      if (leaver === undefined) break;
      delta += this.#move(leaver.item, leaver.to, leaver.delta);
      this.#leavers[left++] = leaver.item;
      if (delta <= most) return true;
    }
    while (left > 0) placement.move(this.#leavers[--left]!, to);
    if (placement.hostOf[item] !== from) placement.move(item, from);
    return false;
  }

  /** What it changes, rules included. */
  #move(item: number, to: number, delta: number): number {
    this.looks += LOOKS_PER_MOVE;
    if (!Number.isFinite(delta)) return delta;
    const { counters } = this.#placement;
    const before = counters.price;
    this.#placement.move(item, to);
    return delta + counters.price - before;
  }

  #bestLeaver(comer: number, host: number, back: number): Leaver | undefined {
    const placement = this.#placement;
    const { home } = placement.model;
    const there = placement.itemsOn[host]!;
    const count = placement.countOn[host]!;
    let at = count > MOST_LOOKED_AT ? this.#chance.below(count) : 0;
    let best: Leaver | undefined;
    for (let n = Math.min(count, MOST_LOOKED_AT); n > 0; n--) {
      const item = there[at]!;
      at = at + 1 === count ? 0 : at + 1;
      if (item === comer || this.#isMovable[item] === 0) continue;
      best = this.#better(best, item, back);
      const first = home[item]!;
      if (this.#mayGoHome && first !== host && first !== back) best = this.#better(best, item, first);
    }
    return best;
  }

  #better(best: Leaver | undefined, item: number, to: number): Leaver | undefined {
    this.looks += LOOKS_PER_LEAVER;
    const most = best?.delta ?? 0;
    const delta = this.#placement.moveDelta(item, to, most);
    return delta < most ? { item, to, delta } : best;
  }
}
