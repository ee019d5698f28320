import { type Crowd, crowdsOf, ELSEWHERE, isCrowdRule } from '../domain/crowds.ts';
import { isContinuous, isRequired } from '../domain/rule.ts';
import type { Snapshot } from '../domain/snapshot.ts';

/** A crowd at one instant of a plan. */
export interface Standing extends Crowd {
  readonly index: number;
  /** VMs by place; one in flight between two hosts of a place stands there twice. */
  readonly inside: Map<number, number[]>;
}

export interface Conflict {
  readonly crowd: Standing;
  /** Who is there already. */
  readonly vms: readonly number[];
}

const NONE: readonly Standing[] = [];

/** Who stands where, as far as rules limit crowds at every step; VMs in flight stand at both ends. */
export class Crowds {
  readonly all: readonly Standing[];
  readonly #crowdsOf = new Map<number, Standing[]>();

  constructor(snapshot: Snapshot) {
    const continuous = snapshot.rules.filter((rule) => isCrowdRule(rule) && isContinuous(rule) && isRequired(rule));
    this.all = crowdsOf(continuous, snapshot).map((crowd, index) => ({ ...crowd, index, inside: new Map() }));
    for (const crowd of this.all) {
      for (const vm of crowd.members) {
        const known = this.#crowdsOf.get(vm);
        if (known === undefined) this.#crowdsOf.set(vm, [crowd]);
        else known.push(crowd);
      }
    }
  }

  enter(vm: number, host: number): void {
    for (const { placeOf, inside } of this.crowdsOf(vm)) {
      const place = placeOf[host]!;
      if (place === ELSEWHERE) continue;
      const there = inside.get(place);
      if (there === undefined) inside.set(place, [vm]);
      else there.push(vm);
    }
  }

  leave(vm: number, host: number): void {
    for (const { placeOf, inside } of this.crowdsOf(vm)) {
      const there = inside.get(placeOf[host]!);
      const at = there?.indexOf(vm) ?? -1;
      if (at >= 0) there?.splice(at, 1);
    }
  }

  /** What the VM's arrival would newly break; moving about within a place breaks nothing new. */
  conflict(vm: number, host: number): Conflict | undefined {
    for (const crowd of this.crowdsOf(vm)) {
      const there = crowd.inside.get(crowd.placeOf[host]!);
      if (there === undefined || there.length < crowd.most || there.includes(vm)) continue;
      return { crowd, vms: there };
    }
    return undefined;
  }

  crowdsOf(vm: number): readonly Standing[] {
    return this.#crowdsOf.get(vm) ?? NONE;
  }
}
