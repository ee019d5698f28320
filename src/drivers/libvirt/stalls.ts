import type { HostId } from '../../domain/host.ts';
import { SECOND } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HostLink, Sighting } from './host-link.ts';
import { isStoppedByMigration } from './whereabouts.ts';

/** Between two steps of a migration there is no job for a moment. */
const STALLED_MS = 30 * SECOND;

interface Suspect {
  readonly link: HostLink;
  readonly seen: Sighting;
}

/**
 * Guests that stand still in the middle of a migration that nobody leads any more: whoever led it died between two steps
 * of it. libvirt shows them as on their way for ever.
 */
export class Stalls {
  readonly #clock: Clock;
  readonly #sinceMs = new Map<string, number>();
  #isLooking = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Without any job on them for so long that they do not go on. */
  get uuids(): ReadonlySet<string> {
    const nowMs = this.#clock.nowMs();
    return new Set([...this.#sinceMs].flatMap(([uuid, sinceMs]) => (nowMs - sinceMs >= STALLED_MS ? uuid : [])));
  }

  /** Asks for the jobs of those that stand still and are not ours to lead; what it finds counts from the next time on. */
  async look(
    links: ReadonlyMap<HostId, HostLink>,
    listings: ReadonlyMap<HostId, readonly Sighting[]>,
    isOurs: (uuid: string) => boolean,
  ): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const suspects = suspectsAmong(links, listings, isOurs);
    for (const uuid of this.#sinceMs.keys()) if (!suspects.has(uuid)) this.#sinceMs.delete(uuid);
    await Promise.all([...suspects].map(([uuid, seen]) => this.#suspect(uuid, seen)));
    this.#isLooking = false;
  }

  async #suspect(uuid: string, seen: readonly Suspect[]): Promise<void> {
    const jobs = await Promise.all(seen.map(hasJob));
    if (jobs.some((has) => has !== false)) this.#sinceMs.delete(uuid);
    else if (!this.#sinceMs.has(uuid)) this.#sinceMs.set(uuid, this.#clock.nowMs());
  }
}

function suspectsAmong(
  links: ReadonlyMap<HostId, HostLink>,
  listings: ReadonlyMap<HostId, readonly Sighting[]>,
  isOurs: (uuid: string) => boolean,
): Map<string, Suspect[]> {
  const all = [...listings].flatMap(([host, sightings]) => {
    const link = links.get(host);
    return link === undefined ? [] : sightings.map((seen) => ({ link, seen }));
  });
  const stopped = new Set(all.flatMap(({ seen }) => (isStoppedByMigration(seen) ? seen.domain.uuid : [])));
  return Map.groupBy(
    all.filter(({ seen: { domain } }) => stopped.has(domain.uuid) && !isOurs(domain.uuid)),
    ({ seen: { domain } }) => domain.uuid,
  );
}

/** Nothing where nobody can tell. */
async function hasJob({ link, seen }: Suspect): Promise<boolean | undefined> {
  return link.hypervisor?.jobStats(seen.domain).then(
    ({ isRunning }) => isRunning,
    () => undefined,
  );
}
