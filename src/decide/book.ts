import type { Change } from '../domain/change.ts';
import type { Decision, Phase, TermChange } from '../domain/decision.ts';
import type { Limits, Profile } from '../domain/profile.ts';
import type { Refusal } from '../domain/rule.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { HOUR, MINUTE } from '../domain/units.ts';
import type { Budget } from './budget.ts';
import type { DecideInput } from './input.ts';
import type { Trial } from './trial.ts';

/** Refusals that are worth reading; a search refuses far more than anyone would read. */
const MOST_REFUSALS = 20;

export interface Motive {
  readonly phase: Phase;
  readonly policy: string;
  readonly because: string;
}

/** The decisions of one cycle as they are made, and the limits on them. */
export class Book {
  readonly decisions: Decision[] = [];
  readonly limitsHit: string[] = [];
  onceCost = 0;
  readonly #snapshot: Snapshot;
  readonly #profile: Profile;
  readonly #horizonHours: number;
  readonly #limits: Limits;
  readonly #budget: Pick<Budget, 'spentBecause'>;
  readonly #versionOf: (policy: string) => string;
  readonly #changesBefore: number;
  #changes = 0;
  #refusals = 0;

  /** What an earlier book of the same cycle holds counts for the limits. */
  constructor(
    { snapshot, profile, limits, policies }: DecideInput,
    budget: Pick<Budget, 'spentBecause'>,
    earlier?: Book,
  ) {
    this.#changesBefore = earlier === undefined ? 0 : earlier.#changesBefore + earlier.#changes;
    this.#budget = budget;
    this.#snapshot = snapshot;
    this.#profile = profile;
    this.#horizonHours = (profile.horizonMinutes * MINUTE) / HOUR;
    this.#limits = limits;
    this.#versionOf = (id) => policies.find(({ policy }) => policy.id === id)?.version ?? '';
  }

  /**
   * Whether a change is worth its price: it must pay back, margin included, within the horizon. One that takes back an
   * earlier change of this cycle need not save anything: fewer changes for the same money are better.
   */
  pays(savingPerHour: number, onceCost: number): boolean {
    const isVisible = savingPerHour > SMALLEST_SAVING && savingPerHour >= this.#profile.leastSavingPerHour;
    return (isVisible || onceCost < 0) && this.gain(savingPerHour, onceCost) > SMALLEST_SAVING;
  }

  /** The one figure that every change must raise: what it saves within the horizon, less its price with the margin. */
  gain(savingPerHour: number, onceCost: number): number {
    return savingPerHour * this.#horizonHours - onceCost * this.#profile.margin;
  }

  /** Whether so many more changes may be decided in this cycle. */
  hasRoomFor(changes: number): boolean {
    const most = this.#limits.changesPerCycle;
    const isFull = most > 0 && this.#changesBefore + this.#changes + changes > most;
    const because = isFull ? `no more than ${most} changes per cycle` : this.#budget.spentBecause;
    if (because !== '' && this.limitsHit.length === 0) this.limitsHit.push(because);
    return because === '';
  }

  get hasAccepted(): boolean {
    return this.#changes > 0;
  }

  accept(trial: Trial, terms: readonly TermChange[], motive: Motive): void {
    const savingPerHour = terms.reduce((sum, term) => sum + term.beforePerHour - term.afterPerHour, 0);
    this.#changes += trial.netMoves().length + trial.switches.length;
    this.onceCost += trial.onceCost;
    this.#write(motive, changesOf(trial, this.#snapshot), terms, savingPerHour, trial.onceCost);
  }

  refuse(changes: readonly Change[], savingPerHour: number, onceCost: number, motive: Motive, refusal: Refusal): void {
    this.#refusals += 1;
    if (this.#refusals > MOST_REFUSALS) return;
    this.#write(motive, changes, [], savingPerHour, onceCost, refusal);
  }

  #write(
    motive: Motive,
    changes: readonly Change[],
    terms: readonly TermChange[],
    savingPerHour: number,
    onceCost: number,
    refusal?: Refusal,
  ): void {
    const paysBack = savingPerHour > SMALLEST_SAVING;
    this.decisions.push({
      id: `d${this.#snapshot.version}-${this.decisions.length + 1}`,
      ...motive,
      policyVersion: this.#versionOf(motive.policy),
      changes,
      ...(refusal === undefined ? {} : { refusal }),
      terms: terms.filter((term) => Math.abs(term.afterPerHour - term.beforePerHour) > SMALLEST_SAVING),
      savingPerHour,
      onceCost,
      paybackMs: paysBack ? (onceCost / savingPerHour) * HOUR : null,
    });
  }
}

/** Money per hour below which a difference is arithmetic noise. */
const SMALLEST_SAVING = 1e-9;

export function changesOf(trial: Trial, { hosts, vms }: Snapshot): Change[] {
  const switches = (to: 'on' | 'off') =>
    trial.switches
      .filter((each) => each.to === to)
      .map(({ host }): Change => ({ kind: 'power', host: hosts.ids[host]!, to }));
  const moves = trial.netMoves().map(({ vm, from, to }): Change => {
    return { kind: 'move', vm: vms.ids[vm]!, from: hosts.ids[from]!, to: hosts.ids[to]! };
  });
  return trial.switches.length === 0 ? moves : [...switches('on'), ...moves, ...switches('off')];
}
