import type { Column } from '../domain/columns.ts';
import type { Draft } from '../domain/draft.ts';
import { BOOTING, EMPTYING, ON } from '../domain/power.ts';
import type { Profile } from '../domain/profile.ts';
import { CPU, MEMORY, RESOURCES } from '../domain/resources.ts';
import type { Refusal } from '../domain/rule.ts';
import { shareWords } from '../domain/words.ts';

const RESERVED_RESOURCES = [CPU, MEMORY];

/**
 * Capacity kept on beyond what the load needs: spare hosts, by number or share, the larger. Switching on follows the
 * load as it is; switching off follows the peaks of the slow window: fast to wake, slow to sleep.
 */
export class Reserve {
  readonly #draft: Draft;
  readonly #profile: Profile;
  /** Per reserved resource: what all VMs want now, what they wanted at most of late, and the largest host. */
  readonly #load: readonly number[];
  readonly #recentLoad: readonly number[];
  readonly #largest: readonly number[];
  /** What VMs may use of the hosts that are up. A host that boots counts: it has been sent for. */
  readonly #capacityOn = RESERVED_RESOURCES.map(() => 0);

  constructor(draft: Draft, profile: Profile) {
    this.#draft = draft;
    this.#profile = profile;
    const { hosts, vms } = draft.snapshot;
    this.#load = RESERVED_RESOURCES.map((r) => total(vms.demand[r]!));
    this.#recentLoad = RESERVED_RESOURCES.map((r) => total(r === CPU ? vms.cpuPeakMhz : vms.demand[r]!));
    this.#largest = RESERVED_RESOURCES.map((r) => hosts.capacity[r]!).map(largestOf);
    for (let host = 0; host < draft.power.length; host++) if (isUp(draft.power[host]!)) this.#count(host, 1);
    draft.followPower((host, before, after) => {
      if (isUp(before) !== isUp(after)) this.#count(host, isUp(after) ? 1 : -1);
    });
  }

  /** The resource that is short as things stand, and how short, in words; undefined when the reserve is whole. */
  shortage(): string | undefined {
    const short = RESERVED_RESOURCES.findIndex((_, i) => this.#capacityOn[i]! < this.#wanted(i, this.#load[i]!));
    if (short < 0) return undefined;
    const share = shareWords(this.#load[short]! / Math.max(1, this.#capacityOn[short]!));
    const { name } = RESOURCES[RESERVED_RESOURCES[short]!]!;
    return `${share} of the ${name} that is on is in use, which leaves too little in reserve`;
  }

  /** Why the reserve would not survive switching the host off. */
  refusal(host: number): Refusal | undefined {
    const { capacity, ids } = this.#draft.snapshot.hosts;
    const broken = RESERVED_RESOURCES.findIndex((r, i) => {
      const left = this.#capacityOn[i]! - capacity[r]![host]!;
      return left < this.#wanted(i, Math.max(this.#load[i]!, this.#recentLoad[i]!));
    });
    if (broken < 0) return undefined;
    const { name } = RESOURCES[RESERVED_RESOURCES[broken]!]!;
    return { rule: 'reserve', because: `without ${ids[host]} the ${name} reserve would be broken` };
  }

  #wanted(i: number, load: number): number {
    const needed = load / this.#profile.ceilings[RESOURCES[RESERVED_RESOURCES[i]!]!.name];
    const { spareHosts, spareShare } = this.#profile;
    return Math.max(needed + spareHosts * this.#largest[i]!, needed * (1 + spareShare));
  }

  #count(host: number, sign: 1 | -1): void {
    const { capacity, reserved, known, maintenance } = this.#draft.snapshot.hosts;
    if (known[host] !== 1 || maintenance[host] === 1) return;
    RESERVED_RESOURCES.forEach((r, i) => {
      this.#capacityOn[i]! += sign * (capacity[r]![host]! - reserved[r]![host]!);
    });
  }
}

function isUp(power: number): boolean {
  return power === ON || power === BOOTING || power === EMPTYING;
}

function total(column: Column): number {
  let sum = 0;
  for (let i = 0; i < column.length; i++) sum += column[i]!;
  return sum;
}

function largestOf(column: Column): number {
  let most = 0;
  for (let i = 0; i < column.length; i++) most = Math.max(most, column[i]!);
  return most;
}
