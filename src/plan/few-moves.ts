import { Admission, groundOf } from './admission.ts';
import type { Puzzle, Step } from './fastest-order.ts';
import { fastestOrder } from './fastest-order.ts';
import type { Job } from './jobs.ts';
import { GUARANTEED, Occupancy } from './occupancy.ts';
import { permits } from './permission.ts';
import type { Task } from './task.ts';
import type { Hints, Timed } from './timetable.ts';
import type { Turn } from './turns.ts';

/** With more moves than that there are too many orders to look through, and which one it is matters less. */
const MOST_MOVES = 24;
/** Where a VM may stop over: at one of so many hosts, those with the least to do. */
const MOST_PLACES = 4;

/** This close to what the busiest host has to do, an order is not worth improving. */
const GOOD_ENOUGH = 1.02;

const LOOKS_AT_ONCE = 1_000;

/** The search is broken off early: whom it tries first matters. */
const WHO_FIRST: readonly ((a: Way, b: Way) => number)[] = [
  () => 0,
  (a, b) => b.durationMs - a.durationMs,
  (a, b) => a.durationMs - b.durationMs,
];

export interface Ordered {
  readonly stopOvers: Hints['detours']['stopOvers'];
  readonly order: readonly Turn[];
}

/**
 * Orders of few moves, each done sooner than the one before and with as many or more stop-overs, as far as so many looks
 * at each number of them find any. What they leave out the timetable sees to: it may come out slower.
 */
export function* fasterOrders(
  task: Task,
  timed: Timed,
  bounds: { withinMs: number; stopOvers: number; looks: number },
): Iterable<Ordered> {
  if (!isSimple(task, timed)) return;
  const ways = waysOf(timed);
  let { withinMs, looks } = bounds;
  for (let stopOvers = 0; stopOvers <= bounds.stopOvers; stopOvers++) {
    for (const whoFirst of WHO_FIRST) {
      const order = ways.toSorted(whoFirst);
      const puzzle = puzzleOf(task, timed, order);
      if (withinMs <= puzzle.busiestMs * GOOD_ENOUGH || looks <= 0) return;
      const found = fastestOrder(puzzle, { withinMs, stopOvers, looks: Math.min(looks, LOOKS_AT_ONCE) });
      looks -= found.looked;
      if (found.turns !== undefined) {
        withinMs = found.ms;
        yield ordered(found.turns, order);
      }
    }
  }
}

function ordered(turns: readonly Step[], ways: readonly Way[]): Ordered {
  const order = turns.map(({ piece, from, to }) => ({ vm: ways[piece]!.vm, from, to }));
  const stops = turns.filter(({ piece, to }) => ways[piece]!.to !== to);
  return { order, stopOvers: new Map(stops.map(({ piece, to }) => [ways[piece]!.vm, to])) };
}

/** Whether time at the hosts and room are all that the moves wait for. */
function isSimple({ snapshot, wanted, limits, measured }: Task, { jobs, givenUp, stranded }: Timed): boolean {
  if (wanted.moves.length > MOST_MOVES || wanted.switches.length + givenUp.length + stranded.length > 0) return false;
  const admission = new Admission(limits, groundOf(snapshot), measured);
  const isPlain = (job: Job) =>
    job.kind === 'move' &&
    job.quick === undefined &&
    job.urgency === jobs[0]?.urgency &&
    [job.change.from, job.change.to].every((host) => admission.slotsAt(host) === 1);
  return jobs.every(isPlain);
}

/** From where to where each VM is to come in the end. */
interface Way {
  readonly vm: number;
  readonly from: number;
  readonly to: number;
  readonly durationMs: number;
}

function waysOf({ jobs }: Timed): readonly Way[] {
  const ways = new Map<number, Way>();
  for (const job of jobs) {
    if (job.kind !== 'move') continue;
    const { from, durationMs } = job.previous ?? job;
    ways.set(job.vm, { vm: job.vm, from, to: job.to, durationMs: Math.max(durationMs, job.durationMs) });
  }
  return [...ways.values()];
}

function puzzleOf(
  { snapshot }: Task,
  { underWay }: Timed,
  ways: readonly Way[],
): Puzzle & { readonly busiestMs: number } {
  const occupancy = new Occupancy(snapshot);
  const hosts = [...snapshot.hosts.ids.keys()];
  const busyMs = new Float64Array(hosts.length);
  for (const job of underWay) {
    if (job.kind !== 'move') continue;
    for (const host of [job.from, job.to]) busyMs[host] = Math.max(busyMs[host]!, job.durationMs);
    occupancy.end(job.vm, true);
  }
  const workMs = new Float64Array(hosts.length);
  for (const { from, to, durationMs } of ways) for (const host of [from, to]) workMs[host]! += durationMs;
  const idlestFirst = hosts.sort((a, b) => workMs[a]! - workMs[b]!);
  const pieces = ways.map(({ vm, from, to, durationMs }) => ({
    from,
    to,
    durationMs,
    needs: GUARANTEED.map((resource) => snapshot.vms.demand[resource]![vm]!),
    mayStopOverAt: idlestFirst
      .filter((host) => host !== from && host !== to && permits(snapshot, vm, host))
      .slice(0, MOST_PLACES),
  }));
  const free = GUARANTEED.map((resource) => workMs.map((_, host) => occupancy.free(resource, host)));
  const busiestMs = workMs.reduce((most, ms) => Math.max(most, ms), 0);
  return { pieces, free, busyMs, busiestMs };
}
