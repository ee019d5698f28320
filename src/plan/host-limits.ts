import type { Move } from '../domain/change.ts';
import type { HostId } from '../domain/host.ts';
import type { Limits } from '../domain/profile.ts';
import type { Measured } from './measured.ts';

/** How many migrations one host may take part in at once. Zero: no limit. */
export interface HostSlots {
  readonly source: number;
  readonly target: number;
  /** Whichever end it is. Unless said otherwise the larger of the two, so that limits of one mean one migration per host. */
  readonly link: number;
}

export function slotsOf(limits: Limits, host: HostId, wantedStreams = 1): HostSlots {
  const own = limits.hosts[host];
  const source = own?.migrationsPerSource ?? limits.migrationsPerSource;
  const target = own?.migrationsPerTarget ?? limits.migrationsPerTarget;
  const link = own?.migrationsPerLink ?? limits.migrationsPerLink;
  const larger = source === 0 || target === 0 ? 0 : Math.max(source, target);
  const atLeast = (limit: number) => (limit === 0 ? 0 : Math.max(limit, wantedStreams));
  return { source: atLeast(source), target: atLeast(target), link: atLeast(link === 0 ? larger : link) };
}

/** How many streams it takes to fill a host's link, as far as that was measured and is allowed. */
export function streamsToFill(limits: Limits, host: HostId, linkBytesPerS: number, measured: Measured): number {
  const streamBytesPerS = measured.streamBytesPerS.get(host);
  if (streamBytesPerS === undefined || !(streamBytesPerS > 0)) return 1;
  return Math.max(1, Math.min(limits.mostStreamsPerLink, Math.floor(linkBytesPerS / streamBytesPerS)));
}

export function pairLimit(limits: Limits, a: HostId, b: HostId): number {
  return pairOf(limits, a, b)?.migrations ?? limits.migrationsPerPair;
}

/** Bandwidth that a migration from one to the other may take. What is said of the pair counts before what is said of a host. */
export function capBytesPerS(limits: Limits, { from, to }: Pick<Move, 'from' | 'to'>): number {
  const ofHost = (host: HostId) => limits.hosts[host]?.migrationBytesPerS ?? limits.migrationBytesPerS;
  const cap = pairOf(limits, from, to)?.migrationBytesPerS;
  if (cap !== undefined) return cap === 0 ? Infinity : cap;
  return Math.min(...[from, to].map(ofHost).map((bytesPerS) => (bytesPerS === 0 ? Infinity : bytesPerS)));
}

function pairOf({ pairs }: Limits, a: HostId, b: HostId): Limits['pairs'][number] | undefined {
  if (pairs.length === 0) return undefined;
  return pairs.find(({ hosts: [one, other] }) => (one === a && other === b) || (one === b && other === a));
}
