import type { Column } from '../domain/columns.ts';
import type { Draft } from '../domain/draft.ts';

const NONE = -1;

/** VMs that take turns at being moved: the largest number of one crew that are away from where they were is charged. */
export class Crew {
  /** Crew of each VM; -1 for none. */
  readonly of: Column;
  readonly count: number;
  readonly perMostMoved: number;
  readonly #home: Column;
  readonly #moved: Int32Array;
  /** How many crews have so many VMs away. */
  readonly #crewsWith: number[];
  #most = 0;

  constructor(draft: Draft, nameOf: (vm: number) => string, perMostMoved: number) {
    const numbers = new Map<string, number>();
    const home = draft.snapshot.vms.host;
    this.#home = home;
    this.perMostMoved = perMostMoved;
    this.of = Int32Array.from({ length: home.length }, (_, vm) => {
      const name = nameOf(vm);
      if (name === '') return NONE;
      const known = numbers.get(name) ?? numbers.size;
      numbers.set(name, known);
      return known;
    });
    this.count = numbers.size;
    this.#moved = new Int32Array(this.count);
    this.#crewsWith = [this.count];
    draft.followMoves((vm, from, to) => {
      const change = turnOf(home[vm]!, from, to);
      if (change !== 0) this.#count(vm, change);
    });
  }

  /** What the move adds: one more of the VM's crew may be away from where it was, or one less. */
  delta(vm: number, from: number, to: number): number {
    const crew = this.of[vm]!;
    const change = turnOf(this.#home[vm]!, from, to);
    if (change === 0 || crew === NONE || this.#moved[crew] !== this.#most) return 0;
    if (change === 1) return this.perMostMoved;
    return this.#crewsWith[this.#most] === 1 ? -this.perMostMoved : 0;
  }

  #count(vm: number, change: 1 | -1): void {
    const crew = this.of[vm]!;
    if (crew === NONE) return;
    const before = this.#moved[crew]!;
    const after = before + change;
    this.#moved[crew] = after;
    this.#crewsWith[before]! -= 1;
    this.#crewsWith[after] = (this.#crewsWith[after] ?? 0) + 1;
    this.#most = Math.max(this.#most, after);
    while (this.#most > 0 && this.#crewsWith[this.#most] === 0) this.#most -= 1;
  }
}

/** 1 for leaving home, -1 for coming back. */
function turnOf(home: number, from: number, to: number): 1 | 0 | -1 {
  if (from === to) return 0;
  return from === home ? 1 : to === home ? -1 : 0;
}
