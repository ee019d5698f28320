import type { HostId } from '../../domain/host.ts';
import type { HostLink, Sighting } from './host-link.ts';

/**
 * Hosts that answer and must not be relied on all the same, with why and what to do about it. Nothing is measured of
 * them, so nobody decides by them, and none is switched off.
 */
export function doubtsOf(links: Iterable<HostLink>): ReadonlyMap<HostId, string> {
  const doubts = new Map<HostId, string>();
  const firstOf = new Map<string, HostId>();
  for (const link of links) {
    if (link.hypervisor === undefined) continue;
    const { id } = link.host;
    const uuid = link.facts?.capabilities.uuid ?? '';
    const twin = firstOf.get(uuid);
    if (uuid !== '' && twin === undefined) firstOf.set(uuid, id);
    const words = twin === undefined ? ownDoubt(link) : twinWords(uuid, twin, id);
    if (words !== undefined) doubts.set(id, words);
  }
  return doubts;
}

const twinWords = (uuid: string, twin: HostId, id: HostId): string =>
  `says that it is the host ${uuid}, as ${twin} does: correct the uri of one of them, or set host_uuid in libvirtd.conf of ${id} to a uuid of its own`;

function ownDoubt({ amiss, uuidBefore, facts }: HostLink): string | undefined {
  if (uuidBefore !== undefined) {
    return `is another machine than before (${facts?.capabilities.uuid}, and was ${uuidBefore}): correct its uri, or restart Drover if the machine was replaced`;
  }
  if (amiss !== undefined) return `does not tell what runs there (${amiss}): see the log of its libvirt`;
  return undefined;
}

/** What two hosts with one identity list under one number is one guest, asked for in two ways: the first of them has it. */
export function withoutTwins(
  listings: ReadonlyMap<HostId, readonly Sighting[]>,
  links: ReadonlyMap<HostId, HostLink>,
): ReadonlyMap<HostId, readonly Sighting[]> {
  const seen = new Set<string>();
  return new Map(
    [...listings].map(([host, sightings]) => {
      const machine = links.get(host)?.facts?.capabilities.uuid ?? '';
      const own = sightings.filter(({ domain: { uuid, number } }) => !seen.has(`${machine} ${uuid} ${number}`));
      if (machine !== '') for (const { domain } of own) seen.add(`${machine} ${domain.uuid} ${domain.number}`);
      return [host, own];
    }),
  );
}
