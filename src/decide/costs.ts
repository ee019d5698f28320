import type { TermChange } from '../domain/decision.ts';
import type { Draft } from '../domain/draft.ts';
import type { Terms } from './terms.ts';

/**
 * The running cost of a draft, kept up to date: what each host costs in each term, and the totals. It counts what has
 * been accepted; a trial under way is compared with it.
 */
export class Costs {
  readonly terms: Terms;
  readonly totals: Float64Array;
  readonly #hostCost: Float64Array;
  readonly #hostTermCost: Float64Array;

  constructor(draft: Draft, terms: Terms) {
    this.terms = terms;
    this.totals = terms.totals();
    const hostCount = draft.vmCount.length;
    this.#hostCost = new Float64Array(hostCount);
    this.#hostTermCost = new Float64Array(hostCount * terms.names.length);
    for (let host = 0; host < hostCount; host++) this.#remember(host, terms.hostTermCosts(host));
  }

  hostCost(host: number): number {
    return this.#hostCost[host]!;
  }

  /** Per term, how the fleet's cost has changed since the last acceptance if these hosts are all that changed. */
  changes(hosts: ReadonlySet<number>, vmTermChanges: Float64Array): Float64Array {
    const change = vmTermChanges.slice();
    for (const host of hosts) {
      const now = this.terms.hostTermCosts(host);
      const base = host * now.length;
      for (let t = 0; t < now.length; t++) change[t]! += now[t]! - this.#hostTermCost[base + t]!;
    }
    return change;
  }

  /** Takes the hosts as they stand now for accepted; gives each term of the fleet's cost as it was and is. */
  accept(hosts: ReadonlySet<number>, vmTermChanges: Float64Array): TermChange[] {
    const change = this.changes(hosts, vmTermChanges);
    for (const host of hosts) this.#remember(host, this.terms.hostTermCosts(host));
    return this.terms.names.map((term, t) => {
      const beforePerHour = this.totals[t]!;
      this.totals[t]! += change[t]!;
      return { term, beforePerHour, afterPerHour: this.totals[t]! };
    });
  }

  #remember(host: number, costs: Float64Array): void {
    this.#hostTermCost.set(costs, host * costs.length);
    this.#hostCost[host] = costs.reduce((sum, cost) => sum + cost, 0);
  }
}
