import type { TermChange } from '../domain/decision.ts';
import type { Draft } from '../domain/draft.ts';
import type { Costs } from './costs.ts';

export interface TrialMove {
  readonly vm: number;
  readonly from: number;
  readonly to: number;
}

/** Some changes on a draft and what they would save; in the end all of them are kept, or all undone. */
export class Trial {
  readonly moves: TrialMove[] = [];
  readonly switches: { readonly host: number; readonly to: 'on' | 'off' }[] = [];
  readonly #draft: Draft;
  readonly #costs: Costs;
  readonly #mark: number;
  readonly #hosts = new Set<number>();
  readonly #vmTermChanges: Float64Array;

  constructor(draft: Draft, costs: Costs) {
    this.#draft = draft;
    this.#costs = costs;
    this.#mark = draft.mark();
    this.#vmTermChanges = new Float64Array(costs.terms.names.length);
  }

  move(vm: number, to: number): void {
    const from = this.#draft.hostOf[vm]!;
    this.#costs.terms.addVm(vm, this.#vmTermChanges, -1);
    this.#draft.move(vm, to);
    this.#costs.terms.addVm(vm, this.#vmTermChanges, 1);
    this.#hosts.add(from).add(to);
    this.moves.push({ vm, from, to });
  }

  switch(host: number, to: 'on' | 'off', state: number): void {
    this.#draft.setPower(host, state);
    this.#hosts.add(host);
    this.switches.push({ host, to });
  }

  get hosts(): ReadonlySet<number> {
    return this.#hosts;
  }

  /** Money per hour that the fleet would cost less. */
  saving(): number {
    return -this.termChanges().reduce((sum, term) => sum + term, 0);
  }

  /** Per term, how much dearer the fleet would be. */
  termChanges(): Float64Array {
    return this.#costs.changes(this.#hosts, this.#vmTermChanges);
  }

  undo(): void {
    this.#draft.undo(this.#mark);
  }

  keep(): TermChange[] {
    return this.#costs.accept(this.#hosts, this.#vmTermChanges);
  }
}
