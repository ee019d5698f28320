import type { TermChange } from '../domain/decision.ts';
import type { Draft } from '../domain/draft.ts';
import type { Costs } from './costs.ts';
import type { OnceCosts } from './once.ts';

export interface TrialMove {
  readonly vm: number;
  readonly from: number;
  readonly to: number;
}

/** How far a trial has come, to go back to. */
interface Stage {
  readonly mark: number;
  readonly moves: number;
  readonly switches: number;
  readonly onceCost: number;
  readonly vmTermChanges: Float64Array;
}

/** Some changes on a draft and what they would save; in the end all of them are kept, or all undone. */
export class Trial {
  readonly moves: TrialMove[] = [];
  readonly switches: { readonly host: number; readonly to: 'on' | 'off' }[] = [];
  /** What the changes add to the price of all changes of this cycle. */
  onceCost = 0;
  readonly #draft: Draft;
  readonly #costs: Costs;
  readonly #once: OnceCosts;
  readonly #mark: number;
  readonly #hosts = new Set<number>();
  #vmTermChanges: Float64Array;

  constructor(draft: Draft, costs: Costs, once: OnceCosts) {
    this.#draft = draft;
    this.#costs = costs;
    this.#once = once;
    this.#mark = draft.mark();
    this.#vmTermChanges = new Float64Array(costs.terms.names.length);
  }

  move(vm: number, to: number): void {
    const from = this.#draft.hostOf[vm]!;
    this.onceCost += this.#once.ofMove(vm, from, to);
    this.#costs.terms.addVm(vm, this.#vmTermChanges, -1);
    this.#draft.move(vm, to);
    this.#costs.terms.addVm(vm, this.#vmTermChanges, 1);
    this.#touch(from);
    this.#touch(to);
    this.moves.push({ vm, from, to });
  }

  switch(host: number, to: 'on' | 'off', state: number): void {
    this.onceCost += to === 'on' ? this.#once.ofSwitchingOn(host) : this.#once.ofSwitchingOff(host);
    this.#draft.setPower(host, state);
    this.#touch(host);
    this.switches.push({ host, to });
  }

  get hosts(): ReadonlySet<number> {
    return this.#hosts;
  }

  /** Each VM that ends elsewhere than it was, once. */
  netMoves(): readonly TrialMove[] {
    if (this.moves.length === 1) return this.moves;
    const net = new Map<number, TrialMove>();
    for (const { vm, from, to } of this.moves) net.set(vm, { vm, from: net.get(vm)?.from ?? from, to });
    return [...net.values()].filter(({ from, to }) => from !== to);
  }

  /** Money per hour that the fleet would cost less. */
  saving(): number {
    return -this.termChanges().reduce((sum, term) => sum + term, 0);
  }

  /** Per term, how much dearer the fleet would be. */
  termChanges(): Float64Array {
    return this.#costs.changes(this.#hosts, this.#vmTermChanges);
  }

  stage(): Stage {
    return {
      mark: this.#draft.mark(),
      moves: this.moves.length,
      switches: this.switches.length,
      onceCost: this.onceCost,
      vmTermChanges: this.#vmTermChanges.slice(),
    };
  }

  /** Undoes what was done since that stage. */
  backTo(stage: Stage): void {
    this.#draft.undo(stage.mark);
    this.moves.length = stage.moves;
    this.switches.length = stage.switches;
    this.onceCost = stage.onceCost;
    this.#vmTermChanges = stage.vmTermChanges.slice();
    for (const host of this.#hosts) this.#costs.putOnTrial(host);
  }

  undo(): void {
    this.#draft.undo(this.#mark);
    this.#costs.dismiss(this.#hosts);
  }

  keep(): TermChange[] {
    return this.#costs.accept(this.#hosts, this.#vmTermChanges);
  }

  #touch(host: number): void {
    this.#hosts.add(host);
    this.#costs.putOnTrial(host);
  }
}
