import type { DeepModel, Groups, Lists, Whole } from './model.ts';

/** Groups of up to so many items that only a limit is about are counted by looking at each member. */
const FEW_MEMBERS = 8;

/**
 * How many items of each group are in each place, kept up to date, and what the rules say to a move or an exchange. A
 * change is permitted when it breaks nothing that is kept and makes nothing worse that is broken.
 */
export class Counters {
  readonly #groups: Groups;
  readonly #groupsOf: Lists;
  readonly #placeOf: Whole;
  readonly #hosts: number;
  readonly #hostOf: Whole;
  /** Where a group's counts begin; -1 where its members are looked at instead. */
  readonly #countsFrom: Int32Array;
  readonly #counts: Uint16Array;
  /** In how many places each group is. */
  readonly #spread: Int32Array;

  constructor(model: DeepModel, hostOf: Whole) {
    const { groups, places } = model;
    this.#groups = groups;
    this.#groupsOf = model.groupsOf;
    this.#placeOf = places.of;
    this.#hosts = model.hosts;
    this.#hostOf = hostOf;
    this.#countsFrom = new Int32Array(groups.count).fill(-1);
    this.#spread = new Int32Array(groups.count);
    let length = 0;
    for (let group = 0; group < groups.count; group++) {
      if (isLookedAt(groups, group)) continue;
      this.#countsFrom[group] = length;
      length += places.count[groups.level[group]!]!;
    }
    this.#counts = new Uint16Array(length);
    for (let item = 0; item < model.items; item++) this.#arrive(item, hostOf[item]!);
  }

  /** Whether the rules let the item go from one host to another, while another one comes the other way (-1: nobody). */
  permits(item: number, from: number, to: number, other: number): boolean {
    const { start, value } = this.#groupsOf;
    const end = start[item + 1]!;
    for (let g = start[item]!; g < end; g++) {
      const group = value[g]!;
      const levelAt = this.#groups.level[group]! * this.#hosts;
      const left = this.#placeOf[levelAt + from]!;
      const entered = this.#placeOf[levelAt + to]!;
      if (left === entered || entered < 0 || (other >= 0 && this.#belongs(other, group))) continue;
      if (!this.#permitsIn(group, left, entered, item, other)) return false;
    }
    return true;
  }

  move(item: number, from: number, to: number): void {
    this.#leave(item, from);
    this.#arrive(item, to);
  }

  /** How far all rules together are from being kept. */
  broken(): number {
    const groups = this.#groups;
    let sum = 0;
    for (let group = 0; group < groups.count; group++) {
      const placesOf = this.#placesOf(group);
      const most = groups.most[group]!;
      for (const [place, count] of placesOf) {
        if (most > 0) sum += Math.max(0, count - most);
        sum += this.#missing(group, place);
      }
      sum += Math.max(0, groups.least[group]! - placesOf.size);
    }
    return sum;
  }

  #permitsIn(group: number, left: number, entered: number, item: number, other: number): boolean {
    const groups = this.#groups;
    const most = groups.most[group]!;
    if (most > 0 && this.#countAt(group, entered, item) >= most) return false;
    const countsFrom = this.#countsFrom[group]!;
    if (countsFrom < 0) return true;
    const isLast = this.#counts[countsFrom + left] === 1;
    const isFirst = this.#counts[countsFrom + entered] === 0;
    if (isLast && !isFirst && this.#spread[group]! <= groups.least[group]!) return false;
    if (isLast && this.#isNeeded(group, left, other, 1)) return false;
    return !isFirst || this.#hasAllNeeds(group, entered, other);
  }

  /** Whether a group that needs this one is in the place, or comes there with the other item. */
  #isNeeded(group: number, place: number, other: number, sign: 1 | -1): boolean {
    const { start, value } = this.#groups.neededBy;
    for (let n = start[group]!; n < start[group + 1]!; n++) {
      const needing = value[n]!;
      if (needing === group) continue;
      const others = other >= 0 && this.#belongs(other, needing) ? sign : 0;
      if (this.#counts[this.#countsFrom[needing]! + place]! + others > 0) return true;
    }
    return false;
  }

  /** Whether all that the group needs is in the place, and does not leave it with the other item. */
  #hasAllNeeds(group: number, place: number, other: number): boolean {
    const { start, value } = this.#groups.needs;
    for (let n = start[group]!; n < start[group + 1]!; n++) {
      const needed = value[n]!;
      if (needed === group) continue;
      const others = other >= 0 && this.#belongs(other, needed) ? 1 : 0;
      if (this.#counts[this.#countsFrom[needed]! + place]! - others <= 0) return false;
    }
    return true;
  }

  #belongs(item: number, group: number): boolean {
    const { start, value } = this.#groupsOf;
    const end = start[item + 1]!;
    for (let g = start[item]!; g < end; g++) if (value[g] === group) return true;
    return false;
  }

  #countAt(group: number, place: number, except: number): number {
    const countsFrom = this.#countsFrom[group]!;
    if (countsFrom >= 0) return this.#counts[countsFrom + place]!;
    const { start, value } = this.#groups.members;
    const levelAt = this.#groups.level[group]! * this.#hosts;
    let count = 0;
    for (let m = start[group]!; m < start[group + 1]!; m++) {
      const member = value[m]!;
      if (member !== except && this.#placeOf[levelAt + this.#hostOf[member]!] === place) count += 1;
    }
    return count;
  }

  #arrive(item: number, host: number): void {
    const { start, value } = this.#groupsOf;
    for (let g = start[item]!; g < start[item + 1]!; g++) {
      const group = value[g]!;
      const at = this.#countsFrom[group]!;
      if (at < 0) continue;
      const place = this.#placeOf[this.#groups.level[group]! * this.#hosts + host]!;
      if (place < 0) continue;
      const count = at + place;
      if (this.#counts[count] === 0) this.#spread[group]! += 1;
      this.#counts[count]! += 1;
    }
  }

  #leave(item: number, host: number): void {
    const { start, value } = this.#groupsOf;
    for (let g = start[item]!; g < start[item + 1]!; g++) {
      const group = value[g]!;
      const at = this.#countsFrom[group]!;
      if (at < 0) continue;
      const place = this.#placeOf[this.#groups.level[group]! * this.#hosts + host]!;
      if (place < 0) continue;
      const count = at + place;
      this.#counts[count]! -= 1;
      if (this.#counts[count] === 0) this.#spread[group]! -= 1;
    }
  }

  #placesOf(group: number): Map<number, number> {
    const { members, level } = this.#groups;
    const found = new Map<number, number>();
    for (let m = members.start[group]!; m < members.start[group + 1]!; m++) {
      const place = this.#placeOf[level[group]! * this.#hosts + this.#hostOf[members.value[m]!]!]!;
      if (place >= 0) found.set(place, (found.get(place) ?? 0) + 1);
    }
    return found;
  }

  /** Groups that the place lacks though this one, which needs them, is there. */
  #missing(group: number, place: number): number {
    const { start, value } = this.#groups.needs;
    let missing = 0;
    for (let n = start[group]!; n < start[group + 1]!; n++) {
      if (this.#counts[this.#countsFrom[value[n]!]! + place] === 0) missing += 1;
    }
    return missing;
  }
}

function isLookedAt({ members, least, needs, neededBy }: Groups, group: number): boolean {
  const size = ({ start }: Lists) => start[group + 1]! - start[group]!;
  return least[group] === 0 && size(needs) === 0 && size(neededBy) === 0 && size(members) <= FEW_MEMBERS;
}
