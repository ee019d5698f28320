/** A column that may lie in memory which several threads share. */
export type Whole = Int32Array<ArrayBufferLike>;
export type Real = Float64Array<ArrayBufferLike>;
export type Small = Uint8Array<ArrayBufferLike>;

/** Lists of whole numbers, one for each row: those of row n lie from `start[n]` to below `start[n + 1]`. */
export interface Lists {
  readonly start: Whole;
  readonly value: Whole;
}

/**
 * What a deep search knows of a datacenter: items on hosts, and money. Everything is columns and can be sent to other
 * threads; matrices lie row by row in one column.
 */
export interface DeepModel {
  readonly items: number;
  readonly hosts: number;
  readonly resources: number;
  /** Items × resources; may be below 0 where a resource stands for how others are balanced. */
  readonly demand: Real;
  /** Hosts × resources: what is in use whatever is moved, and what there is. */
  readonly fixed: Real;
  readonly capacity: Real;
  /** Hosts × resources: use up to which it costs nothing; and per resource what a unit above it costs. */
  readonly comfort: Real;
  readonly excessPrice: Real;
  /** 1 for resources that a moved item takes at home too, until all moves are done. */
  readonly held: Small;
  /** Where each item is at first. Being anywhere else is what a move costs. */
  readonly home: Whole;
  /** The items that may be moved. */
  readonly movable: Whole;
  readonly moving: MovingPrices;
  readonly places: Places;
  readonly groups: Groups;
  /** Groups that each item belongs to. */
  readonly groupsOf: Lists;
  readonly links: Links;
}

/** Items that cost by how far they are apart: per item its partners, and per partner the price at each distance. */
export interface Links {
  readonly partners: Lists;
  /** Four for each partner: same host, same rack, same site, farther. */
  readonly price: Real;
}

/**
 * What only functions can tell: costs of policies that are made of no stock terms, and who may run where. A search with
 * these stays in the thread of their authors.
 */
export interface Opaque {
  /** What a host costs with that much in use of each resource and so many items; beside its stock terms. */
  readonly hostCost?: (host: number, used: Float64Array, items: number) => number;
  readonly itemCost?: (item: number, host: number) => number;
  readonly mayRun?: (item: number, host: number) => boolean;
}

export interface MovingPrices {
  /** Items × speeds: what it costs to move it at all, by the slower of the two hosts. */
  readonly item: Real;
  readonly speeds: number;
  readonly speedOf: Whole;
  /** Per class of host that it leaves and class that it goes to: classes × classes. */
  readonly hostClass: Whole;
  readonly classes: number;
  readonly between: Real | Whole | Small;
  /** The crew of each item, or -1; the largest number of items of one crew that move is what costs. */
  readonly crew: Whole;
  readonly crews: number;
  readonly perMostMoved: number;
}

/** Hosts taken together, level by level: hosts themselves, racks, sites, others. Levels × hosts; -1 is no place at all. */
export interface Places {
  readonly of: Whole;
  readonly count: Whole;
}

/** Items that a rule counts by place, each group on a level of its own. */
export interface Groups {
  readonly count: number;
  readonly level: Small;
  /** No more than so many in one place; 0: as many as like. */
  readonly most: Whole;
  /** In so many places at least; 0: any number. */
  readonly least: Whole;
  readonly members: Lists;
  /** Groups of the same level of which one must be wherever this one is; and the other way round. */
  readonly needs: Lists;
  readonly neededBy: Lists;
}

export function listsOf(rows: readonly (readonly number[])[]): Lists {
  const start = new Int32Array(rows.length + 1);
  rows.forEach((row, n) => {
    start[n + 1] = start[n]! + row.length;
  });
  const value = new Int32Array(start[rows.length]!);
  rows.forEach((row, n) => {
    value.set(row, start[n]!);
  });
  return { start, value };
}
