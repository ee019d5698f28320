import type { Situation } from './situation.ts';

/** Points of a curve on either side of what is in use now, and how far they reach: so many times what the largest VM wants. */
const POINTS = 32;
const REACH = 1.5;
const MIDDLE = POINTS;
const LAST = 2 * POINTS;

/**
 * What each of some hosts would cost with more or less of a resource in use, in what `gain` counts: one curve per resource,
 * as if what a host costs were the sum of what each of them makes it cost. That is nearly right.
 */
export class HostCurves {
  readonly #situation: Situation;
  readonly #hosts: readonly number[];
  /** Host by host, per resource that anybody wants; undefined where it does not matter how much is in use. */
  readonly #curves: (Float64Array | undefined)[][];
  readonly #thatMatter: number[] = [];
  readonly #steps: readonly number[];
  readonly #together: readonly Float64Array[];

  constructor(situation: Situation, hosts: readonly number[]) {
    const { demand } = situation.priceList;
    this.#situation = situation;
    this.#hosts = hosts;
    this.#curves = hosts.map(() => []);
    this.#steps = demand.map(
      (column) =>
        Math.max(
          1,
          column.reduce((a, b) => Math.max(a, b), 0),
        ) *
        (REACH / POINTS),
    );
    this.#together = demand.map(() => new Float64Array(LAST + 1));
  }

  /** Resources of which it matters to anybody how much is in use. */
  get thatMatter(): readonly number[] {
    return this.#thatMatter;
  }

  /** What the host would cost more if so much more of the resource were in use. */
  rise(h: number, resource: number, more: number): number {
    const curve = this.#curves[h]![resource];
    return curve === undefined ? 0 : this.on(curve, resource, more);
  }

  /** What both would cost if so much of the resource went from one to the other, until this is asked again. */
  exchanging(from: number, to: number, resource: number): Float64Array | undefined {
    const falling = this.#curves[from]![resource];
    const rising = this.#curves[to]![resource];
    if (falling === undefined && rising === undefined) return undefined;
    const together = this.#together[resource]!;
    for (let n = 0; n <= LAST; n++) together[n] = (rising?.[n] ?? 0) + (falling?.[LAST - n] ?? 0);
    return together;
  }

  /** On the lines between points; beyond the last one, straight on. */
  on(curve: Float64Array, resource: number, more: number): number {
    const at = more / this.#steps[resource]! + MIDDLE;
    const left = at <= 0 ? 0 : at >= LAST ? LAST - 1 : Math.floor(at);
    return curve[left]! + (at - left) * (curve[left + 1]! - curve[left]!);
  }

  /** Anew, as the host is by now. */
  draw(h: number): void {
    const { resources } = this.#situation.priceList;
    for (let n = 0; n < resources.length; n++) this.#curves[h]![n] = this.#drawn(h, n, this.#curves[h]![n]);
  }

  #drawn(h: number, n: number, into: Float64Array = new Float64Array(LAST + 1)): Float64Array | undefined {
    const { draft, costs, book, priceList } = this.#situation;
    const host = this.#hosts[h]!;
    const now = costs.terms.hostCost(host);
    const ask = (point: number) => {
      draft.pretend(host, priceList.resources[n]!, (point - MIDDLE) * this.#steps[n]!);
      into[point] = -book.gain(now - costs.terms.hostCost(host), 0);
      draft.comeBack(host);
    };
    for (const point of [0, MIDDLE, LAST]) ask(point);
    if (into[0] === 0 && into[LAST] === 0) return undefined;
    if (!this.#thatMatter.includes(n)) this.#thatMatter.push(n);
    fill(into, 0, MIDDLE, ask);
    fill(into, MIDDLE, LAST, ask);
    return into;
  }
}

/** Between two points that are known: asks half-way, and goes on with the halves unless the curve seems straight there. */
function fill(curve: Float64Array, from: number, to: number, ask: (point: number) => void): void {
  if (to - from < 2) return;
  const middle = (from + to) / 2;
  ask(middle);
  const rise = (curve[to]! - curve[from]!) / (to - from);
  const isStraight = Math.abs(curve[middle]! - (curve[from]! + curve[to]!) / 2) < ALIKE;
  if (to - from < MIDDLE && isStraight) {
    for (let point = from + 1; point < to; point++) curve[point] = curve[from]! + (point - from) * rise;
  } else {
    fill(curve, from, middle, ask);
    fill(curve, middle, to, ask);
  }
}

/** In money; less is rounding. */
const ALIKE = 1e-9;
