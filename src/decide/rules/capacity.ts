import type { Draft } from '../../domain/draft.ts';
import type { Profile } from '../../domain/profile.ts';
import { CPU, RESOURCES } from '../../domain/resources.ts';
import type { Violation } from '../../domain/rule.ts';
import { shareWords } from '../../domain/words.ts';
import type { RuleOnDraft } from '../../sdk/rule.ts';

/**
 * No change fills a host above the ceiling of any resource. While hosts are being emptied the recent CPU peaks of the
 * VMs count and not only their present demand: what is packed must still fit when they all want that again.
 */
export class Capacity implements RuleOnDraft {
  readonly id = 'capacity';
  /** True while packing: peaks count. */
  forPeaks = false;
  /** True while repairing: only what is physically there counts, not the comfort of ceilings. */
  forRepair = false;
  readonly #draft: Draft;
  readonly #ceilings: readonly number[];

  constructor(draft: Draft, ceilings: Profile['ceilings']) {
    this.#draft = draft;
    this.#ceilings = RESOURCES.map((resource) => ceilings[resource.name]);
  }

  permits(vm: number, to: number): boolean {
    for (let r = 0; r < RESOURCES.length; r++) if (!this.#fits(r, vm, to)) return false;
    return !this.forPeaks || this.#peaksFit(vm, to);
  }

  words(vm: number, to: number): string {
    const { hosts, vms } = this.#draft.snapshot;
    const r = RESOURCES.findIndex((_, resource) => !this.#fits(resource, vm, to));
    if (r < 0) return `${hosts.ids[to]} has no room for the CPU peaks that its VMs had of late`;
    const after = (this.#draft.used(r)[to]! + vms.demand[r]![vm]!) / hosts.capacity[r]![to]!;
    return `${hosts.ids[to]} would be at ${shareWords(after)} of its ${RESOURCES[r]!.name}; ${shareWords(this.#ceiling(r))} allowed`;
  }

  /** Guaranteed resources may not be overcommitted; the others are a matter of cost. */
  violations(): Violation[] {
    const found: Violation[] = [];
    const { hosts, vms } = this.#draft.snapshot;
    RESOURCES.forEach((resource, r) => {
      if (!resource.guaranteed) return;
      for (let host = 0; host < hosts.ids.length; host++) {
        if (this.#draft.used(r)[host]! <= hosts.capacity[r]![host]! || this.#draft.vmCount[host] === 0) continue;
        const share = shareWords(this.#draft.used(r)[host]! / hosts.capacity[r]![host]!);
        const because = `${hosts.ids[host]} has given away ${share} of its ${resource.name}`;
        const on = this.#draft.vmsOn(host).map((vm) => vms.ids[vm]!);
        found.push({ rule: this.id, because, vms: on, host: hosts.ids[host]! });
      }
    });
    return found;
  }

  #ceiling(resource: number): number {
    return this.forRepair ? 1 : this.#ceilings[resource]!;
  }

  #fits(resource: number, vm: number, to: number): boolean {
    const { hosts, vms } = this.#draft.snapshot;
    const room = hosts.capacity[resource]![to]! * this.#ceiling(resource);
    return this.#draft.used(resource)[to]! + vms.demand[resource]![vm]! <= room;
  }

  #peaksFit(vm: number, to: number): boolean {
    const { hosts, vms } = this.#draft.snapshot;
    return this.#draft.cpuPeak[to]! + vms.cpuPeakMhz[vm]! <= hosts.capacity[CPU]![to]! * this.#ceilings[CPU]!;
  }
}
