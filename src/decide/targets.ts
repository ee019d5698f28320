import type { Column } from '../domain/columns.ts';
import type { Draft } from '../domain/draft.ts';
import type { Profile } from '../domain/profile.ts';
import { CPU, RESOURCES } from '../domain/resources.ts';
import type { Judge } from './judge.ts';
import { LEVELS, Shelves } from './shelves.ts';

/** Fleets up to this size are searched exhaustively; larger ones through the index. */
const SMALL_FLEET = 32;
/** Up to this size, what takes more than a look at each host is still done for all of them. */
const MODEST_FLEET = 128;
/** Up to this size, what has been decided is looked at as the next cycle would. */
const SURVEYABLE_FLEET = 4_000;
/** Candidates by load that are looked at per VM in a large fleet, and hosts passed over to find them. */
const MOST_BY_LOAD = 8;
const MOST_PASSED_OVER = 32;
/** Peers whose hosts, and other hosts of whose racks, are candidates too. */
const MOST_PEERS = 4;
const MATES_PER_PEER = 3;

/** Levels from one on, up or down. */
interface Walk {
  readonly from: number;
  readonly step: 1 | -1;
}

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
  /** Per resource, what the host with most of it and the one with least of it may be filled with. */
  readonly #largestRoom: readonly number[];
  readonly #smallestRoom: readonly number[];
  /** Open hosts by how full they are now, and by how full they would be if all VMs wanted their recent CPU peaks again. */
  readonly #byLoad: Shelves;
  readonly #byPeak: Shelves;
  /** By rack. */
  readonly #hostsOfRack: number[][];
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
    this.#smallestRoom = this.ceilings.map((ceiling, r) => ceiling * smallest(capacity[r]!));
    this.all = ids.map((_, host) => host);
    this.#byLoad = new Shelves(ids.length, judge.fitness.hostClassCount);
    this.#byPeak = new Shelves(ids.length, judge.fitness.hostClassCount);
    this.#foundIn = new Uint32Array(ids.length);
    this.#hostsOfRack = draft.snapshot.pools.texts.map(() => []);
    for (const host of this.all) {
      this.refile(host);
      this.#hostsOfRack[rackText[host]!]!.push(host);
    }
  }

  /** Whether all hosts are candidates for each VM. */
  get isSmall(): boolean {
    return this.all.length <= SMALL_FLEET;
  }

  get isModest(): boolean {
    return this.all.length <= MODEST_FLEET;
  }

  get isSurveyable(): boolean {
    return this.all.length <= SURVEYABLE_FLEET;
  }

  /** To be called for each host that an accepted change touched. */
  refile(host: number): void {
    const { openHost, fitness } = this.#judge;
    if (!openHost.isOpen(host)) {
      this.#byLoad.takeOut(host);
      this.#byPeak.takeOut(host);
      return;
    }
    const kind = fitness.hostClassOf(host);
    const load = this.#fullness(host);
    const cpuRoom = this.#draft.snapshot.hosts.capacity[CPU]![host]! * this.ceilings[CPU]!;
    const peak = cpuRoom > 0 ? this.#draft.cpuPeak[host]! / cpuRoom : 0;
    this.#byLoad.file(host, kind, levelOf(load));
    this.#byPeak.file(host, kind, levelOf(Math.max(load, peak)));
  }

  /**
   * Hosts to try: those near its peers, then the emptiest or the fullest that have room. In a large fleet they are such
   * as the rules permit, in a small one they are all there are.
   */
  candidates(vm: number, first: 'emptiest' | 'fullest'): readonly number[] {
    if (this.isSmall) return this.all;
    const found: number[] = [];
    this.#search += 1;
    this.#addNearPeers(vm, found);
    const named = this.#judge.fitness.namedHostsFor(vm);
    if (named !== undefined) return this.#addSome(vm, named, first, found);
    const most = found.length + MOST_BY_LOAD;
    if (first === 'emptiest') {
      this.#addByLevel(vm, this.#byLoad, { from: 0, step: 1 }, found, most);
    } else {
      // Where it barely fits, many must be passed over; where it fits for certain, none.
      this.#addByLevel(vm, this.#byPeak, { from: this.#highestLevelFor(vm, this.#largestRoom), step: -1 }, found, most);
      this.#addByLevel(
        vm,
        this.#byPeak,
        { from: this.#highestLevelFor(vm, this.#smallestRoom), step: -1 },
        found,
        most,
      );
    }
    return found;
  }

  /** Adds hosts level by level until there are so many, or too many had to be passed over. */
  #addByLevel(vm: number, shelves: Shelves, { from, step }: Walk, found: number[], most: number): void {
    const classes = this.#judge.fitness.hostClassesFor(vm);
    let left = MOST_PASSED_OVER;
    shelves.lookAt(classes);
    let level = shelves.nextLevel(from, step);
    while (level >= 0 && found.length < most && left > 0) {
      for (let c = 0; c < classes.length && found.length < most && left > 0; c++) {
        left -= this.#addShelf(vm, shelves.at(classes[c]!, level), found, most, left);
      }
      level = shelves.nextLevel(level + step, step);
    }
  }

  /** Adds hosts of the shelf until there are so many, or too many had to be passed over; gives how many of those. */
  #addShelf(vm: number, shelf: readonly number[], found: number[], most: number, mostPassedOver: number): number {
    let passedOver = 0;
    for (let place = 0; place < shelf.length && found.length < most && passedOver < mostPassedOver; place++) {
      if (!this.#add(vm, shelf[place]!, found)) passedOver += 1;
    }
    return passedOver;
  }

  /** The emptiest open hosts of all, whether they have room or not. */
  emptiest(most: number): number[] {
    const found: number[] = [];
    const classes = this.#judge.fitness.hostClassCount;
    for (let level = 0; level < LEVELS && found.length < most; level++) {
      for (let c = 0; c < classes && found.length < most; c++)
        found.push(...this.#byLoad.at(c, level).slice(0, most - found.length));
    }
    return found;
  }

  /** Of those listed that have room, the emptiest or the fullest. */
  #addSome(vm: number, listed: readonly number[], first: 'emptiest' | 'fullest', found: number[]): number[] {
    const most = found.length + MOST_BY_LOAD;
    const inOrder = this.#byShelf(listed, first);
    for (let i = 0; i < inOrder.length && found.length < most; i++) this.#add(vm, inOrder[i]!, found);
    return found;
  }

  /** The open hosts among those listed, the emptiest or the fullest first: sorted by counting. */
  #byShelf(listed: readonly number[], first: 'emptiest' | 'fullest'): Int32Array {
    const place = new Int32Array(LEVELS + 1);
    const slot = (host: number) => {
      const level = this.#byLoad.levelOf(host);
      return first === 'emptiest' ? level : LEVELS - 1 - level;
    };
    const open = listed.filter((host) => this.#byLoad.levelOf(host) >= 0);
    for (const host of open) place[slot(host) + 1]! += 1;
    for (let level = 0; level < LEVELS; level++) place[level + 1]! += place[level]!;
    const inOrder = new Int32Array(place[LEVELS]!);
    for (const host of open) inOrder[place[slot(host)]!++] = host;
    return inOrder;
  }

  /** The hosts of those that the VM talks to, and some others of their racks. */
  #addNearPeers(vm: number, found: number[]): void {
    const { traffic, hosts } = this.#draft.snapshot;
    const first = traffic.rowStart[vm]!;
    const last = Math.min(traffic.rowStart[vm + 1]!, first + MOST_PEERS);
    for (let at = first; at < last; at++) {
      const host = this.#draft.hostOf[traffic.peer[at]!]!;
      this.#add(vm, host, found);
      const mates = this.#hostsOfRack[hosts.rackText[host]!]!;
      // Each VM looks at other mates, so that not all of them crowd the first.
      for (let m = 0; m < MATES_PER_PEER; m++) this.#add(vm, mates[(vm + m) % mates.length]!, found);
    }
  }

  /** Once, if it may go there; false where it may not. */
  #add(vm: number, host: number, found: number[]): boolean {
    if (this.#foundIn[host] === this.#search) return true;
    if (!this.#judge.permits(vm, host)) return false;
    this.#foundIn[host] = this.#search;
    found.push(host);
    return true;
  }

  /** The fullest level at which a host with so much room would still take the VM. */
  #highestLevelFor(vm: number, room: readonly number[]): number {
    const { demand, cpuPeakMhz } = this.#draft.snapshot.vms;
    let share = room[CPU]! > 0 ? cpuPeakMhz[vm]! / room[CPU]! : 0;
    for (let r = 0; r < demand.length; r++) if (room[r]! > 0) share = Math.max(share, demand[r]![vm]! / room[r]!);
    return levelOf(Math.max(0, 1 - share));
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
}

function largest(column: Column): number {
  let most = 0;
  for (let i = 0; i < column.length; i++) most = Math.max(most, column[i]!);
  return most;
}

function smallest(column: Column): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < column.length; i++) if (column[i]! > 0) least = Math.min(least, column[i]!);
  return least;
}

function levelOf(share: number): number {
  return Math.min(LEVELS - 1, Math.floor(share * (LEVELS - 1)));
}
