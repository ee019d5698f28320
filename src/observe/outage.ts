import { spanWords } from '../domain/words.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/**
 * Tells of an outage once when it begins and once when it is over. It is over when something worked and nothing failed for
 * the quiet time: a source of which a part keeps failing does not flood the log.
 */
export class Outage {
  readonly #what: string;
  readonly #quietMs: number;
  readonly #clock: Clock;
  readonly #log: Log;
  #sinceMs: number | undefined;
  #lastFailureAtMs = 0;
  #because = '';

  constructor(what: string, quietMs: number, clock: Clock, log: Log) {
    this.#what = what;
    this.#quietMs = quietMs;
    this.#clock = clock;
    this.#log = log;
  }

  get underWay(): boolean {
    return this.#sinceMs !== undefined;
  }

  /** What fails and why as of the last time; empty while it works. */
  get words(): string {
    return this.underWay ? `${this.#what} failed: ${this.#because}` : '';
  }

  failed(because: string): void {
    this.#because = because;
    this.#lastFailureAtMs = this.#clock.nowMs();
    if (this.#sinceMs !== undefined) return;
    this.#sinceMs = this.#lastFailureAtMs;
    this.#log.warn(`${this.#what} failed: ${because}. It is tried again; this is not repeated until it works.`);
  }

  worked(): void {
    const nowMs = this.#clock.nowMs();
    if (this.#sinceMs === undefined || nowMs - this.#lastFailureAtMs < this.#quietMs) return;
    this.#log.info(`${this.#what} works again after ${spanWords(nowMs - this.#sinceMs)}.`);
    this.#sinceMs = undefined;
  }
}

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
