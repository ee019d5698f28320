import type { Column } from '../domain/columns.ts';
import type { Draft } from '../domain/draft.ts';
import type { Profile } from '../domain/profile.ts';
import { RESOURCES } from '../domain/resources.ts';
import type { Judge } from './judge.ts';

/** Fleets up to this size are searched exhaustively; larger ones through the index. */
const SMALL_FLEET = 32;
/** Up to this size, what takes more than a look at each host is still done for all of them. */
const MODEST_FLEET = 128;
const LEVELS = 64;
/** Candidates by load that are looked at per VM in a large fleet, and hosts passed over to find them. */
const MOST_BY_LOAD = 16;
const MOST_PASSED_OVER = 256;
/** Peers whose hosts, and other hosts of whose racks, are candidates too. */
const MOST_PEERS = 4;
const MATES_PER_PEER = 3;

/**
 * Which hosts to try for a VM, without scanning the fleet: open hosts filed by how full their fullest resource is. Hosts
 * that were accepted to change are filed anew; trials do not disturb the index.
 */
export class Targets {
  /** Every host. */
  readonly all: readonly number[];
  readonly #draft: Draft;
  readonly #judge: Judge;
  readonly ceilings: readonly number[];
  /** Per resource, the largest capacity of any host. */
  readonly largest: readonly number[];
  /** Per resource, the most that any host may be filled with. */
  readonly #largestRoom: readonly number[];
  readonly #shelves: number[][] = Array.from({ length: LEVELS }, () => []);
  readonly #shelfOf: Int8Array;
  readonly #placeOf: Int32Array;
  readonly #hostsOfRack = new Map<number, number[]>();
  /** The last search that a host was found in, so that each is found once. */
  readonly #foundIn: Uint32Array;
  #search = 0;

  constructor(draft: Draft, judge: Judge, profile: Profile) {
    const { ids, capacity, rackText } = draft.snapshot.hosts;
    this.#draft = draft;
    this.#judge = judge;
    this.ceilings = RESOURCES.map((resource) => profile.ceilings[resource.name]);
    this.largest = capacity.map(largest);
    this.#largestRoom = this.ceilings.map((ceiling, r) => ceiling * this.largest[r]!);
    this.all = ids.map((_, host) => host);
    this.#shelfOf = new Int8Array(ids.length).fill(-1);
    this.#placeOf = new Int32Array(ids.length);
    this.#foundIn = new Uint32Array(ids.length);
    for (const host of this.all) {
      this.refile(host);
      const mates = this.#hostsOfRack.get(rackText[host]!);
      if (mates === undefined) this.#hostsOfRack.set(rackText[host]!, [host]);
      else mates.push(host);
    }
  }

  /** Whether all hosts are candidates for each VM. */
  get isSmall(): boolean {
    return this.all.length <= SMALL_FLEET;
  }

  get isModest(): boolean {
    return this.all.length <= MODEST_FLEET;
  }

  /** To be called for each host that an accepted change touched. */
  refile(host: number): void {
    this.#take(host);
    if (!this.#judge.openHost.isOpen(host)) return;
    const shelf = Math.min(LEVELS - 1, Math.floor(this.#fullness(host) * (LEVELS - 1)));
    this.#shelfOf[host] = shelf;
    this.#placeOf[host] = this.#shelves[shelf]!.push(host) - 1;
  }

  /** Hosts to try: those near its peers, then the emptiest or the fullest that have room. */
  candidates(vm: number, first: 'emptiest' | 'fullest'): readonly number[] {
    if (this.isSmall) return this.all;
    const found = this.nearPeers(vm);
    const few = this.#judge.fitness.fewHostsFor(vm);
    if (few !== undefined) return this.#addSome(vm, few, first, found);
    const fullestThatFits = Math.floor((1 - this.#leastShare(vm)) * (LEVELS - 1));
    const most = found.length + MOST_BY_LOAD;
    let passedOver = 0;
    for (let i = 0; i <= fullestThatFits && found.length < most && passedOver < MOST_PASSED_OVER; i++) {
      const shelf = this.#shelves[first === 'emptiest' ? i : fullestThatFits - i]!;
      for (let place = 0; place < shelf.length && found.length < most && passedOver < MOST_PASSED_OVER; place++) {
        if (this.#fits(vm, shelf[place]!)) this.#add(shelf[place]!, found);
        else passedOver += 1;
      }
    }
    return found;
  }

  /** The emptiest open hosts of all, whether they have room or not. */
  emptiest(most: number): number[] {
    const found: number[] = [];
    for (let i = 0; i < LEVELS && found.length < most; i++)
      found.push(...this.#shelves[i]!.slice(0, most - found.length));
    return found;
  }

  /** Of those listed that have room, the emptiest or the fullest. */
  #addSome(vm: number, listed: readonly number[], first: 'emptiest' | 'fullest', found: number[]): number[] {
    const fitting = listed.filter((host) => this.#fits(vm, host));
    const sign = first === 'emptiest' ? 1 : -1;
    if (fitting.length > MOST_BY_LOAD) fitting.sort((a, b) => sign * (this.#shelfOf[a]! - this.#shelfOf[b]!) || a - b);
    for (const host of fitting.slice(0, MOST_BY_LOAD)) this.#add(host, found);
    return found;
  }

  /** The hosts of those that the VM talks to, and some others of their racks. */
  nearPeers(vm: number): number[] {
    const { traffic, hosts } = this.#draft.snapshot;
    const found: number[] = [];
    this.#search += 1;
    const first = traffic.rowStart[vm]!;
    const last = Math.min(traffic.rowStart[vm + 1]!, first + MOST_PEERS);
    for (let at = first; at < last; at++) {
      const host = this.#draft.hostOf[traffic.peer[at]!]!;
      this.#add(host, found);
      const mates = this.#hostsOfRack.get(hosts.rackText[host]!)!;
      // Each VM looks at other mates, so that not all of them crowd the first.
      for (let m = 0; m < MATES_PER_PEER; m++) this.#add(mates[(vm + m) % mates.length]!, found);
    }
    return found;
  }

  #add(host: number, found: number[]): void {
    if (this.#foundIn[host] === this.#search) return;
    this.#foundIn[host] = this.#search;
    found.push(host);
  }

  #fits(vm: number, host: number): boolean {
    return this.#judge.fitness.permits(vm, host) && this.#judge.capacity.permits(vm, host);
  }

  /** What the VM takes at least of any host, as a share of what the host may be filled with. */
  #leastShare(vm: number): number {
    const { demand } = this.#draft.snapshot.vms;
    let most = 0;
    for (let r = 0; r < demand.length; r++) {
      if (this.#largestRoom[r]! > 0) most = Math.max(most, demand[r]![vm]! / this.#largestRoom[r]!);
    }
    return Math.min(1, most);
  }

  /** Share of its ceiling that the host's fullest resource has reached. */
  #fullness(host: number): number {
    const { capacity } = this.#draft.snapshot.hosts;
    let most = 0;
    for (let r = 0; r < capacity.length; r++) {
      const room = capacity[r]![host]! * this.ceilings[r]!;
      if (room > 0) most = Math.max(most, this.#draft.used(r)[host]! / room);
    }
    return most;
  }

  #take(host: number): void {
    if (this.#shelfOf[host]! < 0) return;
    const shelf = this.#shelves[this.#shelfOf[host]!]!;
    const last = shelf.pop()!;
    if (last !== host) {
      shelf[this.#placeOf[host]!] = last;
      this.#placeOf[last] = this.#placeOf[host]!;
    }
    this.#shelfOf[host] = -1;
  }
}

function largest(column: Column): number {
  let most = 0;
  for (let i = 0; i < column.length; i++) most = Math.max(most, column[i]!);
  return most;
}
