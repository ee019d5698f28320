import { MINUTE, SECOND } from '../../src/domain/units.ts';
import { between, oneOf } from '../../src/simulator/random.ts';
import { chanceFor } from './chance.ts';
import type { Land } from './land.ts';
import { Life } from './life.ts';

/** It is started again at once, or somebody has to. */
const LONGEST_DEATHS_MS = [SECOND, 4 * MINUTE];
const LOOK_MS = 5 * SECOND;
const STARTS_WITHIN_MS = 10 * MINUTE;

/** One life of the daemon after the other on the same journal, as a service manager sees to it. */
export class Lives {
  readonly #land: Land;
  readonly #random;
  #current: Life | undefined;
  #begunAtMs = 0;
  #count = 0;

  constructor(land: Land) {
    this.#land = land;
    this.#random = chanceFor(land.scenario.seed, 'lives');
  }

  begin(): void {
    this.#begin();
    this.#lookAfter();
  }

  get count(): number {
    return this.#count;
  }

  /** The daemon that runs now, if one does. */
  get running(): Life | undefined {
    return this.#current?.isRunning === true ? this.#current : undefined;
  }

  get current(): Life | undefined {
    return this.#current;
  }

  end(): void {
    this.#current?.kill();
    this.#current = undefined;
  }

  #begin(): void {
    this.#count += 1;
    this.#begunAtMs = this.#land.clock.nowMs();
    this.#current = new Life(this.#land, this.#count);
    void this.#current.start();
  }

  /** What is dead, or hangs at its start, is started anew. */
  #lookAfter(): void {
    const { clock } = this.#land;
    clock.after(LOOK_MS, () => {
      const life = this.#current;
      const isStarting = life?.daemon.status().state === 'starting';
      if (isStarting && clock.nowMs() - this.#begunAtMs > STARTS_WITHIN_MS) life?.kill();
      if (life?.isDead) this.#beginLater();
      else this.#lookAfter();
    });
  }

  #beginLater(): void {
    const mostMs = this.#land.board.isOver ? SECOND : oneOf(this.#random, LONGEST_DEATHS_MS);
    this.#land.clock.after(between(this.#random, 0, mostMs), () => {
      this.#begin();
      this.#lookAfter();
    });
  }
}
