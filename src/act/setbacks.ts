import type { Move } from '../domain/change.ts';
import { spanWords } from '../domain/words.ts';
import type { Patience } from './patience.ts';

interface Setback {
  count: number;
  restsUntilMs: number;
  because: string;
}

/** Longest rest, as a multiple of the first. */
const MOST_TIMES = 16;
/** Remembered at most; the oldest go first. */
const MOST_REMEMBERED = 10_000;

/**
 * Moves that came to nothing: whatever plan wants them again, they rest, each time twice as long as before. So does what
 * a person has cancelled, unless it is a person or a rule that wants it.
 */
export class Setbacks {
  readonly #patience: Patience;
  readonly #known = new Map<string, Setback>();

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  refusal(move: Move, nowMs: number): string | undefined {
    const setback = this.#known.get(keyOf(move));
    if (setback === undefined || setback.restsUntilMs <= nowMs) return undefined;
    return `waits for ${move.vm}: ${setback.because}, tried again in ${spanWords(setback.restsUntilMs - nowMs)}`;
  }

  failed(move: Move, nowMs: number): void {
    const count = (this.#known.get(keyOf(move))?.count ?? 0) + 1;
    const restMs = this.#patience.restMs * Math.min(MOST_TIMES, 2 ** (count - 1));
    const because = `its migration to ${move.to} came to nothing${count > 1 ? ` ${count} times` : ''}`;
    this.#note(move, { count, restsUntilMs: nowMs + restMs, because });
  }

  cancelled(move: Move, nowMs: number): void {
    const restsUntilMs = nowMs + this.#patience.respectMs;
    this.#note(move, { count: 0, restsUntilMs, because: `somebody cancelled its migration to ${move.to}` });
  }

  wentWell(move: Move): void {
    this.#known.delete(keyOf(move));
  }

  #note(move: Move, setback: Setback): void {
    this.#known.delete(keyOf(move));
    this.#known.set(keyOf(move), setback);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }
}

const keyOf = ({ vm, to }: Move): string => `${vm}\n${to}`;
