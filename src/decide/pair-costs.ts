import type { Draft } from '../domain/draft.ts';
import type { Prices } from '../domain/profile.ts';
import { PairView } from '../sdk/views.ts';
import { type Term, thrownBy, weighed } from './term.ts';

/**
 * What VMs cost by how far they are from those that they talk to. A policy sees of a pair whether the two share a host,
 * a rack and a site, and nothing else of where they are: so a VM costs the same on all hosts of a site that share a rack
 * with none of its peers, and that is worked out once.
 */
export class PairCosts {
  readonly #draft: Draft;
  readonly #prices: Prices;
  readonly #terms: readonly Term<'pair'>[];
  readonly #pair: PairView;
  /** By rack: when a VM last looked around that has peers there. */
  readonly #peersSeen: Uint32Array;
  /** By site: what it costs to be there far from all peers, and for the look around of when that is. */
  readonly #farCost: Float64Array;
  readonly #farCostSeen: Uint32Array;
  #looks = 0;
  /** By VM, what `of` says of it where it is; NaN where that is to be worked out. */
  readonly #known: Float64Array;

  constructor(draft: Draft, terms: readonly Term<'pair'>[], prices: Prices) {
    const places = draft.snapshot.pools.texts.length;
    this.#draft = draft;
    this.#prices = prices;
    this.#terms = terms;
    this.#pair = new PairView(draft);
    this.#peersSeen = new Uint32Array(places);
    this.#farCost = new Float64Array(places);
    this.#farCostSeen = new Uint32Array(places);
    this.#known = new Float64Array(draft.snapshot.vms.ids.length).fill(Number.NaN);
    if (terms.length > 0) draft.followMoves((vm) => this.#forget(vm));
  }

  get isAnyone(): boolean {
    return this.#terms.length > 0;
  }

  /** Of all pairs that the VM belongs to. */
  of(vm: number): number {
    let sum = 0;
    for (let t = 0; t < this.#terms.length; t++) sum += this.#costOf(this.#terms[t]!, vm, -1);
    return sum;
  }

  /** The same of a VM that does not hover, remembered until it or one of its peers moves. */
  atRest(vm: number): number {
    const known = this.#known[vm]!;
    if (!Number.isNaN(known)) return known;
    const cost = this.of(vm);
    this.#known[vm] = cost;
    return cost;
  }

  /** The same per term. */
  add(vm: number, into: Float64Array, sign: 1 | -1): void {
    for (const term of this.#terms) into[term.index]! += sign * this.#costOf(term, vm, -1);
  }

  /** Of the whole fleet, each pair once. */
  addAll(into: Float64Array): void {
    const vmCount = this.#draft.snapshot.vms.ids.length;
    const { rowStart } = this.#draft.snapshot.traffic;
    for (const term of this.#terms) {
      let sum = 0;
      for (let vm = 0; vm < vmCount; vm++) if (rowStart[vm] !== rowStart[vm + 1]) sum += this.#costOf(term, vm, vm);
      into[term.index]! += sum;
    }
  }

  /** To be called before `whereItHovers`. */
  lookAround(vm: number): void {
    const { traffic, hosts } = this.#draft.snapshot;
    this.#looks += 1;
    for (let at = traffic.rowStart[vm]!; at < traffic.rowStart[vm + 1]!; at++) {
      this.#peersSeen[hosts.rackText[this.#draft.hostOf[traffic.peer[at]!]!]!] = this.#looks;
    }
  }

  whereItHovers(vm: number): number {
    const { traffic, hosts } = this.#draft.snapshot;
    if (this.#terms.length === 0 || traffic.rowStart[vm] === traffic.rowStart[vm + 1]) return 0;
    const host = this.#draft.hostOf[vm]!;
    if (this.#peersSeen[hosts.rackText[host]!] === this.#looks) return this.of(vm);
    const site = hosts.siteText[host]!;
    if (this.#farCostSeen[site] !== this.#looks) {
      this.#farCost[site] = this.of(vm);
      this.#farCostSeen[site] = this.#looks;
    }
    return this.#farCost[site]!;
  }

  #forget(vm: number): void {
    const { rowStart, peer } = this.#draft.snapshot.traffic;
    this.#known[vm] = Number.NaN;
    for (let at = rowStart[vm]!; at < rowStart[vm + 1]!; at++) this.#known[peer[at]!] = Number.NaN;
  }

  /** The pairs of the VM with peers of a higher number than `above`. */
  #costOf(term: Term<'pair'>, vm: number, above: number): number {
    const { rowStart, peer, bytesPerS } = this.#draft.snapshot.traffic;
    const pair = this.#pair;
    pair.a = vm;
    let sum = 0;
    for (let at = rowStart[vm]!; at < rowStart[vm + 1]!; at++) {
      pair.b = peer[at]!;
      if (pair.b <= above) continue;
      pair.bytesPerS = bytesPerS[at]!;
      sum += this.#costOfPair(term);
    }
    return sum;
  }

  #costOfPair(term: Term<'pair'>): number {
    let cost: number;
    try {
      cost = term.cost(this.#pair, term.values, this.#prices);
    } catch (thrown) {
      throw thrownBy(term, thrown);
    }
    return weighed(term, cost);
  }
}
