/**
 * How warm a search is, as multiples of what matters in its datacenter, by how far it has come. Most is put in order while
 * it is rather warm; what is worth little is sorted out at the very end.
 */
const COURSE: readonly (readonly [progress: number, warmth: number])[] = [
  [0, 0.9],
  [0.1, 0.4],
  [0.66, 0.017],
  [0.84, 0.0007],
  [1, 0.000003],
];

/** How far the cost goes from one look to the next, in multiples of the temperature, where cooling goes at its usual pace. */
const USUAL_UNREST = 4;
/** So much slower or faster where it is more or less. */
const MOST_TIMES = 4;
/** In the last part of the budget it has to get cold. */
const NO_SLOWER_FROM = 0.85;
/** Part of a new look in what is known of the looks before. */
const NEWS = 0.02;

/**
 * Cools down as its budget is spent, by equal factors in equal times between the points of its course; slower where a
 * change of temperature still changes much, and faster where nothing is left to be put in order at this one.
 */
export class Cooling {
  progress = 0;
  #unrest = USUAL_UNREST;
  #lastCost: number | undefined;
  readonly #warmest: number;
  #spent = 0;

  constructor(warmest = Number.POSITIVE_INFINITY) {
    this.#warmest = warmest;
  }

  /** Goes on to the part of the budget that is spent by now; where it was set back, it makes up for it in what is left. */
  advance(spent: number): void {
    const passed = spent - this.#spent;
    this.#spent = spent;
    const slowest = spent < NO_SLOWER_FROM ? 1 / MOST_TIMES : 1;
    const pace = Math.min(MOST_TIMES, Math.max(slowest, USUAL_UNREST / this.#unrest));
    if (spent < 1) this.progress += (1 - this.progress) * Math.min(1, (pace * passed) / (1 - spent + passed));
  }

  /** To be told at every look what all costs by now, and how much more anything may cost on the way. */
  look(cost: number, temperature: number): void {
    const change = Math.abs(cost - (this.#lastCost ?? cost)) / temperature;
    this.#unrest += NEWS * (change - this.#unrest);
    this.#lastCost = cost;
  }

  warmth(): number {
    const ahead = COURSE.findIndex(([progress]) => progress > this.progress);
    const next = ahead < 0 ? COURSE.length - 1 : Math.max(1, ahead);
    const [from, high] = COURSE[next - 1]!;
    const [to, low] = COURSE[next]!;
    return Math.min(this.#warmest, high * (low / high) ** ((this.progress - from) / (to - from)));
  }
}
