import type { Column } from '../../domain/columns.ts';
import type { Draft } from '../../domain/draft.ts';
import type { Profile } from '../../domain/profile.ts';
import { CPU, RESOURCES } from '../../domain/resources.ts';
import type { Violation } from '../../domain/rule.ts';
import { amountWords, shareWords } from '../../domain/words.ts';
import type { RuleOnDraft } from './rule-on-draft.ts';

/**
 * No change fills a host above the ceiling of any resource. While hosts are being emptied the recent CPU peaks of the
 * VMs count and not only their present demand: what is packed must still fit when they all want that again.
 */
export class Capacity implements RuleOnDraft {
  readonly id = 'capacity';
  /** True while packing: peaks count. */
  forPeaks = false;
  /** True while rules are repaired and hosts emptied for good reason: the ceilings of evacuations count. */
  forRepair = false;
  readonly #draft: Draft;
  readonly #steady: readonly number[];
  readonly #evacuation: readonly number[];
  /** Per resource, what each host may be filled with. Asked for millions of times a cycle, so worked out once. */
  readonly #steadyRoom: readonly Column[];
  readonly #evacuationRoom: readonly Column[];
  readonly #used: readonly Column[];
  readonly #demand: readonly Column[];

  constructor(draft: Draft, { ceilings, evacuationCeilings }: Pick<Profile, 'ceilings' | 'evacuationCeilings'>) {
    this.#draft = draft;
    this.#steady = RESOURCES.map((resource) => ceilings[resource.name]);
    this.#evacuation = RESOURCES.map((resource) => evacuationCeilings[resource.name]);
    const { capacity } = draft.snapshot.hosts;
    this.#steadyRoom = capacity.map((column, r) => scaled(column, this.#steady[r]!));
    this.#evacuationRoom = capacity.map((column, r) => scaled(column, this.#evacuation[r]!));
    this.#used = RESOURCES.map((_, r) => draft.used(r));
    this.#demand = draft.snapshot.vms.demand;
  }

  permits(vm: number, to: number): boolean {
    const room = this.forRepair ? this.#evacuationRoom : this.#steadyRoom;
    for (let r = 0; r < room.length; r++) {
      if (this.#used[r]![to]! + this.#demand[r]![vm]! > room[r]![to]!) return false;
    }
    return !this.forPeaks || this.#peaksFit(vm, to);
  }

  words(vm: number, to: number): string {
    const { hosts, vms } = this.#draft.snapshot;
    const r = RESOURCES.findIndex((_, resource) => !this.#fits(resource, vm, to));
    if (r < 0) return `${hosts.ids[to]} has no room for the CPU peaks that its VMs had of late`;
    const after = (this.#draft.used(r)[to]! + vms.demand[r]![vm]!) / hosts.capacity[r]![to]!;
    return `${hosts.ids[to]} would be at ${shareWords(after)} of its ${RESOURCES[r]!.name}; ${shareWords(this.#ceiling(r))} allowed`;
  }

  remedy(vm: number, to: number): string {
    const { hosts } = this.#draft.snapshot;
    const lacking = RESOURCES.flatMap((_, r) => {
      const lack = this.#lack(r, vm, to);
      return lack > 0 ? [amountWords(r, lack)] : [];
    });
    if (lacking.length === 0) lacking.push(`${amountWords(CPU, this.#peakLack(vm, to))} for peaks`);
    return `${hosts.ids[to]} needs ${lacking.join(' and ')} more`;
  }

  /** Guaranteed resources may not be overcommitted; the others are a matter of cost. What is held is about to be free. */
  violations(): Violation[] {
    const found: Violation[] = [];
    const { hosts, vms } = this.#draft.snapshot;
    RESOURCES.forEach((resource, r) => {
      if (!resource.guaranteed) return;
      for (let host = 0; host < hosts.ids.length; host++) {
        const used = this.#draft.used(r)[host]! - (this.#draft.held(r)?.[host] ?? 0);
        if (used <= hosts.capacity[r]![host]! || this.#draft.vmCount[host] === 0) continue;
        const share = shareWords(used / hosts.capacity[r]![host]!);
        const because = `${hosts.ids[host]} has given away ${share} of its ${resource.name}`;
        const on = this.#draft.vmsOn(host).map((vm) => vms.ids[vm]!);
        found.push({ rule: this.id, because, vms: on, host: hosts.ids[host]! });
      }
    });
    return found;
  }

  #ceiling(resource: number): number {
    return (this.forRepair ? this.#evacuation : this.#steady)[resource]!;
  }

  #fits(resource: number, vm: number, to: number): boolean {
    return this.#lack(resource, vm, to) <= 0;
  }

  /** How much is missing under the ceiling. */
  #lack(resource: number, vm: number, to: number): number {
    const { hosts, vms } = this.#draft.snapshot;
    const room = hosts.capacity[resource]![to]! * this.#ceiling(resource);
    return this.#draft.used(resource)[to]! + vms.demand[resource]![vm]! - room;
  }

  #peaksFit(vm: number, to: number): boolean {
    return this.#peakLack(vm, to) <= 0;
  }

  #peakLack(vm: number, to: number): number {
    const { hosts, vms } = this.#draft.snapshot;
    return this.#draft.cpuPeak[to]! + vms.cpuPeakMhz[vm]! - hosts.capacity[CPU]![to]! * this.#steady[CPU]!;
  }
}

function scaled(column: Column, factor: number): Float64Array {
  const result = new Float64Array(column.length);
  for (let i = 0; i < result.length; i++) result[i] = column[i]! * factor;
  return result;
}
