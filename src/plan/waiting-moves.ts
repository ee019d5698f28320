import type { MoveJob } from './jobs.ts';
import type { Turn } from './turns.ts';
import { Turns } from './turns.ts';
import { URGENCIES } from './urgency.ts';

/** Moves that have not started, found by either of their hosts. */
export class WaitingMoves {
  /** By host, then by urgency. */
  readonly #at = new Map<number, (Set<MoveJob> | undefined)[]>();
  readonly #all = new Set<MoveJob>();
  readonly #targets = new Map<number, number>();
  readonly #seen = new Set<number>();
  readonly #emphasis: Float64Array;
  readonly #turns: Turns | undefined;
  /** Milliseconds of waiting moves per host, at either end, each host's times its emphasis. */
  readonly load: Float64Array;
  /** Milliseconds of all that has ever waited there. */
  readonly work: Float64Array;

  constructor(emphasis: Float64Array, order: readonly Turn[] | undefined) {
    this.#emphasis = emphasis;
    this.#turns = order && new Turns(order);
    this.load = new Float64Array(emphasis.length);
    this.work = new Float64Array(emphasis.length);
  }

  get all(): ReadonlySet<MoveJob> {
    return this.#all;
  }

  /** Those urgencies that anything has waited with, the most urgent first. */
  urgencies(): number[] {
    return URGENCIES.flatMap((_, urgency) => (this.#seen.has(urgency) ? [urgency] : []));
  }

  at(host: number, urgency: number): Iterable<MoveJob> {
    const all = this.#at.get(host)?.[urgency] ?? NONE;
    return this.#turns === undefined ? all : [...all].filter((job) => this.#turns?.isNext(job));
  }

  arrivalsWaiting(host: number): number {
    return this.#targets.get(host) ?? 0;
  }

  add(job: MoveJob): void {
    this.#all.add(job);
    this.#seen.add(job.urgency);
    this.#targets.set(job.to, this.arrivalsWaiting(job.to) + 1);
    this.#addAt(job.from, job);
    this.#addAt(job.to, job);
  }

  delete(job: MoveJob): void {
    this.#turns?.pass(job);
    this.#all.delete(job);
    this.#targets.set(job.to, this.arrivalsWaiting(job.to) - 1);
    this.#deleteAt(job.from, job);
    this.#deleteAt(job.to, job);
  }

  #addAt(host: number, job: MoveJob): void {
    this.work[host]! += job.durationMs;
    this.load[host]! += job.durationMs * this.#emphasis[host]!;
    this.#setAt(host, job.urgency).add(job);
  }

  #deleteAt(host: number, job: MoveJob): void {
    this.load[host]! -= job.durationMs * this.#emphasis[host]!;
    this.#setAt(host, job.urgency).delete(job);
  }

  #setAt(host: number, urgency: number): Set<MoveJob> {
    let sets = this.#at.get(host);
    if (sets === undefined) {
      sets = [];
      this.#at.set(host, sets);
    }
    let jobs = sets[urgency];
    if (jobs === undefined) {
      jobs = new Set();
      sets[urgency] = jobs;
    }
    return jobs;
  }
}

const NONE: readonly MoveJob[] = [];
