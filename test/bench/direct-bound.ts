import type { Puzzle } from '../../src/plan/fastest-order.ts';
import type { PlanUnderTest } from '../kit/plan-checker.ts';

/**
 * No order of the wanted moves could be faster, were there room enough: the busiest host, all work over as many pairs as
 * the hosts make, the longest move. Detours that a plan makes are its own affair and do not count.
 */
export function directBoundMs({ plan, decisions, inventory }: PlanUnderTest): number {
  const msOf = new Map<string, number>();
  for (const { change, startsAtMs, endsAtMs } of plan.steps) {
    if (change.kind === 'move' && !msOf.has(change.vm)) msOf.set(change.vm, endsAtMs - startsAtMs);
  }
  const atHost = new Map<string, number>();
  let total = 0;
  for (const change of decisions.flatMap(({ changes }) => changes)) {
    const ms = change.kind === 'move' ? msOf.get(change.vm) : undefined;
    if (change.kind !== 'move' || ms === undefined) continue;
    total += ms;
    for (const host of [change.from, change.to]) atHost.set(host, (atHost.get(host) ?? 0) + ms);
  }
  const longest = [...msOf.values()].reduce((a, b) => Math.max(a, b), 0);
  const busiest = [...atHost.values()].reduce((a, b) => Math.max(a, b), 0);
  return Math.max(total / Math.floor(inventory.hosts.length / 2), busiest, longest);
}

/**
 * The same, and two things that it leaves out and that hold for every order of the wanted moves with one migration per
 * host at a time. Among any k hosts at most ⌊k/2⌋ migrations run at once: with five hosts of which three do nearly all the
 * work, that is one. And who comes to a host without room for it waits until so much has left; what leaves one host leaves
 * it one after the other, be it for its target or for a stop-over.
 */
export function coupledBoundMs(test: PlanUnderTest): number {
  const moves = wantedMoves(test);
  return Math.max(directBoundMs(test), amongHostsMs(moves), withWaitingMs(moves, test));
}

interface Wanted {
  readonly vm: string;
  readonly from: string;
  readonly to: string;
  readonly ms: number;
  readonly bytes: number;
}

/** With what each takes; a move by way of a third host takes as long for each half, as all links here are alike. */
function wantedMoves({ plan, decisions, inventory }: PlanUnderTest): Wanted[] {
  const msOf = new Map<string, number>();
  for (const { change, startsAtMs, endsAtMs } of plan.steps)
    if (change.kind === 'move' && !msOf.has(change.vm)) msOf.set(change.vm, endsAtMs - startsAtMs);
  const bytesOf = new Map(inventory.vms.map(({ id, demand }) => [id, demand.memoryBytes]));
  return decisions
    .flatMap(({ changes }) => changes)
    .flatMap((change) => {
      const ms = change.kind === 'move' ? msOf.get(change.vm) : undefined;
      if (change.kind !== 'move' || ms === undefined) return [];
      return [{ vm: change.vm, from: change.from, to: change.to, ms, bytes: bytesOf.get(change.vm) ?? 0 }];
    });
}

function amongHostsMs(moves: readonly Wanted[]): number {
  const load = new Map<string, number>();
  for (const { from, to, ms } of moves) for (const host of [from, to]) load.set(host, (load.get(host) ?? 0) + ms);
  const ranks = new Map([...load].sort(([, a], [, b]) => b - a).map(([host], rank) => [host, rank]));
  const inside = new Float64Array(ranks.size);
  for (const { from, to, ms } of moves) inside[Math.max(ranks.get(from)!, ranks.get(to)!)]! += ms;
  let work = 0;
  return inside.reduce((most, ms, rank) => {
    work += ms;
    return rank === 0 ? most : Math.max(most, work / Math.floor((rank + 1) / 2));
  }, 0);
}

/**
 * At each host: of the moves that cannot arrive there before a certain time, the last ends no sooner than all of them take.
 * To leave, nobody has to wait: there may be a stop-over.
 */
function withWaitingMs(moves: readonly Wanted[], { inventory }: PlanUnderTest): number {
  const used = new Map<string, number>();
  for (const { host, demand } of inventory.vms) used.set(host, (used.get(host) ?? 0) + demand.memoryBytes);
  const free = new Map(inventory.hosts.map(({ id, capacity }) => [id, capacity.memoryBytes - (used.get(id) ?? 0)]));
  const readyAtMs = (move: Wanted) =>
    leastMsToLeave(
      moves.filter(({ from }) => from === move.to),
      move.bytes - free.get(move.to)!,
    );
  const waits = moves.map((move) => ({ ...move, readyMs: readyAtMs(move) }));
  let boundMs = 0;
  for (const { id } of inventory.hosts) {
    const here = waits.filter(({ to }) => to === id).sort((a, b) => b.readyMs - a.readyMs);
    let ms = 0;
    for (const move of here) {
      ms += move.ms;
      boundMs = Math.max(boundMs, move.readyMs + ms);
    }
  }
  return boundMs;
}

/** The shortest time in which so much can leave a host one after the other; the fraction of a move counts as a fraction. */
function leastMsToLeave(leaving: readonly Wanted[], bytes: number): number {
  let left = bytes;
  let ms = 0;
  const smallest = leaving.reduce((least, move) => Math.min(least, move.ms), Number.POSITIVE_INFINITY);
  for (const move of [...leaving].sort((a, b) => a.ms / a.bytes - b.ms / b.bytes)) {
    if (left <= 0) break;
    ms += move.ms * Math.min(1, left / move.bytes);
    left -= move.bytes;
  }
  return bytes <= 0 ? 0 : Math.max(ms, smallest);
}

/** The plan's moves as a puzzle in which every host may be stopped over at. */
export function puzzleOf(test: PlanUnderTest): Puzzle {
  const hosts = test.inventory.hosts;
  const index = new Map(hosts.map(({ id }, host) => [id, host]));
  const free = Float64Array.from(hosts, ({ capacity }) => capacity.memoryBytes);
  for (const { host, demand } of test.inventory.vms) free[index.get(host)!]! -= demand.memoryBytes;
  const pieces = wantedMoves(test).map((move) => {
    const [from, to] = [index.get(move.from)!, index.get(move.to)!];
    const mayStopOverAt = [...hosts.keys()].filter((host) => host !== from && host !== to);
    return { from, to, durationMs: move.ms, needs: [move.bytes], mayStopOverAt };
  });
  return { pieces, free: [free], busyMs: new Float64Array(hosts.length) };
}
