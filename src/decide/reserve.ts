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

  constructor(draft: Draft, profile: Profile) {
    this.#draft = draft;
    this.#profile = profile;
  }

  /** The resource that is short as things stand, and how short, in words; undefined when the reserve is whole. */
  shortage(): string | undefined {
    const short = RESERVED_RESOURCES.find((r) => this.#capacityOn(r) < this.#wanted(r, this.#load(r)));
    if (short === undefined) return undefined;
    const share = shareWords(this.#load(short) / Math.max(1, this.#capacityOn(short)));
    return `${share} of the ${RESOURCES[short]!.name} that is on is in use, which leaves too little in reserve`;
  }

  /** Why the reserve would not survive switching the host off. */
  refusal(host: number): Refusal | undefined {
    const { capacity, ids } = this.#draft.snapshot.hosts;
    for (const r of RESERVED_RESOURCES) {
      const left = this.#capacityOn(r) - capacity[r]![host]!;
      if (left >= this.#wanted(r, this.#recentLoad(r))) continue;
      const because = `without ${ids[host]} the ${RESOURCES[r]!.name} reserve would be broken`;
      return { rule: 'reserve', because };
    }
    return undefined;
  }

  #wanted(resource: number, load: number): number {
    const { capacity } = this.#draft.snapshot.hosts;
    const needed = load / this.#profile.ceilings[RESOURCES[resource]!.name];
    let largest = 0;
    for (let host = 0; host < capacity[resource]!.length; host++) {
      largest = Math.max(largest, capacity[resource]![host]!);
    }
    return Math.max(needed + this.#profile.spareHosts * largest, needed * (1 + this.#profile.spareShare));
  }

  #capacityOn(resource: number): number {
    const { capacity, known, maintenance } = this.#draft.snapshot.hosts;
    let sum = 0;
    for (let host = 0; host < known.length; host++) {
      if (this.#isUp(host) && known[host] === 1 && maintenance[host] === 0) sum += capacity[resource]![host]!;
    }
    return sum;
  }

  #load(resource: number): number {
    return this.#sumWhereUp((host) => this.#draft.used(resource)[host]!);
  }

  #recentLoad(resource: number): number {
    if (resource !== CPU) return this.#load(resource);
    return this.#sumWhereUp((host) => Math.max(this.#draft.used(CPU)[host]!, this.#draft.cpuPeak[host]!));
  }

  #sumWhereUp(read: (host: number) => number): number {
    let sum = 0;
    for (let host = 0; host < this.#draft.power.length; host++) if (this.#isUp(host)) sum += read(host);
    return sum;
  }

  /** A host that boots counts: it has been sent for. */
  #isUp(host: number): boolean {
    const power = this.#draft.power[host];
    return power === ON || power === BOOTING || power === EMPTYING;
  }
}
