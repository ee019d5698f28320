import type { HostId } from '../../domain/host.ts';
import type { Sighting } from './host-link.ts';

/** libvirt's states of a domain, and its reasons for a pause. */
const RUNNING = 1;
const BLOCKED = 2;
const PAUSED = 3;
const PAUSED_BY = { user: 1, migration: 2, ioError: 5, crash: 10, startingUp: 11, postCopy: 12, postCopyFailed: 13 };
const RUNNING_AFTER_MIGRATION = 2;
const RUNNING_BY_POST_COPY = 10;

/** One VM on one host. */
export interface Place {
  readonly host: HostId;
  readonly seen: Pick<Sighting, 'state' | 'reason'>;
}

export interface Whereabouts {
  readonly host: HostId;
  /** A migration under way between these. */
  readonly flight?: { readonly from: HostId; readonly to: HostId };
  /** What is wrong with it and what a person can do; nothing where it is well. */
  readonly trouble?: string;
}

export const isRunning = ({ state }: Place['seen']) => state === RUNNING || state === BLOCKED;

/** While it migrates the target holds it paused, and the source too at the moment of switching. */
const isInTransit = ({ state, reason }: Place['seen']) =>
  state === PAUSED &&
  (reason === PAUSED_BY.migration || reason === PAUSED_BY.startingUp || reason === PAUSED_BY.postCopy);

/** On its source at the moment of switching, and on its target until then. */
export const isStoppedByMigration = ({ state, reason }: Place['seen']) =>
  state === PAUSED && reason === PAUSED_BY.migration;

/** Where a VM really is, from what the hosts list; `before` is where it was when last looked. */
export function whereaboutsOf(places: readonly Place[], before: HostId | undefined): Whereabouts {
  const [first, second] = places;
  if (first === undefined) throw new Error('a VM that no host lists is nowhere');
  if (second === undefined) return alone(first);
  const running = places.filter(({ seen }) => isRunning(seen));
  if (running.length > 1) return split(running, before);
  const from = places.find(({ host }) => host === before) ?? sourceOf(places, running[0]);
  const to = places.find((place) => place !== from && (isInTransit(place.seen) || isRunning(place.seen)));
  return to === undefined ? alone(running[0] ?? from) : { host: from.host, flight: { from: from.host, to: to.host } };
}

/** The same of one that stands still in the middle of a migration that nobody leads any more. */
export function stalledWhereaboutsOf(places: readonly Place[], before: HostId | undefined): Whereabouts {
  const running = places.find(({ seen }) => isRunning(seen));
  const still = places.filter((place) => place !== running).map(({ host }) => host);
  if (running !== undefined) {
    const trouble = `runs on ${running.host}, and a copy of it stands still on ${still.join(' and ')} since a migration was broken off: virsh destroy it there`;
    return { host: running.host, trouble };
  }
  const trouble = `stands still on ${still.join(' and ')} since a migration was broken off: where virsh list shows it running on no other host, virsh resume lets it go on, on one host only`;
  return { host: still.find((host) => host === before) ?? still[0]!, trouble };
}

/** Without memory: what runs is the source, unless it runs because it has just arrived. */
function sourceOf(places: readonly Place[], running: Place | undefined): Place {
  const hasArrived = running?.seen.reason === RUNNING_AFTER_MIGRATION || running?.seen.reason === RUNNING_BY_POST_COPY;
  const other = places.find((place) => place !== running);
  return (hasArrived ? other : (running ?? other)) ?? places[0]!;
}

function split(running: readonly Place[], before: HostId | undefined): Whereabouts {
  const hosts = running.map(({ host }) => host);
  const host = hosts.find((id) => id === before) ?? hosts[0]!;
  const trouble = `runs on ${hosts.join(' and ')} at once: destroy the copy that is out of date (virsh destroy) by hand`;
  return { host, trouble };
}

function alone({ host, seen }: Place): Whereabouts {
  const trouble = seen.state === PAUSED ? pausedWords(host, seen.reason) : undefined;
  return trouble === undefined ? { host } : { host, trouble };
}

function pausedWords(host: HostId, reason: number): string | undefined {
  if (reason === PAUSED_BY.user) return `is paused on ${host} by somebody: virsh resume lets it go on`;
  if (reason === PAUSED_BY.ioError)
    return `is paused on ${host} by an error of its disk: mend the storage, then virsh resume`;
  if (reason === PAUSED_BY.crash) return `has crashed on ${host}: virsh reset or destroy it`;
  if (reason === PAUSED_BY.postCopyFailed || reason === PAUSED_BY.postCopy) {
    return `is paused on ${host} in the middle of a post-copy migration: virsh migrate --postcopy-resume it, or start it anew`;
  }
  return undefined;
}
