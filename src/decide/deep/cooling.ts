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

/** Cools down as its budget is spent, by equal factors in equal times between the points of its course. */
export class Cooling {
  progress = 0;
  readonly #warmest: number;
  #spent = 0;

  constructor(warmest = Number.POSITIVE_INFINITY) {
    this.#warmest = warmest;
  }

  /** Goes on to the part of the budget that is spent by now; where it was set back, it makes up for it in what is left. */
  advance(spent: number): void {
    const passed = spent - this.#spent;
    this.#spent = spent;
    if (spent < 1) this.progress += (1 - this.progress) * Math.min(1, passed / (1 - spent + passed));
  }

  warmth(): number {
    const next = Math.max(
      1,
      COURSE.findIndex(([progress]) => progress > this.progress),
    );
    const [from, high] = COURSE[next - 1]!;
    const [to, low] = COURSE[next]!;
    return Math.min(this.#warmest, high * (low / high) ** ((this.progress - from) / (to - from)));
  }
}
