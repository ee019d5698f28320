import { inIdOrder } from '../domain/canonical.ts';
import type { TermChange } from '../domain/decision.ts';
import { Draft } from '../domain/draft.ts';
import type { Limits, Prices, Profile } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { LoadedPolicy } from '../sdk/choose.ts';
import type { Motive } from './book.ts';
import { Book } from './book.ts';
import { Costs } from './costs.ts';
import { Judge } from './judge.ts';
import { OnceCosts } from './once.ts';
import { Reserve } from './reserve.ts';
import { Targets } from './targets.ts';
import { Terms } from './terms.ts';
import { Trial } from './trial.ts';

export interface DecideInput {
  readonly snapshot: Snapshot;
  readonly policies: readonly LoadedPolicy[];
  readonly profile: Profile;
  readonly prices: Prices;
  readonly limits: Limits;
  /** Whether hosts may be switched on and off. */
  readonly power: boolean;
}

/** Everything that a search works on: one draft, and what judges, prices and remembers its changes. */
export class Situation {
  readonly input: DecideInput;
  readonly draft: Draft;
  readonly judge: Judge;
  readonly costs: Costs;
  readonly once: OnceCosts;
  readonly reserve: Reserve;
  readonly targets: Targets;
  readonly book: Book;

  constructor(given: DecideInput) {
    const input = { ...given, snapshot: inIdOrder(given.snapshot) };
    const { snapshot, policies, profile, prices, limits } = input;
    this.input = input;
    this.draft = new Draft(snapshot);
    this.judge = new Judge(this.draft, profile);
    this.costs = new Costs(this.draft, new Terms(this.draft, policies, prices));
    this.once = new OnceCosts(snapshot, prices);
    this.reserve = new Reserve(this.draft, profile);
    this.targets = new Targets(this.draft, this.judge, profile);
    this.book = new Book(snapshot, profile, limits, (id) => {
      return policies.find(({ policy }) => policy.id === id)?.version ?? '';
    });
  }

  trial(): Trial {
    return new Trial(this.draft, this.costs);
  }

  /** Makes a trial part of the draft and writes down why; the credit goes to the policy whose term falls most. */
  accept(trial: Trial, onceCost: number, motive: Omit<Motive, 'policy'> & { readonly policy?: string }): void {
    const terms = trial.keep();
    for (const host of trial.hosts) this.targets.refile(host);
    this.book.accept(trial, terms, onceCost, { policy: this.#creditOf(terms), ...motive });
  }

  #creditOf(terms: readonly TermChange[]): string {
    let credited = 0;
    terms.forEach((term, t) => {
      const most = terms[credited]!;
      if (term.beforePerHour - term.afterPerHour > most.beforePerHour - most.afterPerHour) credited = t;
    });
    return this.costs.terms.policies[credited] ?? 'core';
  }
}
