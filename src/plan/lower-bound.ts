import type { Limits } from '../domain/profile.ts';
import { slotsPerHost } from './admission.ts';
import type { Job, MoveJob, SwitchJob } from './jobs.ts';

/** What one host has to get through, whatever the order. */
interface HostWork {
  departuresMs: number;
  arrivalsMs: number;
  longestMs: number;
  /** Nothing migrates here before: every move waits for a host that boots, this one or its other end. */
  leadMs: number;
  shutdownMs: number;
}

/**
 * No order of these jobs can be faster: the busiest host, the busiest pair, all work spread over as many migrations as can
 * run at once, and the longest job; booting comes before what happens at a host, shutting down after it. Room is left out.
 */
export function lowerBoundMs(jobs: readonly Job[], limits: Limits): number {
  const moves = jobs.filter((job): job is MoveJob => job.kind === 'move');
  const switches = jobs.filter((job): job is SwitchJob => job.kind === 'switch');
  const boots = new Map(
    switches.flatMap(({ host, change, durationMs }) => (change.to === 'on' ? [[host, durationMs] as const] : [])),
  );
  const leadOf = ({ from, to }: MoveJob) => Math.max(boots.get(from) ?? 0, boots.get(to) ?? 0);
  const hosts = workByHost(moves, switches, leadOf);
  const bounds = [busiestPairMs(moves, limits), clusterMs(moves, hosts, limits, leadOf)];
  for (const work of hosts.values()) bounds.push(hostMs(work, limits));
  for (const { durationMs } of switches) bounds.push(durationMs);
  bounds.push(perSlot(sum(switches), limits.powerSwitchesPerCluster));
  return bounds.reduce((a, b) => Math.max(a, b));
}

function workByHost(
  moves: readonly MoveJob[],
  switches: readonly SwitchJob[],
  leadOf: (move: MoveJob) => number,
): Map<number, HostWork> {
  const hosts = new Map<number, HostWork>();
  for (const move of moves) {
    for (const host of [move.from, move.to]) {
      const work = workAt(hosts, host);
      work.longestMs = Math.max(work.longestMs, move.durationMs);
      work.leadMs = Math.min(work.leadMs, leadOf(move));
    }
    workAt(hosts, move.from).departuresMs += move.durationMs;
    workAt(hosts, move.to).arrivalsMs += move.durationMs;
  }
  for (const { host, change, durationMs } of switches) {
    const work = hosts.get(host);
    if (change.to === 'off' && work !== undefined) work.shutdownMs = durationMs;
  }
  return hosts;
}

function workAt(hosts: Map<number, HostWork>, host: number): HostWork {
  let work = hosts.get(host);
  if (work === undefined) {
    work = { departuresMs: 0, arrivalsMs: 0, longestMs: 0, leadMs: Number.POSITIVE_INFINITY, shutdownMs: 0 };
    hosts.set(host, work);
  }
  return work;
}

function hostMs({ departuresMs, arrivalsMs, longestMs, leadMs, shutdownMs }: HostWork, limits: Limits): number {
  const migrating = Math.max(
    longestMs,
    perSlot(departuresMs, limits.migrationsPerSource),
    perSlot(arrivalsMs, limits.migrationsPerTarget),
    perSlot(departuresMs + arrivalsMs, slotsPerHost(limits)),
  );
  return leadMs + migrating + shutdownMs;
}

/** Hosts by number, so a pair is a number too. */
function busiestPairMs(moves: readonly MoveJob[], limits: Limits): number {
  if (limits.migrationsPerPair === 0) return 0;
  const width = moves.reduce((most, { from, to }) => Math.max(most, from, to), 0) + 1;
  const pairs = new Map<number, number>();
  for (const { from, to, durationMs } of moves) {
    const pair = Math.min(from, to) * width + Math.max(from, to);
    pairs.set(pair, (pairs.get(pair) ?? 0) + durationMs);
  }
  let busiestMs = 0;
  for (const ms of pairs.values()) busiestMs = Math.max(busiestMs, ms);
  return perSlot(busiestMs, limits.migrationsPerPair);
}

/**
 * Any set of hosts can have only half as many migrations among themselves as it has slots, rounded down: the busiest two
 * hosts, three, and so on up to all.
 */
function clusterMs(
  moves: readonly MoveJob[],
  hosts: ReadonlyMap<number, HostWork>,
  limits: Limits,
  leadOf: (move: MoveJob) => number,
): number {
  if (moves.length === 0) return 0;
  const slots = slotsPerHost(limits);
  const amongMs = workAmongBusiest(moves, hosts);
  let longestMs = perSlot(sum(moves), limits.migrationsPerCluster);
  for (let size = 2; size <= amongMs.length; size++) {
    longestMs = Math.max(longestMs, perSlot(amongMs[size - 1]!, Math.floor((size * slots) / 2)));
  }
  return longestMs + moves.reduce((least, move) => Math.min(least, leadOf(move)), Number.POSITIVE_INFINITY);
}

/** At index i the work of the moves that pass only between the busiest i + 1 hosts. */
function workAmongBusiest(moves: readonly MoveJob[], hosts: ReadonlyMap<number, HostWork>): Float64Array {
  const totalMs = ({ departuresMs, arrivalsMs }: HostWork) => departuresMs + arrivalsMs;
  const busiestFirst = [...hosts].sort(([, a], [, b]) => totalMs(b) - totalMs(a));
  const rank = new Map(busiestFirst.map(([host], index) => [host, index]));
  const among = new Float64Array(hosts.size);
  for (const { from, to, durationMs } of moves) among[Math.max(rank.get(from)!, rank.get(to)!)]! += durationMs;
  for (let i = 1; i < among.length; i++) among[i]! += among[i - 1]!;
  return among;
}

const sum = (jobs: readonly Job[]): number => jobs.reduce((total, job) => total + job.durationMs, 0);

const perSlot = (ms: number, slots: number): number => (slots === 0 ? 0 : ms / slots);
