import type { Deed } from '../../contest/run.ts';
import type { Change } from '../../domain/change.ts';
import { type Decision, isAccepted } from '../../domain/decision.ts';
import type { StepStatus } from '../../domain/plan.ts';
import { HOUR } from '../../domain/units.ts';

/** Decisions whose steps have not all been told of yet; beyond that the oldest are forgotten. */
const MOST_DECISIONS = 20_000;

type Decided = Pick<Decision, 'policy' | 'because' | 'savingPerHour' | 'onceCost'>;
type Standing = Omit<Deed, 'lastedHours' | 'worth'> & { readonly changes: Change[] };

/** Follows decisions from when they are taken to when their work is undone. */
export class Deeds {
  readonly #most: number;
  readonly #decided = new Map<string, Decided>();
  readonly #standing = new Map<string, Standing>();
  /** By VM or host: which decision put it where it is. */
  readonly #owner = new Map<string, string>();
  #ended: Deed[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  decided(decisions: readonly Decision[]): void {
    for (const { id, policy, because, savingPerHour, onceCost } of decisions.filter(isAccepted)) {
      this.#decided.set(id, { policy, because, savingPerHour, onceCost });
    }
    for (const id of this.#decided.keys()) {
      if (this.#decided.size <= MOST_DECISIONS) return;
      this.#decided.delete(id);
    }
  }

  ended({ step: { decision, change }, state, endedAtMs }: StepStatus): void {
    const decided = this.#decided.get(decision);
    if (state !== 'done' || decided === undefined || endedAtMs === null) return;
    const subject = change.kind === 'move' ? `vm ${change.vm}` : `host ${change.host}`;
    const owner = this.#owner.get(subject);
    if (owner !== undefined && owner !== decision) this.#end(owner, endedAtMs);
    this.#owner.set(subject, decision);
    const { changes = [] } = this.#standing.get(decision) ?? {};
    this.#standing.set(decision, { ...decided, atMs: endedAtMs, changes: [...changes, change] });
  }

  /** Those of most worth, the best first. */
  best(nowMs: number): readonly Deed[] {
    for (const decision of [...this.#standing.keys()]) this.#end(decision, nowMs);
    this.#keepBest();
    return this.#ended;
  }

  #end(decision: string, nowMs: number): void {
    const standing = this.#standing.get(decision);
    if (standing === undefined) return;
    this.#standing.delete(decision);
    const lastedHours = (nowMs - standing.atMs) / HOUR;
    this.#ended.push({ ...standing, lastedHours, worth: standing.savingPerHour * lastedHours - standing.onceCost });
    if (this.#ended.length > 4 * this.#most) this.#keepBest();
  }

  #keepBest(): void {
    this.#ended = this.#ended.toSorted((a, b) => b.worth - a.worth || a.atMs - b.atMs).slice(0, this.#most);
  }
}
