import { fasterOrders } from './few-moves.ts';
import { foresee } from './foresight.ts';
import type { Job } from './jobs.ts';
import { lowerBoundMs } from './lower-bound.ts';
import { shortcuts } from './shortcut.ts';
import type { Foresight, Task } from './task.ts';
import type { Hints, Timed } from './timetable.ts';
import { timetable } from './timetable.ts';

/** This close to the lower bound a further attempt is not worth its time. */
const CLOSE_ENOUGH = 1.002;
/** Moves to be placed over all attempts together: the bound on how long planning takes. */
const MOST_MOVES_TRIED = 12_000;
const MOST_ATTEMPTS = 100;
/** So much longer than the lower bound a plan may get before urgency counts for less. */
const FIRST_HASTE = 0.02;

/** Stop-overs that only save time cost migrations: at most one for so many moves, and each has to save so much. */
const MOVES_PER_SHORTCUT = 6;
const LEAST_SAVED = 0.01;

/** So many beginnings of orders are looked at, where there are few moves. */
const MOST_LOOKS = 12_000;

interface Attempt {
  readonly timed: Timed;
  readonly hints: Hints;
}

/**
 * Several attempts, of which the shortest counts. Hosts that ended too late get more emphasis in the next, haste grows as
 * long as it helps, and detours that turned out to be needed are known from the start and then cost less. Where a chain
 * of moves that wait for each other's room is what takes so long, one of them gets out of the way first.
 */
export function bestTimetable(task: Task): Timed {
  const first = firstAttempt(task);
  const moves = Math.max(1, task.wanted.moves.length);
  const attempts = Math.min(MOST_ATTEMPTS, Math.floor(MOST_MOVES_TRIED / moves)) - 1;
  const half = Math.floor(attempts / 2);
  const halfway = withEmphasis(task, { best: first, last: first }, attempts - half);
  const { best, tried } = withShortcuts(task, halfway.best, half, moves / MOVES_PER_SHORTCUT);
  const last = best === halfway.best ? halfway.last : best;
  return withFewMoves(task, withEmphasis(task, { best, last }, half - tried).best).timed;
}

function firstAttempt(task: Task): Attempt {
  const emphasis = new Float64Array(task.snapshot.hosts.ids.length).fill(1);
  const attempt = (foresight: Foresight): Attempt => {
    const hints = { ...foresight, emphasis, haste: FIRST_HASTE };
    return { timed: timetable(task, hints), hints };
  };
  const small = attempt(foresee(task));
  if (small.timed.detours.stopOvers.size < 2) return small;
  const large = attempt(foresee(task, 'largest'));
  return isBetter(large.timed, small.timed) ? large : small;
}

interface Search {
  readonly best: Attempt;
  /** Each attempt learns from the one before it, whether that was the best or not. */
  readonly last: Attempt;
}

function withEmphasis(task: Task, search: Search, attempts: number): Search {
  let { best, last } = search;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { timed, hints } = last;
    const boundMs = lowerBoundMs(timed.jobs, timed.underWay);
    if (makespanOf(best.timed) <= boundMs * CLOSE_ENOUGH) break;
    const detours = timed.givenUp.length + timed.stranded.length === 0 ? timed.detours : hints.detours;
    const emphasis = emphasised(hints.emphasis, timed.jobs, boundMs);
    const next: Hints = { ...hints, detours, emphasis, haste: moreHaste(hints.haste) };
    last = { hints: next, timed: timetable(task, next) };
    if (isBetter(last.timed, best.timed)) best = last;
  }
  return { best, last };
}

function withShortcuts(task: Task, first: Attempt, attempts: number, most: number): { best: Attempt; tried: number } {
  let best = first;
  let taken = 0;
  const tried = new Set<number>();
  for (let attempt = 0; attempt < attempts && taken < most; attempt++) {
    const { timed, hints } = best;
    if (makespanOf(timed) <= lowerBoundMs(timed.jobs, timed.underWay) * CLOSE_ENOUGH) break;
    const shortcut = [...shortcuts(task, timed)].find(({ vm }) => !tried.has(vm));
    if (shortcut === undefined) break;
    tried.add(shortcut.vm);
    const { stopOvers, quick } = timed.detours;
    const detours = { stopOvers: new Map([...stopOvers, [shortcut.vm, shortcut.via]]), quick };
    const next = { ...hints, detours };
    const shorter = timetable(task, next);
    if (!isBetter(shorter, timed) || makespanOf(shorter) > makespanOf(timed) * (1 - LEAST_SAVED)) continue;
    best = { timed: shorter, hints: next };
    taken += 1;
  }
  return { best, tried: tried.size };
}

/**
 * List scheduling never lets anybody wait who could start, and shortcuts are tried one by one: few moves are looked through
 * for what takes two stop-overs, or a moment's patience.
 */
function withFewMoves(task: Task, first: Attempt): Attempt {
  const { detours } = first.timed;
  const stopOvers = Math.max(detours.stopOvers.size, Math.ceil(task.wanted.moves.length / MOVES_PER_SHORTCUT));
  const bounds = { withinMs: makespanOf(first.timed) * (1 - LEAST_SAVED), stopOvers, looks: MOST_LOOKS };
  let best = first;
  for (const { order, stopOvers: stops } of fasterOrders(task, first.timed, bounds)) {
    const hints = { ...first.hints, order, detours: { ...detours, stopOvers: stops } };
    const timed = timetable(task, hints);
    if (isBetter(timed, best.timed)) best = { timed, hints };
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
function emphasised(before: Float64Array, jobs: readonly Job[], boundMs: number): Float64Array {
  const endMs = new Float64Array(before.length);
  for (const job of jobs) {
    if (job.kind !== 'move') continue;
    for (const host of [job.from, job.to]) endMs[host] = Math.max(endMs[host]!, job.endMs);
  }
  return before.map((emphasis, host) => emphasis * Math.max(1, endMs[host]! / boundMs));
}
