import type { DeepModel, Groups, Lists, Whole } from './model.ts';

/** Groups of up to so many items that only a limit is about are counted by looking at each member. */
const FEW_MEMBERS = 8;

/**
 * How many items of each group are in each place, and how far the rules are from being kept, kept up to date. A rule may
 * be broken on the way, at a price of its own for each group.
 */
export class Counters {
  /** How far all rules together are from being kept, and the same at the prices of the groups. */
  broken = 0;
  price = 0;
  readonly brokenOf: Int32Array;
  readonly priceOf: Float64Array;
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

  /** The column of hosts is the caller's, who changes it when an item has moved and not before. */
  constructor(model: DeepModel, hostOf: Whole) {
    const { groups, places } = model;
    this.#groups = groups;
    this.#groupsOf = model.groupsOf;
    this.#placeOf = places.of;
    this.#hosts = model.hosts;
    this.#hostOf = hostOf;
    this.brokenOf = new Int32Array(groups.count);
    this.priceOf = new Float64Array(groups.count).fill(1);
    this.#countsFrom = new Int32Array(groups.count).fill(-1);
    this.#spread = new Int32Array(groups.count);
    let length = 0;
    for (let group = 0; group < groups.count; group++) {
      if (isLookedAt(groups, group)) continue;
      this.#countsFrom[group] = length;
      length += places.count[groups.level[group]!]!;
    }
    this.#counts = new Uint16Array(length);
    this.#countAll(model.items);
  }

  /** As if the item were not there any more. Whoever is looked at must still stand where it was. */
  leave(item: number, host: number): void {
    const { start, value } = this.#groupsOf;
    for (let g = start[item]!; g < start[item + 1]!; g++) {
      const group = value[g]!;
      const place = this.#placeOf[this.#groups.level[group]! * this.#hosts + host]!;
      if (place >= 0) this.#leaveGroup(group, place, item);
    }
  }

  arrive(item: number, host: number): void {
    const { start, value } = this.#groupsOf;
    for (let g = start[item]!; g < start[item + 1]!; g++) {
      const group = value[g]!;
      const place = this.#placeOf[this.#groups.level[group]! * this.#hosts + host]!;
      if (place >= 0) this.#arriveGroup(group, place, item);
    }
  }

  /** What all that is broken about the item is priced at, whether it is its own group that is broken or one that needs it. */
  atStake(item: number): number {
    const { start, value } = this.#groupsOf;
    const { neededBy } = this.#groups;
    let price = 0;
    for (let g = start[item]!; g < start[item + 1]!; g++) {
      const group = value[g]!;
      price += this.brokenOf[group]! * this.priceOf[group]!;
      for (let n = neededBy.start[group]!; n < neededBy.start[group + 1]!; n++) {
        const needing = neededBy.value[n]!;
        price += this.brokenOf[needing]! * this.priceOf[needing]!;
      }
    }
    return price;
  }

  /** To be called when prices of groups have changed. */
  reprice(): void {
    this.price = 0;
    for (let group = 0; group < this.brokenOf.length; group++)
      this.price += this.brokenOf[group]! * this.priceOf[group]!;
  }

  #leaveGroup(group: number, place: number, item: number): void {
    const most = this.#groups.most[group]!;
    const others = this.#others(group, place, item, 1);
    if (most > 0 && others >= most) this.#breaks(group, -1);
    const at = this.#countsFrom[group]!;
    if (at < 0) return;
    this.#counts[at + place] = others;
    if (others > 0) return;
    this.#spread[group]! -= 1;
    if (this.#spread[group]! < this.#groups.least[group]!) this.#breaks(group, 1);
    this.#company(group, place, 1);
  }

  #arriveGroup(group: number, place: number, item: number): void {
    const most = this.#groups.most[group]!;
    const others = this.#others(group, place, item, 0);
    if (most > 0 && others >= most) this.#breaks(group, 1);
    const at = this.#countsFrom[group]!;
    if (at < 0) return;
    this.#counts[at + place] = others + 1;
    if (others > 0) return;
    if (this.#spread[group]! < this.#groups.least[group]!) this.#breaks(group, -1);
    this.#spread[group]! += 1;
    this.#company(group, place, -1);
  }

  /** The first of the group comes to the place (-1) or the last one leaves it (1): those who need it there lack it, or no more. */
  #company(group: number, place: number, lacking: 1 | -1): void {
    const { needs, neededBy } = this.#groups;
    for (let n = neededBy.start[group]!; n < neededBy.start[group + 1]!; n++) {
      const needing = neededBy.value[n]!;
      if (this.#counts[this.#countsFrom[needing]! + place]! > 0) this.#breaks(needing, lacking);
    }
    for (let n = needs.start[group]!; n < needs.start[group + 1]!; n++) {
      const needed = needs.value[n]!;
      if (this.#counts[this.#countsFrom[needed]! + place] === 0) this.#breaks(group, lacking === 1 ? -1 : 1);
    }
  }

  #breaks(group: number, by: 1 | -1): void {
    this.broken += by;
    this.brokenOf[group]! += by;
    this.price += by * this.priceOf[group]!;
  }

  /** Items of the group in the place apart from this one, which is counted among them or not. */
  #others(group: number, place: number, item: number, counted: 0 | 1): number {
    const at = this.#countsFrom[group]!;
    if (at >= 0) return this.#counts[at + place]! - counted;
    const { start, value } = this.#groups.members;
    const levelAt = this.#groups.level[group]! * this.#hosts;
    let count = 0;
    for (let m = start[group]!; m < start[group + 1]!; m++) {
      const member = value[m]!;
      if (member !== item && this.#placeOf[levelAt + this.#hostOf[member]!] === place) count += 1;
    }
    return count;
  }

  /** One after the other, so that nobody sees who has not come yet. */
  #countAll(items: number): void {
    const { least, most, members } = this.#groups;
    this.brokenOf.set(least);
    this.broken = least.reduce((sum, places) => sum + places, 0);
    for (let item = 0; item < items; item++) this.arrive(item, this.#hostOf[item]!);
    for (let group = 0; group < most.length; group++) {
      if (this.#countsFrom[group]! >= 0) continue;
      // Whoever is looked at stood there from the beginning, and was seen too early.
      this.broken -= this.brokenOf[group]!;
      this.brokenOf[group] = this.#tooMany(group, most[group]!, members);
      this.broken += this.brokenOf[group]!;
    }
    this.reprice();
  }

  #tooMany(group: number, most: number, { start, value }: Lists): number {
    const levelAt = this.#groups.level[group]! * this.#hosts;
    const counts = new Map<number, number>();
    for (let m = start[group]!; m < start[group + 1]!; m++) {
      const place = this.#placeOf[levelAt + this.#hostOf[value[m]!]!]!;
      if (place >= 0) counts.set(place, (counts.get(place) ?? 0) + 1);
    }
    return [...counts.values()].reduce((sum, count) => sum + Math.max(0, count - most), 0);
  }
}

function isLookedAt({ members, least, needs, neededBy }: Groups, group: number): boolean {
  const size = ({ start }: Lists) => start[group + 1]! - start[group]!;
  return least[group] === 0 && size(needs) === 0 && size(neededBy) === 0 && size(members) <= FEW_MEMBERS;
}
