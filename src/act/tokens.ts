import type { Change, Move } from '../domain/change.ts';
import type { Limits } from '../domain/profile.ts';
import { Admission } from '../plan/admission.ts';

/** Tokens of what this executor does, and of the migrations that others started. */
export class Tokens {
  #limits: Limits;
  #admission: Admission;
  readonly #own = new Set<Change>();
  #foreign: readonly Move[] = [];

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#admission = new Admission(limits);
  }

  /** True: the end of anything may let anything else start. */
  get areShared(): boolean {
    return this.#limits.migrationsPerCluster > 0 || this.#limits.powerSwitchesPerCluster > 0;
  }

  refusal(change: Change): string | undefined {
    return this.#admission.refusal(change);
  }

  take(change: Change): void {
    this.#own.add(change);
    this.#admission.admit(change);
  }

  giveBack(change: Change): void {
    if (this.#own.delete(change)) this.#admission.release(change);
  }

  seeForeign(moves: readonly Move[]): void {
    for (const move of this.#foreign) this.#admission.release(move);
    for (const move of moves) this.#admission.admit(move);
    this.#foreign = moves;
  }

  setLimits(limits: Limits): void {
    this.#limits = limits;
    this.#admission = new Admission(limits);
    for (const change of [...this.#own, ...this.#foreign]) this.#admission.admit(change);
  }
}
