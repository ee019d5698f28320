import type { Draft } from '../domain/draft.ts';
import { OFF, ON } from '../domain/power.ts';
import type { Profile } from '../domain/profile.ts';
import { CPU } from '../domain/resources.ts';
import type { Costs } from './costs.ts';
import { sleepsOnBecause } from './sleep.ts';

/** Hosts that are off and may be woken, by what their CPU would cost to run. */
export class Sleepers {
  readonly #draft: Draft;
  readonly #costs: Costs;
  readonly #profile: Profile;
  /** The cheapest first, and some that are on by now among them; absent until somebody asks. */
  #order: readonly number[] | undefined;

  constructor(draft: Draft, costs: Costs, profile: Profile) {
    this.#draft = draft;
    this.#costs = costs;
    this.#profile = profile;
  }

  /** The host that gives most CPU for what it costs to run. */
  cheapest(): number | undefined {
    this.#order ??= this.#inOrder();
    return this.#order.find((host) => this.#draft.power[host] === OFF);
  }

  /** To be told of each host that an accepted change touched. */
  changed(host: number): void {
    if (this.#draft.power[host] === OFF) this.#order = undefined;
  }

  #inOrder(): readonly number[] {
    const { snapshot, power } = this.#draft;
    const { known, maintenance, ids } = snapshot.hosts;
    const asleep = Array.from(ids.keys()).filter((host) => {
      if (power[host] !== OFF || known[host] !== 1 || maintenance[host] === 1) return false;
      return sleepsOnBecause(snapshot, this.#profile, host) === undefined;
    });
    const price = new Map(asleep.map((host) => [host, this.#priceOf(host)]));
    return asleep.sort((a, b) => price.get(a)! - price.get(b)! || a - b);
  }

  #priceOf(host: number): number {
    const mark = this.#draft.mark();
    this.#draft.setPower(host, ON);
    const standing = this.#costs.terms.hostCost(host) - this.#costs.hostCost(host);
    this.#draft.undo(mark);
    return standing / Math.max(1, this.#draft.snapshot.hosts.capacity[CPU]![host]!);
  }
}
