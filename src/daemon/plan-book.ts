import type { Plan } from '../domain/plan.ts';
import type { PlanStatus } from './queries.ts';

type PlanState = PlanStatus['state'];

const OPEN: ReadonlySet<PlanState> = new Set(['recommended', 'waiting for confirmation', 'under way']);

/** What became of the newest plans; older ones are forgotten here and remain in the journal. */
export class PlanBook {
  readonly #most: number;
  #newestFirst: readonly PlanStatus[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get newestFirst(): readonly PlanStatus[] {
    return this.#newestFirst;
  }

  get waiting(): PlanStatus | undefined {
    return this.#newestFirst.find((entry) => entry.state === 'waiting for confirmation');
  }

  get underWay(): PlanStatus | undefined {
    return this.#newestFirst.find((entry) => entry.state === 'under way');
  }

  /** A plan that is only shown leaves the one under way alone; one that starts takes over from it. */
  add(plan: Plan, state: PlanState): void {
    const rest = this.#newestFirst.filter((entry) => entry.plan.id !== plan.id);
    const settled = rest.map((entry) => (replaces(state, entry.state) ? superseded(entry) : entry));
    this.#newestFirst = [{ plan, state }, ...settled].slice(0, this.#most);
  }

  /** What was put before people and not taken up no longer stands. */
  withdraw(): void {
    this.#newestFirst = this.#newestFirst.map((entry) =>
      replaces('recommended', entry.state) ? superseded(entry) : entry,
    );
  }

  mark(planId: string, state: PlanState): void {
    this.#newestFirst = this.#newestFirst.map((entry) => (entry.plan.id === planId ? { ...entry, state } : entry));
  }
}

function replaces(next: PlanState, before: PlanState): boolean {
  return OPEN.has(before) && (before !== 'under way' || next === 'under way');
}

const superseded = (entry: PlanStatus): PlanStatus => ({ ...entry, state: 'superseded' });
