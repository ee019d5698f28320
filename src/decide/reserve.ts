import type { Column } from '../domain/columns.ts';
import type { Draft } from '../domain/draft.ts';
import { BOOTING, EMPTYING, ON } from '../domain/power.ts';
import type { Profile } from '../domain/profile.ts';
import { CPU, MEMORY, RESOURCES } from '../domain/resources.ts';
import type { Refusal } from '../domain/rule.ts';
import { amountWords, shareWords } from '../domain/words.ts';

const RESERVED_RESOURCES = [CPU, MEMORY];

/**
 * Capacity kept on beyond what the load needs: spare hosts, by number or share, the larger. Switching on follows the
 * load as it is and as it is expected soon, so that hosts are up when it comes; switching off follows the peaks of the
 * slow window and what is expected soon and later: fast to wake, slow to sleep.
 */
export class Reserve {
  readonly #draft: Draft;
  readonly #profile: Profile;
  /** Per reserved resource: what all VMs want now, what they want soon if that is more, and the most of all times. */
  readonly #loadNow: readonly number[];
  readonly #loadSoon: readonly number[];
  readonly #loadAtMost: readonly number[];
  /** Of any host. */
  readonly #largest: readonly number[];
  /** What VMs may use of the hosts that are up. A host that boots counts: it has been sent for. */
  readonly #capacityOn = RESERVED_RESOURCES.map(() => 0);
  #hostsOn = 0;
  /** Of those, hosts that boot as things stand: on the strength of what may not come up nobody is switched off. */
  readonly #booting: readonly number[];

  constructor(draft: Draft, profile: Profile) {
    this.#draft = draft;
    this.#profile = profile;
    const { hosts, vms } = draft.snapshot;
    this.#loadNow = RESERVED_RESOURCES.map((r) => total(vms.demand[r]!));
    const cpuAtLeast = (columns: readonly Column[]) =>
      this.#loadNow.map((now, i) => (RESERVED_RESOURCES[i] === CPU ? Math.max(now, ...columns.map(total)) : now));
    this.#loadSoon = cpuAtLeast([vms.cpuSoonMhz]);
    this.#loadAtMost = cpuAtLeast([vms.cpuSoonMhz, vms.cpuLaterMhz, vms.cpuPeakMhz]);
    this.#largest = RESERVED_RESOURCES.map((r) => hosts.capacity[r]!).map(largestOf);
    for (let host = 0; host < draft.power.length; host++) if (isUp(draft.power[host]!)) this.#count(host, 1);
    this.#booting = [...hosts.ids.keys()].filter((host) => hosts.power[host] === BOOTING && this.#counts(host));
    draft.followPower((host, before, after) => {
      if (isUp(before) !== isUp(after)) this.#count(host, isUp(after) ? 1 : -1);
    });
  }

  /** What is short as things stand, and how short, in words; undefined when the reserve is whole. */
  shortage(): string | undefined {
    const { leastHostsOn } = this.#profile;
    if (this.#hostsOn < leastHostsOn) return `fewer than ${leastHostsOn} hosts are on`;
    const short = RESERVED_RESOURCES.findIndex((_, i) => this.#capacityOn[i]! < this.#wanted(i, this.#loadSoon[i]!));
    if (short < 0) return undefined;
    const share = shareWords(this.#loadSoon[short]! / Math.max(1, this.#capacityOn[short]!));
    const { name } = RESOURCES[RESERVED_RESOURCES[short]!]!;
    const when = this.#loadSoon[short]! > this.#loadNow[short]! ? 'is expected to be in use soon' : 'is in use';
    return `${share} of the ${name} that is on ${when}, which leaves too little in reserve`;
  }

  /**
   * Why the reserve would not survive switching the host off. One under maintenance is no part of it, and still stays on
   * while the others are too few: it is the one that can be given back at once.
   */
  refusal(host: number): Refusal | undefined {
    const { ids } = this.#draft.snapshot.hosts;
    const { leastHostsOn } = this.#profile;
    const left = this.#hostsOn - this.#booting.length - (this.#counts(host) ? 1 : 0);
    if (left < leastHostsOn)
      return { rule: 'least-hosts-on', because: `without ${ids[host]} fewer than ${leastHostsOn} hosts would be on` };
    const broken = RESERVED_RESOURCES.findIndex((_, i) => this.#lackWithout(host, i) > 0);
    if (broken < 0) return undefined;
    const resource = RESERVED_RESOURCES[broken]!;
    const because = `without ${ids[host]} the ${RESOURCES[resource]!.name} reserve would be broken`;
    const lack = amountWords(resource, this.#lackWithout(host, broken));
    return {
      rule: 'reserve',
      because,
      remedy: `${lack} more on, less load, or a smaller reserve (spareHosts, spareShare)`,
    };
  }

  /** What would be missing of a reserved resource if the host were off. */
  #lackWithout(host: number, i: number): number {
    const column = this.#draft.snapshot.hosts.capacity[RESERVED_RESOURCES[i]!]!;
    const left = this.#capacityOn[i]! - (this.#counts(host) ? column[host]! : 0);
    const booting = this.#booting.reduce((sum, each) => sum + column[each]!, 0);
    return this.#wanted(i, this.#loadAtMost[i]!) - (left - booting);
  }

  #wanted(i: number, load: number): number {
    const needed = load / this.#profile.ceilings[RESOURCES[RESERVED_RESOURCES[i]!]!.name];
    const { spareHosts, spareShare } = this.#profile;
    return Math.max(needed + spareHosts * this.#largest[i]!, needed * (1 + spareShare));
  }

  #count(host: number, sign: 1 | -1): void {
    const { capacity, reserved } = this.#draft.snapshot.hosts;
    if (!this.#counts(host)) return;
    this.#hostsOn += sign;
    RESERVED_RESOURCES.forEach((r, i) => {
      this.#capacityOn[i]! += sign * (capacity[r]![host]! - reserved[r]![host]!);
    });
  }

  #counts(host: number): boolean {
    const { known, maintenance } = this.#draft.snapshot.hosts;
    return known[host] === 1 && maintenance[host] !== 1;
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
