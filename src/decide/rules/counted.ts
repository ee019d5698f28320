import type { Draft } from '../../domain/draft.ts';
import type { Violation } from '../../domain/rule.ts';
import type { RuleOnDraft } from './rule-on-draft.ts';

/**
 * No host gives away more of a counted resource than it has. What is held while moving counts on the host that a VM was on
 * at first until all is done, so that the moves may happen in any order.
 */
export class CountedRoom implements RuleOnDraft {
  readonly id = 'counted';
  readonly #draft: Draft;
  /** Per resource, what each host holds for VMs that have left it. */
  readonly #held: readonly Float64Array[];

  constructor(draft: Draft) {
    const { vms, hosts } = draft.snapshot;
    const home = vms.host;
    this.#draft = draft;
    this.#held = draft.counted.map(() => new Float64Array(hosts.ids.length));
    draft.followMoves((vm, from, to) => {
      if (from === home[vm] && to !== home[vm]) this.#hold(vm, from, 1);
      if (from !== home[vm] && to === home[vm]) this.#hold(vm, to, -1);
    });
  }

  permits(vm: number, to: number): boolean {
    for (let c = 0; c < this.#held.length; c++) if (this.#lack(c, vm, to) > 0) return false;
    return true;
  }

  words(vm: number, to: number): string {
    const { hosts, vms } = this.#draft.snapshot;
    const c = this.#lacking(vm, to);
    const { name, capacity, demand } = this.#draft.counted[c]!;
    return `${hosts.ids[to]} has ${capacity[to]} of ${name}, and with ${demand[vm]} for ${vms.ids[vm]} would give away ${capacity[to]! + this.#lack(c, vm, to)}`;
  }

  remedy(vm: number, to: number): string {
    const c = this.#lacking(vm, to);
    return `${this.#draft.snapshot.hosts.ids[to]} needs ${this.#lack(c, vm, to)} more of ${this.#draft.counted[c]!.name}`;
  }

  violations(): Violation[] {
    const { hosts, vms } = this.#draft.snapshot;
    return this.#draft.counted.flatMap(({ name, capacity }, c) =>
      hosts.ids.flatMap((host, h) => {
        const used = this.#draft.countedUsed(c)[h]! - (this.#draft.countedHeld(c)?.[h] ?? 0);
        if (used <= capacity[h]!) return [];
        const because = `${host} has given away ${used} of ${name} and has ${capacity[h]}`;
        return [{ rule: this.id, because, vms: this.#draft.vmsOn(h).map((vm) => vms.ids[vm]!), host }];
      }),
    );
  }

  #lacking(vm: number, to: number): number {
    return this.#held.findIndex((_, c) => this.#lack(c, vm, to) > 0);
  }

  /** A VM that comes back is where room has been held for it. */
  #lack(c: number, vm: number, to: number): number {
    const { capacity, demand, heldWhileMoving } = this.#draft.counted[c]!;
    if (heldWhileMoving && this.#draft.snapshot.vms.host[vm] === to) return 0;
    return this.#draft.countedUsed(c)[to]! + this.#held[c]![to]! + demand[vm]! - capacity[to]!;
  }

  #hold(vm: number, host: number, sign: 1 | -1): void {
    this.#draft.counted.forEach(({ demand, heldWhileMoving }, c) => {
      if (heldWhileMoving) this.#held[c]![host]! += sign * demand[vm]!;
    });
  }
}
