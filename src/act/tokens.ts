import type { Change, Move } from '../domain/change.ts';
import type { Limits } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Ground, Passage } from '../plan/admission.ts';
import { Admission, groundOf, NO_GROUND } from '../plan/admission.ts';
import type { Measured } from '../plan/measured.ts';
import { NOTHING_MEASURED } from '../plan/measured.ts';

export type How = 'live' | 'quick';

/** A migration that somebody else started. */
export interface ForeignMove {
  readonly move: Move;
  readonly how: How;
}

/** Tokens of what this executor does, and of the migrations that others started. */
export class Tokens {
  #limits: Limits;
  #ground: Ground = NO_GROUND;
  #measured = NOTHING_MEASURED;
  #admission: Admission;
  readonly #own = new Map<Change, How>();
  readonly #held = new Map<Change, Passage>();
  #foreign: readonly ForeignMove[] = [];

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#admission = new Admission(limits, this.#ground);
  }

  get limits(): Limits {
    return this.#limits;
  }

  /** True: the end of anything may let anything else start. */
  get areShared(): boolean {
    const { migrationsPerCluster, migrationsPerRackUplink, migrationsPerSiteUplink, migrationsPerStorage } =
      this.#limits;
    const { powerSwitchesPerCluster } = this.#limits;
    const uplinks = migrationsPerRackUplink + migrationsPerSiteUplink;
    return migrationsPerCluster + uplinks + migrationsPerStorage + powerSwitchesPerCluster > 0;
  }

  refusal(change: Change, how: How): string | undefined {
    return this.#admission.refusal(this.#admission.passage(change, how));
  }

  take(change: Change, how: How): void {
    this.#own.set(change, how);
    this.#admit(change, how);
  }

  giveBack(change: Change): void {
    this.#own.delete(change);
    const passage = this.#held.get(change);
    this.#held.delete(change);
    if (passage !== undefined) this.#admission.release(passage);
  }

  observe(snapshot: Snapshot, foreign: readonly ForeignMove[]): void {
    this.#ground = groundOf(snapshot);
    this.#foreign = foreign;
    this.#beginAnew();
  }

  setLimits(limits: Limits): void {
    this.#limits = limits;
    this.#beginAnew();
  }

  setMeasured(measured: Measured): void {
    this.#measured = measured;
    this.#beginAnew();
  }

  #beginAnew(): void {
    this.#admission = new Admission(this.#limits, this.#ground, this.#measured);
    this.#held.clear();
    for (const [change, how] of this.#own) this.#admit(change, how);
    for (const { move, how } of this.#foreign) this.#admit(move, how);
  }

  #admit(change: Change, how: How): void {
    const passage = this.#admission.passage(change, how);
    this.#held.set(change, passage);
    this.#admission.admit(passage);
  }
}
