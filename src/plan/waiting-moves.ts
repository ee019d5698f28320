import type { Phase } from '../domain/decision.ts';
import { PHASES } from '../domain/decision.ts';
import type { MoveJob } from './jobs.ts';

/** Moves that have not started, found by either of their hosts. */
export class WaitingMoves {
  readonly #byPhase = new Map<Phase, Map<number, Set<MoveJob>>>();
  readonly #all = new Set<MoveJob>();
  readonly #targets = new Map<number, number>();
  readonly #emphasis: Float64Array;
  /** Milliseconds of waiting moves per host, at either end, each host's times its emphasis. */
  readonly load: Float64Array;

  constructor(emphasis: Float64Array) {
    this.#emphasis = emphasis;
    this.load = new Float64Array(emphasis.length);
  }

  get all(): ReadonlySet<MoveJob> {
    return this.#all;
  }

  /** Those phases that anything waits in, the most urgent first. */
  phases(): Phase[] {
    return PHASES.filter((phase) => this.#byPhase.has(phase));
  }

  at(host: number, phase: Phase): Iterable<MoveJob> {
    return this.#byPhase.get(phase)?.get(host) ?? NONE;
  }

  arrivalsWaiting(host: number): number {
    return this.#targets.get(host) ?? 0;
  }

  add(job: MoveJob): void {
    this.#all.add(job);
    this.#targets.set(job.to, this.arrivalsWaiting(job.to) + 1);
    for (const host of [job.from, job.to]) {
      this.load[host]! += job.durationMs * this.#emphasis[host]!;
      this.#setAt(host, job.phase).add(job);
    }
  }

  delete(job: MoveJob): void {
    this.#all.delete(job);
    this.#targets.set(job.to, this.arrivalsWaiting(job.to) - 1);
    for (const host of [job.from, job.to]) {
      this.load[host]! -= job.durationMs * this.#emphasis[host]!;
      this.#setAt(host, job.phase).delete(job);
    }
  }

  #setAt(host: number, phase: Phase): Set<MoveJob> {
    let hosts = this.#byPhase.get(phase);
    if (hosts === undefined) {
      hosts = new Map();
      this.#byPhase.set(phase, hosts);
    }
    let jobs = hosts.get(host);
    if (jobs === undefined) {
      jobs = new Set();
      hosts.set(host, jobs);
    }
    return jobs;
  }
}

const NONE: readonly MoveJob[] = [];
