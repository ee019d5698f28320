/** Chance for inner loops: whole numbers by xorshift, and waiting times from a table. The same seed, the same numbers. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) | 1;
    for (let n = 0; n < 8; n++) this.bits();
  }

  /** 32 bits, as a number from 0 on. */
  bits(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return state >>> 0;
  }

  /** A whole number from 0 to below the bound. */
  below(bound: number): number {
    return (this.bits() * PER_BIT * bound) | 0;
  }

  share(): number {
    return this.bits() * PER_BIT;
  }

  /** Exponentially distributed with mean 1: what a worsening is held against, times the temperature. */
  patience(): number {
    return WAITS[this.bits() >>> (32 - WAIT_BITS)]!;
  }
}

const PER_BIT = 2 ** -32;
const WAIT_BITS = 14;
const WAITS = Float64Array.from({ length: 2 ** WAIT_BITS }, (_, n) => -Math.log((n + 0.5) / 2 ** WAIT_BITS));
