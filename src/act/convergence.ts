import type { MigrationProgress } from '../domain/plan.ts';
import type { MigrationAbilities } from '../ports/driver.ts';
import type { Guest } from './datacenter-now.ts';

/** A round that leaves more than this share of the one before to be copied brings the end no nearer. */
const HARDLY_LESS = 0.9;
const MOST_ROUNDS_IN_VAIN = 3;

export type Means = 'throttle' | 'post-copy' | 'quick';

/** Sees that a guest writes as fast as it is copied, and what may be done about that, each means once. */
export class Convergence {
  readonly #means: Means[];
  /** A driver that throttles by itself is left to it; what else there is comes when it takes too long. */
  readonly #mayInterfere: boolean;
  #round = 0;
  #toCopyBytes = Infinity;
  #inVain = 0;

  constructor(abilities: MigrationAbilities, { quickAllowed, postCopyAllowed }: Guest) {
    this.#mayInterfere = abilities.throttles !== 'by itself';
    this.#means = [
      ...(abilities.throttles === 'when hurried' ? (['throttle'] as const) : []),
      ...(abilities.postCopy && postCopyAllowed ? (['post-copy'] as const) : []),
      ...(abilities.quick && quickAllowed ? (['quick'] as const) : []),
    ];
  }

  /** True as often as so many rounds have passed in vain. */
  isLost({ round, remainingBytes }: MigrationProgress): boolean {
    if (!this.#mayInterfere || round <= this.#round) return false;
    this.#inVain = remainingBytes > this.#toCopyBytes * HARDLY_LESS ? this.#inVain + 1 : 0;
    this.#round = round;
    this.#toCopyBytes = remainingBytes;
    if (this.#inVain < MOST_ROUNDS_IN_VAIN) return false;
    this.#inVain = 0;
    return true;
  }

  nextMeans(): Means | undefined {
    return this.#means.shift();
  }
}
