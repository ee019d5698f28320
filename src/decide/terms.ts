import type { Draft } from '../domain/draft.ts';
import type { Prices } from '../domain/profile.ts';
import type { LoadedPolicy } from '../sdk/choose.ts';
import { HostView, VmView } from '../sdk/views.ts';
import { PairCosts } from './pair-costs.ts';
import { Preferences } from './preferences.ts';
import { type Term, thrownBy, weighed } from './term.ts';

export { PolicyFault } from './policy-fault.ts';

/** What the cost of a term depends on; the last is the core's own. */
export type TermKind = 'host' | 'pair' | 'vm' | 'preferences';

/** What the term of preferred rules is called in explanations. */
const PREFERENCES = 'preferences';

/** The cost functions of all policies at work, evaluated on a draft as it stands. */
export class Terms {
  readonly names: readonly string[];
  /** The policy that each term belongs to. */
  readonly policies: readonly string[];
  readonly kinds: readonly TermKind[];
  /** The core's own term; absent where no rule is preferred. */
  readonly preferences: Preferences | undefined;
  readonly #draft: Draft;
  readonly #prices: Prices;
  readonly #hostTerms: Term<'host'>[] = [];
  readonly #vmTerms: Term<'vm'>[] = [];
  readonly #host: HostView;
  readonly #vm: VmView;
  readonly #pairs: PairCosts;
  readonly #preferencesTerm: number = -1;

  constructor(draft: Draft, policies: readonly LoadedPolicy[], prices: Prices) {
    this.#draft = draft;
    this.#prices = prices;
    this.#host = new HostView(draft);
    this.#vm = new VmView(draft);
    const pairTerms: Term<'pair'>[] = [];
    const names: string[] = [];
    const owners: string[] = [];
    const kinds: TermKind[] = [];
    for (const { policy, weight, values } of policies) {
      const { host, pair, vm } = policy.cost;
      const term = (kind: TermKind, name: string | undefined) => {
        names.push(name ?? policy.id);
        kinds.push(kind);
        return {
          index: owners.push(policy.id) - 1,
          weight,
          relieves: policy.phase === 'relieve',
          policy: policy.id,
          values,
        };
      };
      if (host) this.#hostTerms.push({ ...term('host', policy.terms.host), cost: host });
      if (pair) pairTerms.push({ ...term('pair', policy.terms.pair), cost: pair });
      if (vm) this.#vmTerms.push({ ...term('vm', policy.terms.vm), cost: vm });
    }
    this.#pairs = new PairCosts(draft, pairTerms, prices);
    const preferences = new Preferences(draft, prices);
    if (!preferences.isEmpty) {
      this.preferences = preferences;
      this.#preferencesTerm = names.push(PREFERENCES) - 1;
      owners.push('core');
      kinds.push('preferences');
    }
    this.names = names;
    this.policies = owners;
    this.kinds = kinds;
  }

  get hasPairs(): boolean {
    return this.#pairs.isAnyone;
  }

  /** Whether it costs anything where a single VM is. */
  get hasPlaces(): boolean {
    return this.#vmTerms.length > 0 || this.hasPairs || this.preferences !== undefined;
  }

  /** Adds what the host costs, per term, into `into` from `at` on. */
  addHost(host: number, into: Float64Array, at: number): void {
    this.#host.index = host;
    for (let t = 0; t < this.#hostTerms.length; t++) {
      const term = this.#hostTerms[t]!;
      into[at + term.index]! += this.#hostTerm(term);
    }
  }

  hostCost(host: number): number {
    this.#host.index = host;
    let sum = 0;
    for (let t = 0; t < this.#hostTerms.length; t++) sum += this.#hostTerm(this.#hostTerms[t]!);
    return sum;
  }

  /** What the host costs in terms that mean suffering now. */
  suffering(host: number): number {
    this.#host.index = host;
    let sum = 0;
    for (const term of this.#hostTerms) if (term.relieves) sum += this.#hostTerm(term);
    return sum;
  }

  /** Adds the cost of the VM's place: its own terms, and those of the pairs that it belongs to. */
  addVm(vm: number, into: Float64Array, sign: 1 | -1): void {
    if (this.#vmTerms.length > 0) {
      this.#vm.index = vm;
      this.#host.index = this.#draft.hostOf[vm]!;
      for (const term of this.#vmTerms) into[term.index]! += sign * this.#vmTerm(term);
    }
    this.#pairs.add(vm, into, sign);
    if (this.preferences !== undefined) into[this.#preferencesTerm]! += sign * this.preferences.costOf(vm);
  }

  vmCost(vm: number): number {
    return this.#ownCost(vm) + this.#pairs.of(vm);
  }

  /** The same of a VM that is known not to hover: quicker. */
  vmCostAtRest(vm: number): number {
    return this.#ownCost(vm) + this.#pairs.atRest(vm);
  }

  /** To be called before `costWhereItHovers`, while the VM is at home. */
  lookAround(vm: number): void {
    this.#pairs.lookAround(vm);
  }

  /** What `vmCost` would say of the VM that hovers: quicker, for the many places that are far from all of its peers. */
  costWhereItHovers(vm: number): number {
    return this.#ownCost(vm) + this.#pairs.whereItHovers(vm);
  }

  /** What all VMs cost by their places, per term; each pair counts once. */
  allVms(): Float64Array {
    const totals = new Float64Array(this.names.length);
    const vmCount = this.#draft.snapshot.vms.ids.length;
    for (let vm = 0; vm < vmCount && this.#vmTerms.length > 0; vm++) {
      this.#vm.index = vm;
      this.#host.index = this.#draft.hostOf[vm]!;
      for (const term of this.#vmTerms) totals[term.index]! += this.#vmTerm(term);
    }
    this.#pairs.addAll(totals);
    if (this.preferences !== undefined) totals[this.#preferencesTerm] = this.preferences.total();
    return totals;
  }

  /** The VM's own terms on the host that it is on, and the rules that would rather see it elsewhere. */
  #ownCost(vm: number): number {
    let sum = this.preferences === undefined ? 0 : this.preferences.costOf(vm);
    if (this.#vmTerms.length === 0) return sum;
    this.#vm.index = vm;
    this.#host.index = this.#draft.hostOf[vm]!;
    for (let t = 0; t < this.#vmTerms.length; t++) sum += this.#vmTerm(this.#vmTerms[t]!);
    return sum;
  }

  /** Of the host in view. */
  #hostTerm(term: Term<'host'>): number {
    let cost: number;
    try {
      cost = term.cost(this.#host, term.values, this.#prices);
    } catch (thrown) {
      throw thrownBy(term, thrown);
    }
    return weighed(term, cost);
  }

  /** Of the VM in view, on the host in view. */
  #vmTerm(term: Term<'vm'>): number {
    let cost: number;
    try {
      cost = term.cost(this.#vm, this.#host, term.values, this.#prices);
    } catch (thrown) {
      throw thrownBy(term, thrown);
    }
    return weighed(term, cost);
  }
}
