import { amountWords } from '../domain/words.ts';
import type { MoveJob } from './jobs.ts';
import type { Occupancy } from './occupancy.ts';
import { GUARANTEED } from './occupancy.ts';
import { permits } from './permission.ts';

/** Moves of which none can start although nothing runs. */
export interface Impasse {
  readonly stuck: readonly MoveJob[];
  readonly occupancy: Occupancy;
  /** Milliseconds of moves per host, those included that are done: who has least may be stopped over at. */
  readonly work: Float64Array;
  readonly mayStopOver: (host: number) => boolean;
  readonly hasStoppedOver: (vm: number) => boolean;
  readonly mayQuick: (vm: number) => boolean;
  /** In how many places a cycle is to be broken. */
  readonly breaks: (cycle: readonly MoveJob[]) => number;
  /** Who gets out of the way: the smallest costs least; the largest makes room for more, which may save others. */
  readonly whoStopsOver: 'smallest' | 'largest';
}

export interface WayOut {
  readonly stopOvers: readonly { readonly job: MoveJob; readonly via: number }[];
  /** Moves whose guests are saved, and resumed once those have left who wait for their room. */
  readonly quick: readonly MoveJob[];
  readonly giveUp: readonly { readonly job: MoveJob; readonly because: string }[];
}

/**
 * First those go that no departure can help; then each cycle is broken by sending one of its VMs by way of a third host,
 * the smallest whose leaving lets the next one in. Where there is no such host, one that may is saved and resumed, and
 * where there is none a cycle loses its largest VM. Each call settles at least one move for good or gives it a detour, of
 * which a VM gets one at most, so that this comes to an end.
 */
export function wayOut(impasse: Impasse): WayOut {
  const giveUp = withoutHope(impasse);
  if (giveUp.length > 0) return { stopOvers: [], quick: [], giveUp };
  const stopOvers: { job: MoveJob; via: number }[] = [];
  const extraLoad = new Map<number, number>();
  const cycles = cyclesOf(impasse);
  for (const part of cycles.flatMap((cycle) => parts(cycle, impasse.breaks(cycle)))) {
    const found = cheapestStopOver(impasse, part, extraLoad);
    if (found === undefined) continue;
    stopOvers.push(found);
    extraLoad.set(found.via, (extraLoad.get(found.via) ?? 0) + 2 * found.job.durationMs);
  }
  if (stopOvers.length > 0) return { stopOvers, quick: [], giveUp };
  const anywhere = cheapestStopOver(impasse, impasse.stuck, extraLoad);
  if (anywhere !== undefined) return { stopOvers: [anywhere], quick: [], giveUp };
  const quick = cycles.flatMap((cycle) => cheapestQuick(impasse, cycle) ?? []);
  if (quick.length > 0) return { stopOvers, quick, giveUp };
  return { stopOvers, quick, giveUp: [leastLoss(impasse, cycles[0] ?? impasse.stuck)] };
}

function parts(cycle: readonly MoveJob[], count: number): (readonly MoveJob[])[] {
  return Array.from({ length: count }, (_, part) =>
    cycle.slice(Math.round((part * cycle.length) / count), Math.round(((part + 1) * cycle.length) / count)),
  );
}

/** The smallest that may be saved and whose leaving lets the next one in, so that its own room comes about. */
function cheapestQuick({ occupancy, mayQuick }: Impasse, cycle: readonly MoveJob[]): MoveJob | undefined {
  const able = cycle.filter((job) => {
    const isPlain = job.previous === undefined && job.quick === undefined;
    const isFree = occupancy.conflict(job.vm, job.to) === undefined;
    return isPlain && isFree && mayQuick(job.vm) && unlocks(occupancy, job, cycle);
  });
  return able.sort((a, b) => a.durationMs - b.durationMs)[0];
}

/** Moves that would lack room, or meet whom they must not meet, even after all who want to leave their target left. */
function withoutHope({ stuck, occupancy }: Impasse): { job: MoveJob; because: string }[] {
  const { snapshot } = occupancy;
  const alive = new Set(stuck);
  const isHeld = (job: MoveJob) => job.previous !== undefined && job.previous.state !== 'ended';
  const leavers = new Map(stuck.filter((job) => !isHeld(job)).map((job) => [job.vm, job]));
  const leaving = snapshot.vms.demand.map(() => new Float64Array(snapshot.hosts.ids.length));
  const count = (job: MoveJob, sign: 1 | -1) => {
    for (const r of GUARANTEED) leaving[r]![job.from]! += sign * snapshot.vms.demand[r]![job.vm]!;
  };
  for (const job of leavers.values()) count(job, 1);
  const lacksRoom = (job: MoveJob) => GUARANTEED.some((r) => occupancy.lack(r, job.vm, job.to) > leaving[r]![job.to]!);
  const meetsStayer = (job: MoveJob) => {
    const conflict = occupancy.conflict(job.vm, job.to);
    return conflict !== undefined && conflict.vms.filter((vm) => !leavers.has(vm)).length >= conflict.crowd.most;
  };
  const hopeless: { job: MoveJob; because: string }[] = [];
  for (let before = -1; before !== hopeless.length; ) {
    before = hopeless.length;
    for (const job of alive) {
      const isLost = isHeld(job) ? !alive.has(job.previous!) : lacksRoom(job) || meetsStayer(job);
      if (!isLost) continue;
      alive.delete(job);
      if (leavers.get(job.vm) === job) {
        leavers.delete(job.vm);
        count(job, -1);
      }
      hopeless.push({ job, because: refusalWords(occupancy, job) });
    }
  }
  return hopeless;
}

function refusalWords(occupancy: Occupancy, { vm, to, previous }: MoveJob): string {
  if (previous !== undefined && previous.state !== 'ended') {
    return occupancy.refusal(previous.vm, previous.to) ?? `${previous.change.vm} cannot get to ${previous.change.to}`;
  }
  const { hosts } = occupancy.snapshot;
  return `${occupancy.refusal(vm, to) ?? 'it cannot start'}, and nobody who could make way leaves ${hosts.ids[to]}`;
}

/** Follows, from host to host, the smallest VM that wants to leave, or the largest; cycles that share no host. */
function cyclesOf({ stuck, whoStopsOver }: Impasse): MoveJob[][] {
  const isBefore = inOrder(whoStopsOver);
  const leaving = new Map<number, MoveJob>();
  for (const job of stuck) {
    const known = leaving.get(job.from);
    const canLeave = job.previous === undefined || job.previous.state === 'ended';
    if (canLeave && (known === undefined || isBefore(job, known) < 0)) leaving.set(job.from, job);
  }
  const visitedOnWalk = new Map<number, number>();
  const cycles: MoveJob[][] = [];
  let walk = 0;
  for (const start of leaving.keys()) {
    walk += 1;
    const path: MoveJob[] = [];
    let host = start;
    while (!visitedOnWalk.has(host)) {
      visitedOnWalk.set(host, walk);
      const next = leaving.get(host);
      if (next === undefined) break;
      path.push(next);
      host = next.to;
    }
    if (visitedOnWalk.get(host) !== walk) continue;
    const closes = path.findIndex((job) => job.from === host);
    if (closes >= 0) cycles.push(path.slice(closes));
  }
  return cycles;
}

const inOrder = (who: Impasse['whoStopsOver']) => (a: MoveJob, b: MoveJob) =>
  who === 'smallest' ? a.durationMs - b.durationMs : b.durationMs - a.durationMs;

function cheapestStopOver(
  impasse: Impasse,
  jobs: readonly MoveJob[],
  extraLoad: ReadonlyMap<number, number>,
): { job: MoveJob; via: number } | undefined {
  const ranked = jobs
    .filter((job) => job.previous === undefined && job.quick === undefined && !impasse.hasStoppedOver(job.vm))
    .map((job) => ({ job, rank: unlocks(impasse.occupancy, job, jobs) ? 0 : 1 }))
    .sort((a, b) => a.rank - b.rank || inOrder(impasse.whoStopsOver)(a.job, b.job));
  for (const { job } of ranked) {
    const via = thirdHost(impasse, job, extraLoad);
    if (via !== undefined) return { job, via };
  }
  return undefined;
}

function unlocks(occupancy: Occupancy, job: MoveJob, jobs: readonly MoveJob[]): boolean {
  return jobs.some((other) => other.to === job.from && wouldFit(occupancy, other, job));
}

function wouldFit(occupancy: Occupancy, coming: MoveJob, leaving: MoveJob): boolean {
  const { demand } = occupancy.snapshot.vms;
  return GUARANTEED.every((r) => occupancy.lack(r, coming.vm, coming.to) <= demand[r]![leaving.vm]!);
}

/** A host with room and permission; best one whose room nobody else is waiting for, then the one with the least to do. */
function thirdHost(impasse: Impasse, job: MoveJob, extraLoad: ReadonlyMap<number, number>): number | undefined {
  const { occupancy, work, mayStopOver } = impasse;
  const awaited = new Set(impasse.stuck.map(({ to }) => to));
  const workAt = (host: number) => work[host]! + (extraLoad.get(host) ?? 0);
  let best: number | undefined;
  for (let host = 0; host < work.length; host++) {
    if (host === job.from || host === job.to || !mayStopOver(host) || !occupancy.accepts(job.vm, host)) continue;
    if (!permits(occupancy.snapshot, job.vm, host)) continue;
    const isBetter =
      best === undefined || (awaited.has(best) === awaited.has(host) ? workAt(host) < workAt(best) : awaited.has(best));
    if (isBetter) best = host;
  }
  return best;
}

/** The largest VM stays where it is: it would have needed the most room. */
function leastLoss({ occupancy }: Impasse, cycle: readonly MoveJob[]): { job: MoveJob; because: string } {
  const { hosts, vms } = occupancy.snapshot;
  const job = cycle.reduce((largest, other) => (other.durationMs > largest.durationMs ? other : largest));
  const smallest = cycle.reduce((least, other) => (other.durationMs < least.durationMs ? other : least));
  const names = cycle.map(({ vm }) => vms.ids[vm]).join(', ');
  const ring = [...cycle.map(({ from }) => hosts.ids[from]), hosts.ids[cycle[0]!.from]].join(' → ');
  const size = GUARANTEED.map((r) => amountWords(r, vms.demand[r]![smallest.vm]!)).join(' and ');
  const because =
    `${names} wait for each other's room (${ring}), ` +
    `and no third host has room and permission for any of them, not even ${vms.ids[smallest.vm]} with ${size}`;
  return { job, because };
}
