import { Chance } from './chance.ts';
import { Cooling } from './cooling.ts';
import { UNTHINKABLE } from './loads.ts';
import type { DeepModel, Opaque, Whole } from './model.ts';
import { Placement } from './placement.ts';
import { Pressure } from './pressure.ts';
import { Rearrangement } from './rearrangement.ts';

export interface DeepTask {
  readonly model: DeepModel;
  readonly opaque?: Opaque | undefined;
  /** Host of each item to begin with, and what is given back where nothing better is found. */
  readonly start: Whole;
  readonly seed: number;
  /** The share of the budget that is spent by now; 1 or more ends the search. */
  readonly spent: () => number;
  readonly board?: Board;
  readonly settings?: Partial<DeepSettings>;
}

/** Where searches that run side by side tell each other how far they have come. */
export interface Board {
  post(cost: number, hostOf: Int32Array): void;
  /** The best of the others, where that costs less. */
  better(cost: number): { readonly cost: number; readonly hostOf: Int32Array } | undefined;
}

export interface DeepResult {
  readonly hostOf: Int32Array;
  readonly cost: number;
  readonly proposals: number;
}

/** Parts of the budget, and of the proposals. */
export interface DeepSettings {
  /** No warmer than this, for a start that is good already. */
  readonly warmest: number;
  /** From here on, nothing that is lacking gets cheaper. */
  readonly strictFrom: number;
  /** Where there has not been room for everyone since by then, it gets warm again and stays strict. */
  readonly warmAgainFrom: number;
  /** Where that did not help either by then, it begins anew and oversteps nothing. */
  readonly safeFrom: number;
  readonly swaps: number;
  readonly chains: number;
  /** Proposals about hosts that lack room, while there are some. */
  readonly mending: number;
  /** Rearranging, by what is looked at for it. */
  readonly rearranging: number;
}

const USUAL: Omit<DeepSettings, 'rearranging'> = {
  warmest: Number.POSITIVE_INFINITY,
  strictFrom: 0.35,
  warmAgainFrom: 0.5,
  safeFrom: 0.8,
  swaps: 0.25,
  chains: 0.6,
  mending: 0.5,
};

/** Proposals from one look at the clock to the next, and to the next look at what is lacking. */
const PER_LOOK = 2_000;
const PER_ADAPTATION = 20_000;
const HALF = 0.5;
const FAR = 0.2;
const FAR_WHERE_HELD = 0.05;
const REARRANGING = 0.6;
/** Where room is held at home it is too early for that while anything may be lacking: it crowds those who should go home. */
const REARRANGING_WHERE_HELD = 0.3;
/** How far on a search is that gets warm again, or begins anew: it is no use to make it as warm as at first. */
const WARM_PROGRESS = 0.2;
const SAFE_PROGRESS = 0.3;
/** Where nothing better than at first has been found by then, the rest of the time goes to what is near that. */
const LAST_CHANCE = 0.9;
const LAST_PROGRESS = 0.7;
/** So many times a search looks at the board, in the later part of its course. */
const MEETINGS = 12;
const FIRST_MEETING = 0.6;

/**
 * Simulated annealing over moves, swaps, chains and rearrangements. It may pass through what there is no room for, at a
 * rising price; what it gives back is the best that it saw with room for everyone.
 */
export function deepSearch(task: DeepTask): DeepResult {
  return new Search(task).run();
}

class Search {
  readonly #placement: Placement;
  readonly #chance: Chance;
  readonly #task: DeepTask;
  readonly #settings: DeepSettings;
  readonly #pressure: Pressure;
  readonly #cooling: Cooling;
  readonly #magnitude: number;
  readonly #rearrangement: Rearrangement;
  readonly #best: Int32Array;
  /** Chains that end anywhere and not at home: few where home is the one place that always has room. */
  readonly #far: number;
  readonly #isHeld: boolean;
  readonly #isMovable: Uint8Array;
  #bestCost: number;
  /** Whether there was room for everyone since that is asked for; at the very beginning there was too. */
  #hasSettled = false;
  /** Whether anything better was found since then. */
  #hasGained = false;
  #isWarmAgain = false;
  /** Whether nothing that is lacking gets cheaper any more. */
  #isStrict = false;
  #nextMeeting = FIRST_MEETING;
  #proposals = 0;

  constructor(task: DeepTask) {
    this.#task = task;
    this.#isHeld = task.model.held.includes(1);
    const rearranging = this.#isHeld ? REARRANGING_WHERE_HELD : REARRANGING;
    this.#settings = { ...USUAL, rearranging, ...task.settings };
    this.#cooling = new Cooling(this.#settings.warmest);
    this.#placement = new Placement(task.model, task.start, task.opaque);
    this.#chance = new Chance(task.seed);
    this.#magnitude = magnitudeOf(this.#placement, this.#chance);
    this.#pressure = new Pressure(this.#placement, this.#magnitude);
    this.#best = Int32Array.from(task.start);
    this.#far = this.#isHeld ? FAR_WHERE_HELD : FAR;
    this.#isMovable = new Uint8Array(task.model.items);
    for (const item of task.model.movable) this.#isMovable[item] = 1;
    this.#rearrangement = new Rearrangement(this.#placement, this.#chance, this.#isMovable);
    this.#bestCost = this.#placement.cost;
  }

  run(): DeepResult {
    const { model, spent: share } = this.#task;
    if (model.movable.length === 0 || model.hosts < 2) return this.#result();
    const perAdaptation = Math.max(PER_ADAPTATION, 4 * model.hosts * model.resources + 4 * model.groups.count);
    const cooling = this.#cooling;
    let nextAdaptation = perAdaptation;
    for (let spent = share(); spent < 1; spent = share()) {
      cooling.advance(spent);
      const temperature = this.#magnitude * cooling.warmth();
      for (let n = 0; n < PER_LOOK; n++) this.#propose(temperature);
      this.#proposals += PER_LOOK;
      cooling.look(this.#placement.cost, temperature);
      if (this.#looks >= nextAdaptation) {
        nextAdaptation += perAdaptation;
        this.#adapt(spent, cooling.progress);
      }
      this.#meet(cooling.progress);
    }
    return this.#result();
  }

  get #looks(): number {
    return this.#proposals + this.#rearrangement.looks;
  }

  #result(): DeepResult {
    return { hostOf: this.#best, cost: this.#bestCost, proposals: this.#proposals };
  }

  #adapt(spent: number, progress: number): void {
    const { strictFrom, warmAgainFrom, safeFrom } = this.#settings;
    if (!this.#hasSettled && spent > safeFrom) this.#beSafe(SAFE_PROGRESS);
    else if (!this.#hasGained && spent > LAST_CHANCE) this.#beSafe(LAST_PROGRESS);
    else {
      this.#pressure.adapt(this.#isStrict ? 0 : Math.max(0, 1 - progress / strictFrom));
      if (progress > strictFrom) this.#isStrict = true;
      if (!this.#hasSettled && !this.#isWarmAgain && spent > warmAgainFrom) this.#warmUp();
    }
  }

  #warmUp(): void {
    this.#isWarmAgain = true;
    this.#isStrict = true;
    this.#cooling.progress = WARM_PROGRESS;
  }

  #beSafe(progress: number): void {
    this.#pressure.forbid();
    this.#hear();
    this.#placement.restore(this.#best);
    this.#cooling.progress = progress;
    this.#hasSettled = true;
    this.#hasGained = progress === LAST_PROGRESS;
  }

  #meet(progress: number): void {
    const { board } = this.#task;
    if (board === undefined || !this.#hasSettled || progress < this.#nextMeeting) return;
    this.#nextMeeting = progress + (1 - FIRST_MEETING) / MEETINGS;
    board.post(this.#bestCost, this.#best);
    if (this.#hear()) this.#placement.restore(this.#best);
  }

  /** Takes over the best of others where that is better. */
  #hear(): boolean {
    const better = this.#task.board?.better(this.#bestCost);
    if (better === undefined) return false;
    this.#best.set(better.hostOf);
    this.#bestCost = better.cost;
    return true;
  }

  #propose(temperature: number): void {
    const most = temperature * this.#chance.patience();
    if (this.#change(most)) this.#keepIfBest();
  }

  #change(most: number): boolean {
    const { swaps, chains, rearranging } = this.#settings;
    if ((this.#isStrict || !this.#isHeld) && this.#rearrangement.looks < rearranging * this.#looks) {
      return this.#rearrangement.attempt(this.#anItem(), this.#chance.below(this.#task.model.hosts), most);
    }
    const kind = this.#chance.share();
    return kind < swaps ? this.#swap(most) : kind < swaps + chains ? this.#chain(most) : this.#move(most);
  }

  #keepIfBest(): void {
    const { cost, isSound, hostOf } = this.#placement;
    if (!isSound) return;
    if (this.#isStrict) this.#hasSettled = true;
    if (cost >= this.#bestCost) return;
    this.#bestCost = cost;
    this.#best.set(hostOf);
    if (this.#hasSettled) this.#hasGained = true;
  }

  #move(most: number): boolean {
    const item = this.#anItem();
    const to = this.#chance.below(this.#task.model.hosts);
    return to !== this.#placement.hostOf[item] && this.#placement.tryMove(item, to, most);
  }

  #swap(most: number): boolean {
    const { hostOf } = this.#placement;
    const one = this.#anItem();
    const { movable } = this.#task.model;
    const other = movable[this.#chance.below(movable.length)]!;
    return hostOf[one] !== hostOf[other] && this.#placement.trySwap(one, other, most);
  }

  /** One takes the place of another, which goes home, or elsewhere where it is at home. */
  #chain(most: number): boolean {
    const { home, hosts, movable } = this.#task.model;
    const { hostOf } = this.#placement;
    const item = movable[this.#chance.below(movable.length)]!;
    const ousted = this.#anItem();
    const middle = hostOf[ousted]!;
    let to = home[ousted]!;
    if (to === middle || this.#chance.share() < this.#far) to = this.#chance.below(hosts);
    if (middle === hostOf[item] || to === middle || to === hostOf[item]) return false;
    return this.#placement.tryChain(item, ousted, to, most);
  }

  /** Any item; where room is lacking or rules are broken, now and then one that has to do with that. */
  #anItem(): number {
    const { lacking, lackingHosts, countOn, itemsOn } = this.#placement;
    const { movable } = this.#task.model;
    const { troubled } = this.#pressure;
    if ((lacking === 0 && troubled.length === 0) || this.#chance.share() >= this.#settings.mending) {
      return movable[this.#chance.below(movable.length)]!;
    }
    if (lacking === 0 || (troubled.length > 0 && this.#chance.share() < HALF)) {
      return troubled[this.#chance.below(troubled.length)]!;
    }
    const host = lackingHosts[this.#chance.below(lacking)]!;
    const item = itemsOn[host]![this.#chance.below(countOn[host]!)]!;
    return this.#isMovable[item] === 1 ? item : movable[this.#chance.below(movable.length)]!;
  }
}

/** Moves that are looked at to find out what they are about. */
const SAMPLED = 2_000;

/** What matters: what the excess of a mean item costs, on one mean resource; where excess is free, what a move changes. */
function magnitudeOf(placement: Placement, chance: Chance): number {
  const { demand, excessPrice, items, resources, movable, hosts } = placement.model;
  let sum = 0;
  for (let at = 0; at < demand.length; at++) sum += Math.abs(demand[at]!) * excessPrice[at % resources]!;
  if (sum > 0) return sum / (items * resources);
  let seen = 0;
  for (let n = 0; n < SAMPLED && movable.length > 0; n++) {
    const item = movable[chance.below(movable.length)]!;
    const delta = placement.moveDelta(item, chance.below(hosts), Number.POSITIVE_INFINITY);
    if (!Number.isFinite(delta) || delta > UNTHINKABLE * LEAST_LACK) continue;
    sum += Math.abs(delta);
    seen += 1;
  }
  return seen === 0 || sum === 0 ? 1 : sum / seen;
}

/** A change that costs as much is no cost but lacking room. */
const LEAST_LACK = 1e-6;
