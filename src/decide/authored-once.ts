import type { Draft } from '../domain/draft.ts';
import type { Prices } from '../domain/profile.ts';
import type { LoadedPolicy } from '../sdk/choose.ts';
import { HostView, VmView } from '../sdk/views.ts';
import { Crew } from './crew.ts';
import { PolicyFault } from './policy-fault.ts';

/** What the policies at work charge for moves, counted from where each VM was at first; undefined where none does. */
export function authoredOnce(
  draft: Draft,
  policies: readonly LoadedPolicy[],
  prices: Prices,
): AuthoredOnce | undefined {
  const charging = policies.filter(({ policy }) => policy.once !== undefined);
  return charging.length === 0 ? undefined : new AuthoredOnce(draft, charging, prices);
}

export class AuthoredOnce {
  readonly crews: readonly Crew[];
  readonly #draft: Draft;
  readonly #policies: readonly LoadedPolicy[];
  readonly #prices: Prices;
  readonly #vm: VmView;
  readonly #from: HostView;
  readonly #to: HostView;

  constructor(draft: Draft, policies: readonly LoadedPolicy[], prices: Prices) {
    this.#draft = draft;
    this.#policies = policies;
    this.#prices = prices;
    this.#vm = new VmView(draft);
    this.#from = new HostView(draft);
    this.#to = new HostView(draft);
    this.crews = policies.flatMap(({ policy, values, weight }) => {
      const crew = policy.once?.crew;
      if (crew === undefined) return [];
      const price = this.#money(policy.id, () => weight * crew.perMostMoved(values, prices));
      return [new Crew(draft, (vm) => this.#money(policy.id, () => crew.of(this.#at(vm), values)), price)];
    });
  }

  /** What the move adds to the price of all moves, counted from a home. Turns are counted from where the cycle began. */
  ofMove(home: number, vm: number, from: number, to: number): number {
    if (from === to) return 0;
    const host = this.ofHosts(home, to) - this.ofHosts(home, from);
    const own = from === home ? this.ofVm(vm) : to === home ? -this.ofVm(vm) : 0;
    return this.crews.reduce((sum, crew) => sum + crew.delta(vm, from, to), host + own);
  }

  /** The least that a move away from the host can add: nothing is known of where it will go. */
  leastOfLeaving(home: number, vm: number, from: number): number {
    if (from === home) return this.ofVm(vm);
    const back = this.#draft.snapshot.vms.host[vm]!;
    return this.crews.reduce(
      (sum, crew) => sum + crew.delta(vm, from, back),
      -this.ofVm(vm) - this.ofHosts(home, from),
    );
  }

  ofVm(vm: number): number {
    return this.#sum(({ policy, values }) => policy.once?.vm?.(this.#at(vm), values, this.#prices) ?? 0);
  }

  ofHosts(from: number, to: number): number {
    if (from === to) return 0;
    this.#from.index = from;
    this.#to.index = to;
    return this.#sum(({ policy, values }) => policy.once?.hosts?.(this.#from, this.#to, values, this.#prices) ?? 0);
  }

  #at(vm: number): VmView {
    this.#vm.index = vm;
    return this.#vm;
  }

  #sum(price: (policy: LoadedPolicy) => number): number {
    let sum = 0;
    for (const each of this.#policies) sum += each.weight * this.#money(each.policy.id, () => price(each));
    return sum;
  }

  #money<T>(policy: string, ask: () => T): T {
    try {
      const answer = ask();
      if (typeof answer !== 'number' || Number.isFinite(answer)) return answer;
      throw new Error(`what it charges for a move is ${answer}`);
    } catch (thrown) {
      throw new PolicyFault(policy, thrown instanceof Error ? thrown.message : String(thrown));
    }
  }
}
