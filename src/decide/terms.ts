import type { Draft } from '../domain/draft.ts';
import type { Prices } from '../domain/profile.ts';
import type { LoadedPolicy } from '../sdk/choose.ts';
import { HostView, PairView, VmView } from '../sdk/views.ts';

/** A policy failed: it threw, or its cost is no number. The cycle goes on without it. */
export class PolicyFault extends Error {
  readonly policy: string;

  constructor(policy: string, because: string) {
    super(because);
    this.policy = policy;
  }
}

/** One weighted term of the running cost, bound to its options and prices. */
interface Term<Arguments extends readonly unknown[]> {
  readonly policy: string;
  /** Index into the names of all terms. */
  readonly index: number;
  readonly weight: number;
  readonly relieves: boolean;
  readonly cost: (...views: Arguments) => number;
}

/** The cost functions of all policies at work, evaluated on a draft as it stands. */
export class Terms {
  readonly names: readonly string[];
  /** The policy that each term belongs to. */
  readonly policies: readonly string[];
  readonly #draft: Draft;
  readonly #hostTerms: Term<[HostView]>[] = [];
  readonly #pairTerms: Term<[PairView]>[] = [];
  readonly #vmTerms: Term<[VmView, HostView]>[] = [];
  readonly #host: HostView;
  readonly #vm: VmView;
  readonly #pair: PairView;

  constructor(draft: Draft, policies: readonly LoadedPolicy[], prices: Prices) {
    this.#draft = draft;
    this.#host = new HostView(draft);
    this.#vm = new VmView(draft);
    this.#pair = new PairView(draft);
    const names: string[] = [];
    const owners: string[] = [];
    for (const { policy, weight, values } of policies) {
      const { host, pair, vm } = policy.cost;
      const term = (name: string | undefined) => ({
        policy: policy.id,
        index: names.push(name ?? policy.id) && owners.push(policy.id) - 1,
        weight,
        relieves: policy.phase === 'relieve',
      });
      if (host) this.#hostTerms.push({ ...term(policy.terms.host), cost: (view) => host(view, values, prices) });
      if (pair) this.#pairTerms.push({ ...term(policy.terms.pair), cost: (view) => pair(view, values, prices) });
      if (vm) this.#vmTerms.push({ ...term(policy.terms.vm), cost: (view, on) => vm(view, on, values, prices) });
    }
    this.names = names;
    this.policies = owners;
  }

  get hasPairs(): boolean {
    return this.#pairTerms.length > 0;
  }

  /** What the host costs, per term. */
  hostTermCosts(host: number): Float64Array {
    const costs = new Float64Array(this.names.length);
    this.#host.index = host;
    for (const term of this.#hostTerms) costs[term.index] = checked(term, this.#host);
    return costs;
  }

  hostCost(host: number): number {
    this.#host.index = host;
    let sum = 0;
    for (let t = 0; t < this.#hostTerms.length; t++) sum += checked(this.#hostTerms[t]!, this.#host);
    return sum;
  }

  /** What the host costs in terms that mean suffering now. */
  suffering(host: number): number {
    this.#host.index = host;
    let sum = 0;
    for (const term of this.#hostTerms) if (term.relieves) sum += checked(term, this.#host);
    return sum;
  }

  /** Adds the cost of the VM's place: its own terms, and those of the pairs that it belongs to. */
  addVm(vm: number, into: Float64Array, sign: 1 | -1): void {
    this.#vm.index = vm;
    this.#host.index = this.#draft.hostOf[vm]!;
    for (const term of this.#vmTerms) into[term.index]! += sign * checked(term, this.#vm, this.#host);
    this.#forEachPair(vm, (pair) => {
      for (const term of this.#pairTerms) into[term.index]! += sign * checked(term, pair);
    });
  }

  vmCost(vm: number): number {
    let sum = 0;
    if (this.#vmTerms.length > 0) {
      this.#vm.index = vm;
      this.#host.index = this.#draft.hostOf[vm]!;
      for (const term of this.#vmTerms) sum += checked(term, this.#vm, this.#host);
    }
    if (this.#pairTerms.length > 0) {
      this.#forEachPair(vm, (pair) => {
        for (let t = 0; t < this.#pairTerms.length; t++) sum += checked(this.#pairTerms[t]!, pair);
      });
    }
    return sum;
  }

  /** The whole fleet, per term, from scratch. */
  totals(): Float64Array {
    const totals = new Float64Array(this.names.length);
    const halves = new Float64Array(this.names.length);
    const { hosts, vms } = this.#draft.snapshot;
    for (let host = 0; host < hosts.ids.length; host++) {
      this.hostTermCosts(host).forEach((cost, term) => {
        totals[term]! += cost;
      });
    }
    if (this.#vmTerms.length + this.#pairTerms.length === 0) return totals;
    for (let vm = 0; vm < vms.ids.length; vm++) this.addVm(vm, halves, 1);
    // Each pair was met from both of its ends.
    const pairs = new Set(this.#pairTerms.map((term) => term.index));
    halves.forEach((sum, term) => {
      totals[term]! += pairs.has(term) ? sum / 2 : sum;
    });
    return totals;
  }

  #forEachPair(vm: number, visit: (pair: PairView) => void): void {
    const { rowStart, peer, bytesPerS } = this.#draft.snapshot.traffic;
    const pair = this.#pair;
    for (let at = rowStart[vm]!; at < rowStart[vm + 1]!; at++) {
      pair.a = vm;
      pair.b = peer[at]!;
      pair.bytesPerS = bytesPerS[at]!;
      visit(pair);
    }
  }
}

function checked<A extends readonly unknown[]>(term: Term<A>, ...views: A): number {
  let cost: number;
  try {
    cost = term.cost(...views);
  } catch (thrown) {
    throw new PolicyFault(term.policy, `its cost threw: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
  if (!Number.isFinite(cost)) throw new PolicyFault(term.policy, `its cost is ${cost}, which is no amount of money`);
  return term.weight * cost;
}
