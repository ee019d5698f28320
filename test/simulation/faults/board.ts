import type { Clock } from '../../../src/ports/clock.ts';
import type { SeededRandom } from '../../../src/simulator/random.ts';
import { chanceFor, untilNextMs } from '../chance.ts';
import type { Witness } from '../witness.ts';
import type { Fault } from './kinds.ts';

export interface BoardParts {
  readonly seed: number;
  readonly faults: ReadonlySet<Fault>;
  readonly clock: Clock;
  readonly witness: Witness;
}

/** Which faults are at work now. Each draws from chance of its own, so that leaving one out leaves the others as they are. */
export class Board {
  readonly #parts: BoardParts;
  readonly #chances = new Map<Fault, SeededRandom>();
  /** By fault and subject, until when. */
  readonly #spans = new Map<Fault, Map<string, number>>();
  #isOver = false;

  constructor(parts: BoardParts) {
    this.#parts = parts;
  }

  /** Nothing strikes any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  chance(fault: Fault): SeededRandom {
    const known = this.#chances.get(fault);
    if (known !== undefined) return known;
    const fresh = chanceFor(this.#parts.seed, fault);
    this.#chances.set(fault, fresh);
    return fresh;
  }

  /** For faults that befall single commands. */
  befalls(fault: Fault, share: number): boolean {
    return !this.#isOver && this.#parts.faults.has(fault) && this.chance(fault).next() < share;
  }

  /** It has come about. */
  struck(fault: Fault, subjects: readonly string[], words = ''): void {
    this.#parts.witness.note({ kind: 'fault', fault, subjects, words });
  }

  /** Strikes again and again, so long apart on average. */
  every(fault: Fault, meanMs: number, strike: (random: SeededRandom) => void): void {
    if (!this.#parts.faults.has(fault)) return;
    const random = this.chance(fault);
    const next = () =>
      this.#parts.clock.after(untilNextMs(random, meanMs), () => {
        if (this.#isOver) return;
        strike(random);
        next();
      });
    next();
  }

  begin(fault: Fault, subject: string, forMs: number): void {
    const spans = this.#spans.get(fault) ?? new Map<string, number>();
    // What has begun to hang hangs to its end, whatever strikes meanwhile.
    const untilMs = Math.max(spans.get(subject) ?? 0, this.#parts.clock.nowMs() + forMs);
    this.#spans.set(fault, spans.set(subject, untilMs));
  }

  isAt(fault: Fault, subject = ''): boolean {
    return this.leftMs(fault, subject) > 0;
  }

  leftMs(fault: Fault, subject = ''): number {
    const untilMs = this.#spans.get(fault)?.get(subject);
    return untilMs === undefined ? 0 : Math.max(0, untilMs - this.#parts.clock.nowMs());
  }

  /** Nothing strikes any more; what lasts for a while lasts to its end. */
  end(): void {
    this.#isOver = true;
  }
}
