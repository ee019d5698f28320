import type { TermChange } from '../domain/decision.ts';
import type { Draft } from '../domain/draft.ts';
import type { Terms } from './terms.ts';

/** Sums of many changes carry rounding of this size; below it, a total is zero. */
const ROUNDING = 1e-12;

const UNCHANGED = 0;
const CHANGED = 1;
const PRICED = 2;

/**
 * The running cost of a draft, kept up to date: what each host costs in each term, and the totals. It counts what has
 * been accepted; a trial under way is compared with it.
 */
export class Costs {
  readonly terms: Terms;
  readonly totals: Float64Array;
  readonly #hostCost: Float64Array;
  /** Where a trial under way has changed what the host costs, and what it costs then if anybody has asked. */
  readonly #onTrial: Uint8Array;
  readonly #trialCost: Float64Array;
  /** Host by host, one number per term. */
  readonly #hostTermCost: Float64Array;

  constructor(draft: Draft, terms: Terms) {
    const hostCount = draft.vmCount.length;
    const width = terms.names.length;
    this.terms = terms;
    this.totals = terms.allVms();
    this.#hostCost = new Float64Array(hostCount);
    this.#onTrial = new Uint8Array(hostCount);
    this.#trialCost = new Float64Array(hostCount);
    this.#hostTermCost = new Float64Array(hostCount * width);
    for (let host = 0; host < hostCount; host++) {
      this.#remember(host);
      for (let t = 0; t < width; t++) this.totals[t]! += this.#hostTermCost[host * width + t]!;
    }
  }

  hostCost(host: number): number {
    return this.#hostCost[host]!;
  }

  /** Money per hour, of the whole fleet. */
  total(): number {
    return this.totals.reduce((sum, term) => sum + term, 0);
  }

  /** What the host costs as it stands, a trial under way included. */
  presentHostCost(host: number): number {
    if (this.#onTrial[host] === UNCHANGED) return this.#hostCost[host]!;
    if (this.#onTrial[host] === CHANGED) {
      this.#trialCost[host] = this.terms.hostCost(host);
      this.#onTrial[host] = PRICED;
    }
    return this.#trialCost[host]!;
  }

  /** To be called whenever a trial has changed the host. */
  putOnTrial(host: number): void {
    this.#onTrial[host] = CHANGED;
  }

  /** To be called when a trial has been undone. */
  dismiss(hosts: ReadonlySet<number>): void {
    for (const host of hosts) this.#onTrial[host] = UNCHANGED;
  }

  /** Per term, how the fleet's cost has changed since the last acceptance if these hosts are all that changed. */
  changes(hosts: ReadonlySet<number>, vmTermChanges: Float64Array): Float64Array {
    const change = vmTermChanges.slice();
    for (const host of hosts) {
      this.terms.addHost(host, change, 0);
      const base = host * change.length;
      for (let t = 0; t < change.length; t++) change[t]! -= this.#hostTermCost[base + t]!;
    }
    return change;
  }

  /** Takes the hosts as they stand now for accepted; gives each term of the fleet's cost as it was and is. */
  accept(hosts: ReadonlySet<number>, vmTermChanges: Float64Array): TermChange[] {
    const change = this.changes(hosts, vmTermChanges);
    for (const host of hosts) this.#remember(host);
    this.dismiss(hosts);
    return this.terms.names.map((term, t) => {
      const beforePerHour = this.totals[t]!;
      const after = beforePerHour + change[t]!;
      this.totals[t] = Math.abs(after) < ROUNDING ? 0 : after;
      return { term, beforePerHour, afterPerHour: this.totals[t]! };
    });
  }

  #remember(host: number): void {
    const width = this.totals.length;
    const base = host * width;
    this.#hostTermCost.fill(0, base, base + width);
    this.terms.addHost(host, this.#hostTermCost, base);
    let sum = 0;
    for (let t = 0; t < width; t++) sum += this.#hostTermCost[base + t]!;
    this.#hostCost[host] = sum;
  }
}
