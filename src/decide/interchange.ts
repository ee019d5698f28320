import { type Bundles, bundlesOf, NOBODY } from './bundles.ts';
import { HostCurves } from './host-curves.ts';
import { BestIdeas, type Idea } from './idea.ts';
import { movableOn } from './packing.ts';
import type { Situation } from './situation.ts';
import type { Trial, TrialMove } from './trial.ts';

/** What seems best is tried, and so many of the next best where that turns out not to pay. */
const MOST_TRIED = 8;

const NOWHERE = -1;

/** How far to go. */
export interface Effort {
  /** How many more combinations of VMs may be thought over; counted down. */
  left: number;
}

export interface Question {
  /** How many VMs change places at most. */
  readonly most: 2 | 3 | 4;
  /** Also one VM that takes the place of another, which goes to a third host. */
  readonly inChains: boolean;
}

/**
 * Up to two VMs of a host change places with up to two of another, wherever that pays after what the trial has done so far;
 * none on one side is a plain move. What seems to pay is told from prices and curves, what does pay by trying it. Gives
 * what has been done, each with the moves that belong together.
 */
export function interchange(
  situation: Situation,
  trial: Trial,
  hosts: readonly number[],
  effort: Effort,
  question: Question & { readonly changed: readonly number[] },
): TrialMove[][] {
  const search = new Interchanges(situation, trial, hosts, effort, question);
  search.takeForSettled(hosts.filter((host) => !question.changed.includes(host)));
  const done: TrialMove[][] = [];
  for (let moves = search.next(); moves !== undefined; moves = search.next()) done.push(moves);
  return done;
}

export const SIMPLEST: Question = { most: 2, inChains: false };
export const SIMPLE: Question = { most: 3, inChains: false };
export const THOROUGH: Question = { most: 4, inChains: true };

class Interchanges {
  readonly #situation: Situation;
  readonly #trial: Trial;
  /** Host by number; all else here goes by the place in this list. */
  readonly #hosts: readonly number[];
  readonly #effort: Effort;
  readonly #question: Question;
  readonly #curves: HostCurves;
  readonly #demand: readonly Float64Array[];
  readonly #isMovable: Uint8Array;
  readonly #vms: Int32Array[];
  readonly #bundles: Bundles[] = [];
  /** Per resource, what is free on each of the hosts. */
  readonly #free: readonly Float64Array[];
  /** VM by VM: what its being on each of the hosts costs for itself. */
  readonly #prices: Float64Array;
  /** Pairs of hosts between which nothing was found, and hosts with which no chain began, until one of them changes. */
  readonly #isFruitless: Uint8Array;
  readonly #isChainFruitless: Uint8Array;
  /** For each VM, two places each. */
  readonly #asideTo: Int32Array;
  readonly #asidePrice: Float64Array;
  #going: Float64Array = new Float64Array(64);
  #coming: Float64Array = new Float64Array(64);

  constructor(situation: Situation, trial: Trial, hosts: readonly number[], effort: Effort, question: Question) {
    this.#question = question;
    const vmCount = situation.draft.snapshot.vms.ids.length;
    this.#situation = situation;
    this.#trial = trial;
    this.#hosts = hosts;
    this.#effort = effort;
    this.#demand = situation.priceList.demand;
    this.#curves = new HostCurves(situation, hosts);
    this.#vms = hosts.map(() => new Int32Array(0));
    this.#free = this.#demand.map(() => new Float64Array(hosts.length));
    this.#isFruitless = new Uint8Array(hosts.length ** 2);
    this.#isChainFruitless = new Uint8Array(hosts.length);
    this.#prices = new Float64Array(vmCount * hosts.length);
    this.#isMovable = new Uint8Array(vmCount);
    this.#asideTo = new Int32Array(2 * vmCount);
    this.#asidePrice = new Float64Array(2 * vmCount);
    for (const vm of movableOn(situation, hosts)) {
      this.#isMovable[vm] = 1;
      this.#price(vm);
    }
    for (let h = 0; h < hosts.length; h++) this.#look(h);
  }

  takeForSettled(hosts: readonly number[]): void {
    const places = hosts.map((host) => this.#hosts.indexOf(host));
    for (const a of places) {
      this.#isChainFruitless[a] = 1;
      for (const b of places) this.#isFruitless[a * this.#hosts.length + b] = 1;
    }
  }

  /** Does the next thing that pays; undefined where nothing is found any more. */
  next(): TrialMove[] | undefined {
    return this.#nextBetweenTwo() ?? (this.#question.inChains ? this.#nextChain() : undefined);
  }

  #nextBetweenTwo(): TrialMove[] | undefined {
    const { length } = this.#hosts;
    for (let a = 0; a < length; a++) {
      for (let b = 0; b < a; b++) {
        if (this.#isFruitless[a * length + b] === 1 || this.#effort.left <= 0) continue;
        const done = this.#firstThatPays(this.#betweenTwo(a, b));
        if (done !== undefined) return done;
        this.#isFruitless[a * length + b] = 1;
      }
    }
    return undefined;
  }

  #nextChain(): TrialMove[] | undefined {
    this.#lookAside();
    for (let a = 0; a < this.#hosts.length; a++) {
      if (this.#isChainFruitless[a] === 1 || this.#effort.left <= 0) continue;
      const done = this.#firstThatPays(this.#chainsFrom(a));
      if (done !== undefined) return done;
      this.#isChainFruitless[a] = 1;
    }
    return undefined;
  }

  #betweenTwo(a: number, b: number): readonly Idea[] {
    const { most } = this.#question;
    const best = new BestIdeas(MOST_TRIED);
    const ones = this.#bundles[a]!;
    const others = this.#bundles[b]!;
    this.#going = this.#pricesOf(ones, a, b, this.#going);
    this.#coming = this.#pricesOf(others, b, a, this.#coming);
    const going = this.#going;
    const coming = this.#coming;
    const curves = this.#curves;
    const together = this.#demand.map((_, r) => curves.exchanging(a, b, r));
    const least = leastOf(coming, others.count) + together.reduce((sum, each) => sum + leastOf(each), 0);
    const mostOnes = most === 2 ? ones.singles : ones.count;
    for (let i = 0; i < mostOnes; i++) {
      if (-(going[i]! + least) <= best.toBeat) continue;
      const mostOthers = most === 4 || (most === 3 && i < ones.singles) ? others.count : others.singles;
      this.#effort.left -= mostOthers;
      for (let j = 0; j < mostOthers; j++) {
        const gain = -(going[i]! + coming[j]! + this.#risesOf(together, ones, i, others, j));
        if (gain <= best.toBeat || !this.#change(ones, i, others, j, a, b)) continue;
        best.add({ gain, moves: [...this.#movesOf(others, j, a), ...this.#movesOf(ones, i, b)] });
      }
    }
    return best.ideas;
  }

  /** What both hosts would cost more. */
  #risesOf(together: Together, ones: Bundles, i: number, others: Bundles, j: number): number {
    let rise = 0;
    for (let r = 0; r < together.length; r++) {
      const curve = together[r];
      if (curve !== undefined) rise += this.#curves.on(curve, r, ones.wanted[r]![i]! - others.wanted[r]![j]!);
    }
    return rise;
  }

  /** Whether there is room for both at each other's place. */
  #change(ones: Bundles, i: number, others: Bundles, j: number, a: number, b: number): boolean {
    for (let r = 0; r < this.#free.length; r++) {
      const more = ones.wanted[r]![i]! - others.wanted[r]![j]!;
      if (more > 0 ? more > this.#free[r]![b]! : more < 0 && -more > this.#free[r]![a]!) return false;
    }
    return true;
  }

  #movesOf({ first, second }: Bundles, i: number, h: number): Idea['moves'] {
    const to = this.#hosts[h]!;
    return [first[i]!, second[i]!].filter((vm) => vm !== NOBODY).map((vm) => ({ vm, to }));
  }

  /** What it costs for themselves that each of the bundles goes there. */
  #pricesOf({ count, singles, first, second }: Bundles, from: number, to: number, into: Float64Array): Float64Array {
    const { length } = this.#hosts;
    const prices = this.#prices;
    const result = into.length < count ? new Float64Array(2 * count) : into;
    result[0] = 0;
    for (let i = 1; i < count; i++) {
      const one = first[i]! * length;
      const two = second[i]! * length;
      result[i] = prices[one + to]! - prices[one + from]! + (i < singles ? 0 : prices[two + to]! - prices[two + from]!);
    }
    return result;
  }

  /** One goes from this host to a second, and from there one to a third. */
  #chainsFrom(a: number): readonly Idea[] {
    const best = new BestIdeas(MOST_TRIED);
    for (const one of this.#vms[a]!) {
      for (let b = 0; b < this.#hosts.length; b++) {
        if (b === a) continue;
        this.#effort.left -= this.#vms[b]!.length;
        for (const two of this.#vms[b]!) {
          if (!this.#fits(b, one, two)) continue;
          const price = this.#moving(one, a, b) + this.#rise(b, one, two);
          this.#chainsThrough({ a, b, one, two }, price, best);
        }
      }
    }
    return best.ideas;
  }

  #chainsThrough({ a, b, one, two }: Link, price: number, best: BestIdeas): void {
    const at = 2 * two;
    const way = this.#asideTo[at] === a ? at + 1 : at;
    const c = this.#asideTo[way]!;
    const gain = -(price + this.#rise(a, NOBODY, one) + this.#asidePrice[way]!);
    if (c !== NOWHERE && gain > best.toBeat) best.add({ gain, moves: [this.#move(two, c), this.#move(one, b)] });
  }

  /** Where each VM would rather step aside to, and where else, and at what price apart from what its host gains. */
  #lookAside(): void {
    this.#asideTo.fill(NOWHERE);
    this.#asidePrice.fill(Number.POSITIVE_INFINITY);
    this.#vms.forEach((vms, from) => {
      for (const vm of vms)
        for (let to = 0; to < this.#hosts.length; to++) if (to !== from) this.#asideAt(vm, from, to);
    });
  }

  #asideAt(vm: number, from: number, to: number): void {
    const first = 2 * vm;
    if (!this.#fits(to, vm, NOBODY)) return;
    const price = this.#moving(vm, from, to) + this.#rise(to, vm, NOBODY);
    if (price >= this.#asidePrice[first + 1]!) return;
    const isBest = price < this.#asidePrice[first]!;
    if (isBest) {
      this.#asideTo[first + 1] = this.#asideTo[first]!;
      this.#asidePrice[first + 1] = this.#asidePrice[first]!;
    }
    this.#asideTo[isBest ? first : first + 1] = to;
    this.#asidePrice[isBest ? first : first + 1] = price;
  }

  #move(vm: number, h: number): Idea['moves'][number] {
    return { vm, to: this.#hosts[h]! };
  }

  #moving(vm: number, from: number, to: number): number {
    const at = vm * this.#hosts.length;
    return this.#prices[at + to]! - this.#prices[at + from]!;
  }

  /** What the host would cost more with one VM, and without another. */
  #rise(h: number, coming: number, leaving: number): number {
    let rise = 0;
    for (const r of this.#curves.thatMatter) rise += this.#curves.rise(h, r, this.#more(r, coming, leaving));
    return rise;
  }

  #more(r: number, coming: number, leaving: number): number {
    const demand = this.#demand[r]!;
    return (coming === NOBODY ? 0 : demand[coming]!) - (leaving === NOBODY ? 0 : demand[leaving]!);
  }

  #fits(h: number, coming: number, leaving: number): boolean {
    for (let r = 0; r < this.#free.length; r++) {
      const more = this.#more(r, coming, leaving);
      if (more > 0 && more > this.#free[r]![h]!) return false;
    }
    return true;
  }

  #firstThatPays(ideas: readonly Idea[]): TrialMove[] | undefined {
    for (const { moves } of ideas) {
      const done = this.#tried(moves);
      if (done !== undefined) return done;
    }
    return undefined;
  }

  #tried(moves: Idea['moves']): TrialMove[] | undefined {
    const { draft, judge, book } = this.#situation;
    const trial = this.#trial;
    const moved = moves.map(({ vm }) => ({ vm, from: draft.hostOf[vm]! }));
    const breaches = judge.groupBreaches(moves.map(({ vm }) => vm));
    const gain = book.gain(trial.saving(), trial.onceCost);
    const stage = trial.stage();
    for (const { vm, to } of moves) trial.move(vm, to);
    const isBetter = book.gain(trial.saving(), trial.onceCost) > gain + LEAST_GAIN;
    if (!isBetter || judge.groupRefusal(moved, breaches) !== undefined) {
      trial.backTo(stage);
      return undefined;
    }
    const done = trial.moves.slice(stage.moves);
    for (const host of new Set(done.flatMap(({ from, to }) => [from, to]))) this.#changed(this.#hosts.indexOf(host));
    return done;
  }

  #changed(h: number): void {
    const { length } = this.#hosts;
    for (let other = 0; other < length; other++) {
      this.#isFruitless[h * length + other] = 0;
      this.#isFruitless[other * length + h] = 0;
    }
    this.#isChainFruitless.fill(0);
    this.#look(h);
  }

  #look(h: number): void {
    const { draft, targets, priceList } = this.#situation;
    const { capacity } = draft.snapshot.hosts;
    const host = this.#hosts[h]!;
    this.#vms[h] = Int32Array.from(draft.vmsOn(host).filter((vm) => this.#isMovable[vm] === 1)).sort();
    this.#bundles[h] = bundlesOf(this.#vms[h]!, this.#demand, this.#question.most > 2);
    priceList.resources.forEach((r, n) => {
      this.#free[n]![h] = capacity[r]![host]! * targets.ceilings[r]! - draft.used(r)[host]!;
    });
    this.#curves.draw(h);
  }

  #price(vm: number): void {
    const { draft, costs, book, priceList } = this.#situation;
    const { terms } = costs;
    const home = draft.hostOf[vm]!;
    this.#hosts.forEach((host, h) => {
      let price = priceList.of(vm, host);
      if (terms.hasPlaces) {
        draft.lift(vm);
        draft.hover(vm, host);
        price -= book.gain(-terms.vmCost(vm), 0);
        draft.hoverHome(vm, home);
        draft.lower(vm);
      }
      this.#prices[vm * this.#hosts.length + h] = price;
    });
  }
}

/** Per resource that matters, what two hosts would cost if so much went from one to the other. */
type Together = readonly (Float64Array | undefined)[];

/** One goes from the first host to the second, and one from there. */
interface Link {
  readonly a: number;
  readonly b: number;
  readonly one: number;
  readonly two: number;
}

/** In money; less is rounding. */
const LEAST_GAIN = 1e-9;

function leastOf(column: Float64Array | undefined, count = column?.length ?? 0): number {
  if (column === undefined) return 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < count; i++) if (column[i]! < least) least = column[i]!;
  return least;
}
