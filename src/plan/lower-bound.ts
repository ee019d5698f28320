import type { HostId } from '../domain/host.ts';
import type { Counter, Passage } from './admission.ts';
import type { Job, MoveJob, SwitchJob } from './jobs.ts';

/** What has to get past each counter, whatever the order. */
class CounterWork {
  readonly counters: Counter[] = [];
  /** Milliseconds of tokens. */
  readonly #ms: number[] = [];
  readonly #longestMs: number[] = [];
  /** Nothing passes before: every job waits for a host that boots. */
  readonly #leadMs: number[] = [];

  add({ counters, weight }: Passage, durationMs: number, leadMs: number): void {
    for (const counter of counters) {
      const { index, limit } = counter;
      this.counters[index] = counter;
      this.#ms[index] = (this.#ms[index] ?? 0) + durationMs * Math.min(weight, limit);
      this.#longestMs[index] = Math.max(this.#longestMs[index] ?? 0, durationMs);
      this.#leadMs[index] = Math.min(this.#leadMs[index] ?? Infinity, leadMs);
    }
  }

  leastMs({ index, limit }: Counter): number {
    return this.#leadMs[index]! + Math.max(this.#longestMs[index]!, this.#ms[index]! / limit);
  }
}

/**
 * No order of these jobs can be faster: whatever takes tokens of one counter has to get past it, any set of hosts can have
 * only half as many migrations among themselves as they have slots, and the longest job takes its time; booting comes
 * before what happens at a host, shutting down after it. What is under way already is in the way where it takes all tokens
 * of a counter. Room is left out.
 */
export function lowerBoundMs(jobs: readonly Job[], underWay: readonly Job[] = []): number {
  const moves = jobs.filter((job): job is MoveJob => job.kind === 'move');
  const switches = jobs.filter((job): job is SwitchJob => job.kind === 'switch');
  const leadOf = leads(switches, underWay);
  const shutdownMs = new Map(
    switches.flatMap(({ change, durationMs }) => (change.to === 'off' ? [[change.host, durationMs] as const] : [])),
  );
  const work = new CounterWork();
  let boundMs = amongHostsMs(moves, leadOf);
  for (const job of jobs) {
    const leadMs = job.kind === 'move' ? leadOf(job) : 0;
    work.add(job.passage, job.durationMs, leadMs);
    boundMs = Math.max(boundMs, leadMs + job.durationMs);
  }
  for (const counter of Object.values(work.counters)) {
    const afterwardsMs = counter.host === undefined ? 0 : (shutdownMs.get(counter.host) ?? 0);
    boundMs = Math.max(boundMs, work.leastMs(counter) + afterwardsMs);
  }
  return boundMs;
}

/** When a move can begin at the earliest: its hosts have to be up, and what holds all tokens that it needs has to end. */
function leads(switches: readonly SwitchJob[], underWay: readonly Job[]): (job: MoveJob) => number {
  const boots = new Map(
    switches.flatMap(({ host, change, durationMs }) => (change.to === 'on' ? [[host, durationMs] as const] : [])),
  );
  const blocked = blockedUntilMs(underWay);
  if (boots.size + blocked.size === 0) return () => 0;
  return ({ from, to, quick, passage }) => {
    // A quick migration needs its target only in the end.
    const bootMs = quick === undefined ? Math.max(boots.get(from) ?? 0, boots.get(to) ?? 0) : 0;
    return passage.counters.reduce((ms, { index }) => Math.max(ms, blocked.get(index) ?? 0), bootMs);
  };
}

/** By counter that is full: when the first of those that hold it ends. */
function blockedUntilMs(underWay: readonly Job[]): Map<number, number> {
  const held = new Map<number, { weight: number; limit: number; firstEndMs: number }>();
  for (const { passage, durationMs } of underWay) {
    for (const { index, limit } of passage.counters) {
      const before = held.get(index) ?? { weight: 0, limit, firstEndMs: Number.POSITIVE_INFINITY };
      const firstEndMs = Math.min(before.firstEndMs, durationMs);
      held.set(index, { limit, firstEndMs, weight: before.weight + Math.min(passage.weight, limit) });
    }
  }
  const full = [...held].filter(([, { weight, limit }]) => weight >= limit);
  return new Map(full.map(([index, { firstEndMs }]) => [index, firstEndMs]));
}

/** The busiest two hosts, three, and so on up to all: at index i the work of the moves that pass only between the first i + 1. */
function amongHostsMs(moves: readonly MoveJob[], leadOf: (job: MoveJob) => number): number {
  const links = linksOf(moves);
  if (links === undefined) return 0;
  const busiestFirst = [...links].sort(([, a], [, b]) => b.ms / b.slots - a.ms / a.slots);
  const rank = new Map(busiestFirst.map(([host], index) => [host, index]));
  const amongMs = new Float64Array(busiestFirst.length);
  let leadMs = Infinity;
  for (const move of moves) {
    if (move.quick !== undefined) continue;
    leadMs = Math.min(leadMs, leadOf(move));
    const [a, b] = [rank.get(move.from), rank.get(move.to)];
    if (a !== undefined && b !== undefined) amongMs[Math.max(a, b)]! += move.durationMs;
  }
  let longestMs = 0;
  let slots = 0;
  let workMs = 0;
  busiestFirst.forEach(([, link], index) => {
    slots += link.slots;
    workMs += amongMs[index]!;
    if (index > 0) longestMs = Math.max(longestMs, workMs / Math.floor(slots / 2));
  });
  return longestMs === 0 ? 0 : longestMs + leadMs;
}

interface Link {
  ms: number;
  slots: number;
}

/** What passes the link of each host; nothing where some host has no limit there. */
function linksOf(moves: readonly MoveJob[]): Map<number, Link> | undefined {
  const links = new Map<number, Link>();
  for (const move of moves) {
    if (move.quick !== undefined) continue;
    const from = linkAt(links, move.from, move.change.from, move);
    const to = linkAt(links, move.to, move.change.to, move);
    if (from === undefined || to === undefined) return undefined;
    from.ms += move.durationMs;
    to.ms += move.durationMs;
  }
  return links;
}

function linkAt(links: Map<number, Link>, host: number, id: HostId, { passage }: MoveJob): Link | undefined {
  const known = links.get(host);
  if (known !== undefined) return known;
  const counter = passage.counters.find(({ host: whose, what }) => whose === id && what === 'migration');
  if (counter === undefined) return undefined;
  const link = { ms: 0, slots: counter.limit };
  links.set(host, link);
  return link;
}
