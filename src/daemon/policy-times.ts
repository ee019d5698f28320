import { SECOND } from '../domain/units.ts';
import type { LoadedPolicy } from '../sdk/choose.ts';
import type { Policy } from '../sdk/policy.ts';

/** Costs are asked for millions of times a cycle, and reading the clock takes as long as many of them do. */
const SAMPLED_EVERY = 256;
const CALIBRATIONS = 1000;

/** Adds up how much real time the code of each policy takes, in a way that takes hardly any itself. */
export class PolicyTimes {
  readonly #spentMs = new Map<string, number>();
  readonly #timed = new WeakMap<readonly LoadedPolicy[], readonly LoadedPolicy[]>();
  readonly #now: () => number;
  /** What reading the clock twice adds to a measurement. */
  readonly #readingMs: number;

  constructor(now: () => number) {
    this.#now = now;
    const readings = Array.from({ length: CALIBRATIONS }, () => -now() + now());
    this.#readingMs = Math.min(...readings);
  }

  /** The same policies, timed; the same list gives the same list. */
  over(policies: readonly LoadedPolicy[]): readonly LoadedPolicy[] {
    const known = this.#timed.get(policies);
    if (known !== undefined) return known;
    const timed = policies.map((loaded) => ({ ...loaded, policy: this.#over(loaded.policy) }));
    this.#timed.set(policies, timed);
    return timed;
  }

  /** Seconds of each policy since the last call. */
  take(): ReadonlyMap<string, number> {
    const seconds = new Map([...this.#spentMs].map(([id, ms]) => [id, ms / SECOND] as const));
    this.#spentMs.clear();
    return seconds;
  }

  #over(policy: Policy): Policy {
    const { id, cost, propose } = policy;
    const timed: Policy['cost'] = {
      ...(cost.host && { host: this.#sampled(id, cost.host) }),
      ...(cost.pair && { pair: this.#sampled(id, cost.pair) }),
      ...(cost.vm && { vm: this.#sampled(id, cost.vm) }),
    };
    return { ...policy, cost: timed, ...(propose && { propose: this.#proposing(id, propose) }) };
  }

  /** Costs have three parameters or four. Naming them is cheaper than passing them on as a list. */
  #sampled<A, B, C, D>(id: string, work: (a: A, b: B, c: C, d: D) => number): (a: A, b: B, c: C, d?: D) => number {
    let calls = 0;
    return (a, b, c, d) => {
      if (++calls % SAMPLED_EVERY !== 0) return work(a, b, c, d as D);
      const startedAt = this.#now();
      const cost = work(a, b, c, d as D);
      this.#add(id, (this.#now() - startedAt - this.#readingMs) * SAMPLED_EVERY);
      return cost;
    };
  }

  /** What happens between two proposals is the core's time. */
  #proposing(id: string, propose: NonNullable<Policy['propose']>): NonNullable<Policy['propose']> {
    const timed = <T>(work: () => T): T => {
      const startedAt = this.#now();
      const result = work();
      this.#add(id, this.#now() - startedAt - this.#readingMs);
      return result;
    };
    return function* (fleet, options) {
      const proposals = propose(fleet, options);
      let proposal = timed(() => proposals.next());
      while (proposal.done !== true) {
        const verdict = yield proposal.value;
        proposal = timed(() => proposals.next(verdict));
      }
    };
  }

  #add(id: string, ms: number): void {
    this.#spentMs.set(id, (this.#spentMs.get(id) ?? 0) + Math.max(0, ms));
  }
}
