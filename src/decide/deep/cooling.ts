/**
 * How warm a search is, as multiples of what matters in its datacenter, by how far it has come. Most is put in order while
 * it is rather warm; what is worth little is sorted out at the very end.
 */
const COURSE: readonly (readonly [progress: number, warmth: number])[] = [
  [0, 1.2],
  [0.5, 0.05],
  [0.75, 0.002],
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

  /** Goes on to the part of the budget that is spent by now; held, it stays as warm as it is and makes up for it later. */
  advance(spent: number, isHeld: boolean): void {
    const passed = spent - this.#spent;
    this.#spent = spent;
    if (!isHeld && spent < 1) this.progress += (1 - this.progress) * Math.min(1, passed / (1 - spent + passed));
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
