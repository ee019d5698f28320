import type { Draft } from '../domain/draft.ts';
import type { Profile } from '../domain/profile.ts';
import { RESOURCES } from '../domain/resources.ts';
import type { Judge } from './judge.ts';

/** Fleets up to this size are searched exhaustively; larger ones through the index. */
const SMALL_FLEET = 128;
const LEVELS = 64;
/** Candidates looked at per VM in a large fleet. */
const MOST_CANDIDATES = 24;

/**
 * Which hosts to try for a VM, without scanning the fleet: open hosts by fitness class and by how full their fullest
 * resource is. Hosts that were accepted to change are filed anew; trials do not disturb the index.
 */
export class Targets {
  readonly #draft: Draft;
  readonly #judge: Judge;
  readonly #ceilings: readonly number[];
  readonly #all: readonly number[];
  readonly #shelves: number[][];
  readonly #shelfOf: Int32Array;
  readonly #placeOf: Int32Array;

  constructor(draft: Draft, judge: Judge, profile: Profile) {
    const { ids } = draft.snapshot.hosts;
    this.#draft = draft;
    this.#judge = judge;
    this.#ceilings = RESOURCES.map((resource) => profile.ceilings[resource.name]);
    this.#all = ids.map((_, host) => host);
    const classCount = judge.fitness.hostClasses.example.length;
    this.#shelves = Array.from({ length: classCount * LEVELS }, () => []);
    this.#shelfOf = new Int32Array(ids.length).fill(-1);
    this.#placeOf = new Int32Array(ids.length);
    for (const host of this.#all) this.refile(host);
  }

  /** Every host. */
  get all(): readonly number[] {
    return this.#all;
  }

  /** Whether all hosts are candidates for each VM. */
  get isSmall(): boolean {
    return this.#all.length <= SMALL_FLEET;
  }

  /** To be called for each host that an accepted change touched. */
  refile(host: number): void {
    this.#take(host);
    if (!this.#judge.openHost.isOpen(host)) return;
    const shelf = this.#judge.fitness.hostClasses.of[host]! * LEVELS + this.#level(this.#fullness(host));
    this.#shelfOf[host] = shelf;
    this.#placeOf[host] = this.#shelves[shelf]!.push(host) - 1;
  }

  /** Hosts to try, the emptiest or the fullest first, then those that its peers are on. */
  candidates(vm: number, first: 'emptiest' | 'fullest'): readonly number[] {
    if (this.isSmall) return this.#all;
    const found = new Set<number>(this.#peerHosts(vm));
    const most = found.size + MOST_CANDIDATES;
    for (let i = 0; i < LEVELS && found.size < most; i++) {
      this.#addFrom(first === 'emptiest' ? i : LEVELS - 1 - i, vm, found, most);
    }
    return [...found];
  }

  #addFrom(level: number, vm: number, found: Set<number>, most: number): void {
    const { fitness } = this.#judge;
    for (let hostClass = 0; hostClass < fitness.hostClasses.example.length; hostClass++) {
      if (!fitness.classFits(vm, hostClass)) continue;
      for (const host of this.#shelves[hostClass * LEVELS + level]!) {
        if (found.size >= most) return;
        if (this.#judge.capacity.permits(vm, host)) found.add(host);
      }
    }
  }

  #peerHosts(vm: number): number[] {
    const { rowStart, peer } = this.#draft.snapshot.traffic;
    const hosts: number[] = [];
    for (let at = rowStart[vm]!; at < rowStart[vm + 1]!; at++) hosts.push(this.#draft.hostOf[peer[at]!]!);
    return hosts;
  }

  /** Share of its ceiling that the host's fullest resource has reached. */
  #fullness(host: number): number {
    const { capacity } = this.#draft.snapshot.hosts;
    let most = 0;
    for (let r = 0; r < capacity.length; r++) {
      const room = capacity[r]![host]! * this.#ceilings[r]!;
      if (room > 0) most = Math.max(most, this.#draft.used(r)[host]! / room);
    }
    return most;
  }

  #level(fullness: number): number {
    return Math.min(LEVELS - 1, Math.floor(fullness * (LEVELS - 1)));
  }

  #take(host: number): void {
    const shelf = this.#shelfOf[host]!;
    if (shelf < 0) return;
    const hosts = this.#shelves[shelf]!;
    const last = hosts.pop()!;
    if (last !== host) {
      hosts[this.#placeOf[host]!] = last;
      this.#placeOf[last] = this.#placeOf[host]!;
    }
    this.#shelfOf[host] = -1;
  }
}
