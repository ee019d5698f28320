import type { Job, MoveJob } from './jobs.ts';
import { Occupancy } from './occupancy.ts';
import { permits } from './permission.ts';
import type { Task } from './task.ts';
import type { Timed } from './timetable.ts';

/** A VM that gets out of the way of others by way of a third host, before there is room where it is going. */
export interface Shortcut {
  readonly vm: number;
  readonly via: number;
}

/**
 * What might end the timetable sooner: of the moves that follow upon each other and end last, those for whose room the
 * next one waits, and which waited themselves.
 */
export function* shortcuts(task: Task, { jobs, detours }: Timed): Iterable<Shortcut> {
  const path = criticalPath(jobs);
  const waiting = path.filter(
    (job, at): job is MoveJob => isDetourable(job) && job.startMs > 0 && path[at - 1]?.after.includes(job) === true,
  );
  if (waiting.length === 0) return;
  const places = new Places(task, jobs);
  for (const job of waiting) {
    if (detours.stopOvers.has(job.vm) || !places.isAtFirst(job)) continue;
    const via = places.thirdHost(job);
    if (via !== undefined) yield { vm: job.vm, via };
  }
}

function isDetourable(job: Job): job is MoveJob {
  return job.kind === 'move' && job.own && job.quick === undefined && job.previous === undefined;
}

/** From the job that ends last back to one that waited for nothing: each began when the one after it in the list ended. */
function criticalPath(jobs: readonly Job[]): Job[] {
  const endingAt = new Map<number, Job[]>();
  for (const each of jobs) endingAt.set(each.endMs, [...(endingAt.get(each.endMs) ?? []), each]);
  const path: Job[] = [];
  let job = jobs.reduce<Job | undefined>(
    (last, other) => (last && last.endMs >= other.endMs ? last : other),
    undefined,
  );
  while (job !== undefined && path.length < jobs.length) {
    path.push(job);
    const { startMs, after }: Job = job;
    const before: readonly Job[] = endingAt.get(startMs) ?? [];
    job =
      startMs === 0
        ? undefined
        : (after.find(({ endMs }) => endMs === startMs) ?? before.find((other) => meet(other, job!)));
  }
  return path;
}

function meet(one: Job, other: Job): boolean {
  const hosts = hostsOf(other);
  return hostsOf(one).some((host) => hosts.includes(host));
}

const hostsOf = (job: Job): readonly number[] => (job.kind === 'move' ? [job.from, job.to] : [job.host]);

/** Where VMs could stop over. */
class Places {
  readonly #task: Task;
  readonly #jobs: readonly Job[];
  readonly #occupancy: Occupancy;
  readonly #work: Float64Array;
  readonly #goingDown: ReadonlySet<string>;

  constructor(task: Task, jobs: readonly Job[]) {
    this.#task = task;
    this.#jobs = jobs;
    this.#occupancy = new Occupancy(task.snapshot);
    this.#work = new Float64Array(task.snapshot.hosts.ids.length);
    this.#goingDown = new Set(task.wanted.switches.map(({ change }) => change.host));
    for (const job of jobs) for (const host of hostsOf(job)) this.#work[host]! += job.durationMs;
  }

  isAtFirst({ vm, from }: MoveJob): boolean {
    return this.#occupancy.placeOf(vm) === from && this.#occupancy.headedTo(vm) === undefined;
  }

  /** That has room from the start, or at least by half of the time that the VM waits; of those with the least to do. */
  thirdHost(job: MoveJob): number | undefined {
    return this.#withRoom(job, this.#occupancy) ?? this.#withRoom(job, this.#at(job.startMs / 2));
  }

  #at(atMs: number): Occupancy {
    const occupancy = new Occupancy(this.#task.snapshot);
    for (const job of this.#jobs) {
      if (job.kind !== 'move' || job.startMs > atMs) continue;
      if (job.own) occupancy.begin(job.vm, job.to);
      if (job.endMs <= atMs) occupancy.end(job.vm, true);
    }
    return occupancy;
  }

  #withRoom({ vm, from, to }: MoveJob, occupancy: Occupancy): number | undefined {
    const { snapshot } = this.#task;
    const { ids } = snapshot.hosts;
    let best: number | undefined;
    for (let host = 0; host < ids.length; host++) {
      if (host === from || host === to || this.#goingDown.has(ids[host]!)) continue;
      if (best !== undefined && this.#work[host]! >= this.#work[best]!) continue;
      if (occupancy.accepts(vm, host) && permits(snapshot, vm, host)) best = host;
    }
    return best;
  }
}
