import { foresee } from './foresight.ts';
import type { Job } from './jobs.ts';
import { lowerBoundMs } from './lower-bound.ts';
import type { Task } from './task.ts';
import type { Hints, Timed } from './timetable.ts';
import { timetable } from './timetable.ts';

/** This close to the lower bound a further attempt is not worth its time. */
const CLOSE_ENOUGH = 1.002;
/** Moves to be placed over all attempts together: the bound on how long planning takes. */
const MOST_MOVES_TRIED = 12_000;
const MOST_ATTEMPTS = 40;
/** So much longer than the lower bound a plan may get before urgency counts for less. */
const FIRST_HASTE = 0.02;

/**
 * Several attempts, of which the shortest counts. Hosts that ended too late get more emphasis in the next, haste grows as
 * long as it helps, and detours that turned out to be needed are known from the start and then cost less.
 */
export function bestTimetable(task: Task): Timed {
  let hints: Hints = {
    ...foresee(task),
    emphasis: new Float64Array(task.snapshot.hosts.ids.length).fill(1),
    haste: FIRST_HASTE,
  };
  let best = timetable(task, hints);
  const attempts = Math.min(MOST_ATTEMPTS, MOST_MOVES_TRIED / Math.max(1, task.wanted.moves.length));
  let last = best;
  for (let attempt = 2; attempt <= attempts; attempt++) {
    const boundMs = lowerBoundMs(last.jobs);
    if (makespanOf(best) <= boundMs * CLOSE_ENOUGH) break;
    hints = {
      ...hints,
      detours: last.givenUp.length + last.stranded.length === 0 ? last.detours : hints.detours,
      haste: moreHaste(hints.haste),
    };
    emphasise(hints.emphasis, last.jobs, boundMs);
    last = timetable(task, hints);
    if (isBetter(last, best)) best = last;
  }
  return best;
}

const moreHaste = (haste: number): number => Math.min(1, 2 * haste);

export function makespanOf({ jobs }: Timed): number {
  return jobs.reduce((latest, { endMs }) => Math.max(latest, endMs), 0);
}

function isBetter(a: Timed, b: Timed): boolean {
  if (a.stranded.length !== b.stranded.length) return a.stranded.length < b.stranded.length;
  if (a.givenUp.length !== b.givenUp.length) return a.givenUp.length < b.givenUp.length;
  return makespanOf(a) < makespanOf(b);
}

/** By as much as each host's last migration ends after it could have. */
function emphasise(emphasis: Float64Array, jobs: readonly Job[], boundMs: number): void {
  const endMs = new Float64Array(emphasis.length);
  for (const job of jobs) {
    if (job.kind !== 'move') continue;
    for (const host of [job.from, job.to]) endMs[host] = Math.max(endMs[host]!, job.endMs);
  }
  for (let host = 0; host < emphasis.length; host++) {
    if (endMs[host]! > boundMs) emphasis[host]! *= endMs[host]! / boundMs;
  }
}
