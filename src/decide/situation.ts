import { inIdOrder } from '../domain/canonical.ts';
import { isAccepted, type TermChange } from '../domain/decision.ts';
import { Draft } from '../domain/draft.ts';
import { OFF, ON } from '../domain/power.ts';
import { succeed } from '../domain/snapshot.ts';
import { authoredOnce } from './authored-once.ts';
import type { Motive } from './book.ts';
import { Book } from './book.ts';
import { Budget } from './budget.ts';
import { Costs } from './costs.ts';
import { FruitlessPairs } from './fruitless.ts';
import type { DecideInput } from './input.ts';
import { Judge } from './judge.ts';
import { hostsToLookAt, type Memory } from './memory.ts';
import { OnceCosts } from './once.ts';
import { withPeaksThatCount } from './peaks.ts';
import { Sleepers } from './power-choice.ts';
import { PriceList } from './price-list.ts';
import { Reserve } from './reserve.ts';
import { Targets } from './targets.ts';
import { Terms } from './terms.ts';
import { Trial } from './trial.ts';

/** Everything that a search works on: one draft, and what judges, prices and remembers its changes. */
export class Situation {
  readonly input: DecideInput;
  readonly draft: Draft;
  readonly judge: Judge;
  readonly costs: Costs;
  readonly once: OnceCosts;
  readonly reserve: Reserve;
  readonly targets: Targets;
  readonly sleepers: Sleepers;
  readonly budget: Budget;
  readonly book: Book;
  /** For small fleets. */
  #priceList: PriceList | undefined;
  /** What has been looked through for swaps with what is accepted. */
  readonly fruitlessSwaps = new FruitlessPairs();
  /** 1 for each host that this round of the search looks at; undefined: every host. */
  #lookedAt: Uint8Array | undefined;
  #touched: Uint8Array;
  #round = 0;
  readonly #given: DecideInput;
  readonly #memory: Memory | undefined;
  readonly #earlier: Situation | undefined;

  constructor(given: DecideInput, memory?: Memory, earlier?: Situation, budget?: Budget) {
    this.#earlier = earlier;
    this.#given = { ...given, snapshot: inIdOrder(given.snapshot) };
    const input = { ...given, snapshot: withPeaksThatCount(this.#given.snapshot, given.profile) };
    const { snapshot, policies, profile, prices, limits } = input;
    this.input = input;
    this.#memory = memory;
    this.draft = new Draft(snapshot);
    this.judge = new Judge(this.draft, profile, policies);
    this.costs = new Costs(this.draft, new Terms(this.draft, policies, prices));
    this.once = new OnceCosts(snapshot, prices, authoredOnce(this.draft, policies, prices));
    this.reserve = new Reserve(this.draft, profile);
    this.targets = new Targets(this.draft, this.judge, profile);
    this.sleepers = new Sleepers(this.draft, this.costs, profile);
    this.budget = budget ?? earlier?.budget ?? new Budget(limits.searchStepsPerCycle, given.isTimeUp ?? (() => false));
    this.book = new Book(input, this.budget, earlier?.book);
    this.#lookedAt = this.targets.isSmall ? undefined : hostsToLookAt(input, this.draft, memory);
    this.#touched = new Uint8Array(snapshot.hosts.ids.length);
  }

  trial(): Trial {
    this.budget.step();
    return new Trial(this.draft, this.costs, this.once);
  }

  /** Hosts that this round looks at, in the order of their ids. */
  hostsToLookAt(): number[] {
    const looked = this.#lookedAt;
    return this.targets.all.filter((host) => looked === undefined || looked[host] === 1);
  }

  /** A host that hurts is looked at in every cycle, changed or not. */
  hostsThatMayHurt(): readonly number[] {
    return this.#round === 0 ? this.targets.all : this.hostsToLookAt();
  }

  get priceList(): PriceList {
    this.#priceList ??= new PriceList(this.draft, this.judge, this.once, this.book);
    return this.#priceList;
  }

  get lookedAt(): Uint8Array | undefined {
    return this.#lookedAt;
  }

  /** The next round looks only at what this one has touched, except in small fleets, where looking is cheap. */
  nextRound(): void {
    this.#round += 1;
    if (!this.targets.isSmall) this.#lookedAt = this.#touched;
    this.#touched = new Uint8Array(this.#touched.length);
  }

  /** That of the next cycle, if all that has been decided were done and nothing else changed; its limits are this one's. */
  afterwards(): Situation {
    const { snapshot } = this.#given;
    const host = Int32Array.from(snapshot.vms.host);
    for (const vm of this.draft.movedVms()) host[vm] = this.draft.hostOf[vm]!;
    const change = { atMs: snapshot.atMs, hosts: { power: Uint8Array.from(this.draft.power) }, vms: { host } };
    return new Situation({ ...this.#given, snapshot: succeed(snapshot, change) }, this.#memory, this);
  }

  /** As it was before anything was decided. The steps that were taken count for its limit. */
  fromTheStart(): Situation {
    return new Situation(this.#given, this.#memory, this.#earlier, this.budget);
  }

  /** What has been decided so far leaves the fleet so good, in money: within the horizon, changes and their margin paid. */
  standing(): number {
    return this.book.gain(-this.costs.total(), this.book.onceCost);
  }

  /** Decides what was decided afterwards, too: step by step, for the same reasons. */
  takeOver({ book, draft }: Situation): void {
    const { hosts, vms } = draft.snapshot;
    for (const { changes, phase, policy, because } of book.decisions.filter(isAccepted)) {
      const trial = this.trial();
      for (const change of changes) {
        if (change.kind === 'move') trial.move(vms.index.get(change.vm)!, hosts.index.get(change.to)!);
        else trial.switch(hosts.index.get(change.host)!, change.to, change.to === 'on' ? ON : OFF);
      }
      this.accept(trial, { phase, policy, because });
    }
    this.book.limitsHit.push(...book.limitsHit.filter((limit) => !this.book.limitsHit.includes(limit)));
  }

  /** Makes a trial part of the draft and writes down why; the credit goes to the policy whose term falls most. */
  accept(trial: Trial, motive: Omit<Motive, 'policy'> & { readonly policy?: string }): void {
    const terms = trial.keep();
    this.judge.accept();
    for (const host of trial.hosts) {
      this.targets.refile(host);
      this.sleepers.changed(host);
      this.#touched[host] = 1;
      this.fruitlessSwaps.forget(host);
    }
    this.book.accept(trial, terms, { policy: this.#creditOf(terms), ...motive });
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
