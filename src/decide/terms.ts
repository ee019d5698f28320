import type { Draft } from '../domain/draft.ts';
import type { Prices } from '../domain/profile.ts';
import type { LoadedPolicy } from '../sdk/choose.ts';
import { HostView, PairView, VmView } from '../sdk/views.ts';
import { PolicyFault } from './policy-fault.ts';
import { Preferences } from './preferences.ts';

export { PolicyFault } from './policy-fault.ts';

/** What the term of preferred rules is called in explanations. */
const PREFERENCES = 'preferences';

/** One weighted term of the running cost, bound to its options and prices. */
interface Term<Arguments extends readonly unknown[]> {
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
  /** The core's own term; absent where no rule is preferred. */
  readonly preferences: Preferences | undefined;
  readonly #draft: Draft;
  readonly #hostTerms: Term<[HostView]>[] = [];
  readonly #pairTerms: Term<[PairView]>[] = [];
  readonly #vmTerms: Term<[VmView, HostView]>[] = [];
  readonly #host: HostView;
  readonly #vm: VmView;
  readonly #pair: PairView;
  readonly #preferencesTerm: number = -1;

  constructor(draft: Draft, policies: readonly LoadedPolicy[], prices: Prices) {
    this.#draft = draft;
    this.#host = new HostView(draft);
    this.#vm = new VmView(draft);
    this.#pair = new PairView(draft);
    const names: string[] = [];
    const owners: string[] = [];
    for (const { policy, weight, values } of policies) {
      const { host, pair, vm } = policy.cost;
      const term = (name: string | undefined) => {
        names.push(name ?? policy.id);
        return { index: owners.push(policy.id) - 1, weight, relieves: policy.phase === 'relieve' };
      };
      if (host) this.#hostTerms.push({ ...term(policy.terms.host), cost: (view) => host(view, values, prices) });
      if (pair) this.#pairTerms.push({ ...term(policy.terms.pair), cost: (view) => pair(view, values, prices) });
      if (vm) this.#vmTerms.push({ ...term(policy.terms.vm), cost: (view, on) => vm(view, on, values, prices) });
    }
    const preferences = new Preferences(draft, prices);
    if (!preferences.isEmpty) {
      this.preferences = preferences;
      this.#preferencesTerm = names.push(PREFERENCES) - 1;
      owners.push('core');
    }
    this.names = names;
    this.policies = owners;
  }

  get hasPairs(): boolean {
    return this.#pairTerms.length > 0;
  }

  /** Whether it costs anything where a single VM is. */
  get hasPlaces(): boolean {
    return this.#vmTerms.length > 0 || this.hasPairs || this.preferences !== undefined;
  }

  /** Adds what the host costs, per term, into `into` from `at` on. */
  addHost(host: number, into: Float64Array, at: number): void {
    this.#host.index = host;
    for (const term of this.#hostTerms) into[at + term.index]! += this.#cost(term, this.#host);
  }

  hostCost(host: number): number {
    this.#host.index = host;
    let sum = 0;
    for (let t = 0; t < this.#hostTerms.length; t++) sum += this.#cost(this.#hostTerms[t]!, this.#host);
    return sum;
  }

  /** What the host costs in terms that mean suffering now. */
  suffering(host: number): number {
    this.#host.index = host;
    let sum = 0;
    for (const term of this.#hostTerms) if (term.relieves) sum += this.#cost(term, this.#host);
    return sum;
  }

  /** Adds the cost of the VM's place: its own terms, and those of the pairs that it belongs to. */
  addVm(vm: number, into: Float64Array, sign: 1 | -1): void {
    if (this.#vmTerms.length > 0) {
      this.#vm.index = vm;
      this.#host.index = this.#draft.hostOf[vm]!;
      for (const term of this.#vmTerms) into[term.index]! += sign * this.#cost(term, this.#vm, this.#host);
    }
    for (const term of this.#pairTerms) into[term.index]! += sign * this.#pairsCost(term, vm, -1);
    if (this.preferences !== undefined) into[this.#preferencesTerm]! += sign * this.preferences.costOf(vm);
  }

  vmCost(vm: number): number {
    let sum = 0;
    if (this.#vmTerms.length > 0) {
      this.#vm.index = vm;
      this.#host.index = this.#draft.hostOf[vm]!;
      for (const term of this.#vmTerms) sum += this.#cost(term, this.#vm, this.#host);
    }
    for (let t = 0; t < this.#pairTerms.length; t++) sum += this.#pairsCost(this.#pairTerms[t]!, vm, -1);
    return this.preferences === undefined ? sum : sum + this.preferences.costOf(vm);
  }

  /** What all VMs cost by their places, per term; each pair counts once. */
  allVms(): Float64Array {
    const totals = new Float64Array(this.names.length);
    const vmCount = this.#draft.snapshot.vms.ids.length;
    for (let vm = 0; vm < vmCount && this.#vmTerms.length > 0; vm++) {
      this.#vm.index = vm;
      this.#host.index = this.#draft.hostOf[vm]!;
      for (const term of this.#vmTerms) totals[term.index]! += this.#cost(term, this.#vm, this.#host);
    }
    for (const term of this.#pairTerms) {
      for (let vm = 0; vm < vmCount; vm++) totals[term.index]! += this.#pairsCost(term, vm, vm);
    }
    if (this.preferences !== undefined) totals[this.#preferencesTerm] = this.preferences.total();
    return totals;
  }

  /** The pairs of the VM with peers of a higher number than `above`. */
  #pairsCost(term: Term<[PairView]>, vm: number, above: number): number {
    const { rowStart, peer, bytesPerS } = this.#draft.snapshot.traffic;
    const pair = this.#pair;
    pair.a = vm;
    let sum = 0;
    for (let at = rowStart[vm]!; at < rowStart[vm + 1]!; at++) {
      pair.b = peer[at]!;
      if (pair.b <= above) continue;
      pair.bytesPerS = bytesPerS[at]!;
      sum += this.#cost(term, pair);
    }
    return sum;
  }

  #cost<A>(term: Term<[A]>, view: A): number;
  #cost<A, B>(term: Term<[A, B]>, view: A, second: B): number;
  #cost<A, B>(term: Term<[A, B?]>, view: A, second?: B): number {
    let cost: number;
    try {
      cost = term.cost(view, second);
    } catch (thrown) {
      throw this.#fault(term, `its cost threw: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
    // A difference of infinities or with NaN is NaN, and so unequal to zero.
    if (cost - cost !== 0) throw this.#fault(term, `its cost is ${cost}, which is no amount of money`);
    return term.weight * cost;
  }

  #fault(term: { readonly index: number }, because: string): PolicyFault {
    return new PolicyFault(this.policies[term.index]!, because);
  }
}
