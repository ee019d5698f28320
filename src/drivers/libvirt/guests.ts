import type { HostId } from '../../domain/host.ts';
import type { VmId } from '../../domain/vm.ts';
import type { DomainFacts } from './domain-xml.ts';
import type { Sighting } from './host-link.ts';
import { Names } from './names.ts';
import { stalledWhereaboutsOf, type Whereabouts, whereaboutsOf } from './whereabouts.ts';

/** A VM, once, wherever and however often hosts list it. */
export interface Guest extends Whereabouts {
  readonly id: VmId;
  readonly uuid: string;
  readonly domain: Sighting['domain'];
  readonly facts: DomainFacts;
}

export interface Moved {
  readonly vm: VmId;
  readonly from: HostId;
  readonly to: HostId;
}

interface Listed {
  readonly host: HostId;
  readonly seen: Sighting;
}

/** Which VMs there are, and where each was when last seen: what events and listings say comes together here. */
export class Guests {
  readonly #names = new Names();
  readonly #placeOf = new Map<string, HostId>();
  #settled: readonly Guest[] = [];

  idOf(domain: Sighting['domain']): VmId {
    return this.#names.idOf(domain);
  }

  uuidOf(id: VmId): string | undefined {
    return this.#names.uuidOf(id);
  }

  placeOf(uuid: string): HostId | undefined {
    return this.#placeOf.get(uuid);
  }

  /** Somebody saw it arrive; nothing where that is no news. */
  arrived(domain: Sighting['domain'], host: HostId): Moved | undefined {
    const from = this.#placeOf.get(domain.uuid);
    this.#placeOf.set(domain.uuid, host);
    return from === undefined || from === host ? undefined : { vm: this.idOf(domain), from, to: host };
  }

  /** What ran there and was not on its way when all hosts were last listed. */
  settledOn(host: HostId): Sighting['domain'][] {
    return this.#settled.flatMap((guest) => (guest.host === host && guest.flight === undefined ? guest.domain : []));
  }

  /** Takes what all hosts list, and who is stalled; gives the VMs and the moves that nobody had told of. */
  settle(
    listings: ReadonlyMap<HostId, readonly Sighting[]>,
    stalled: ReadonlySet<string> = new Set(),
  ): { guests: Guest[]; moved: Moved[] } {
    const byUuid = new Map<string, Listed[]>();
    for (const [host, sightings] of listings) {
      for (const seen of sightings) {
        const listed = byUuid.get(seen.domain.uuid);
        if (listed === undefined) byUuid.set(seen.domain.uuid, [{ host, seen }]);
        else listed.push({ host, seen });
      }
    }
    const guests = [...byUuid.values()].map((listed) => this.#guestOf(listed, stalled));
    const moved = guests.flatMap(({ uuid, id, host }) => this.arrived({ uuid, name: id, number: 0 }, host) ?? []);
    const uuids = new Set(byUuid.keys());
    this.#names.forgetAllBut(uuids);
    for (const uuid of this.#placeOf.keys()) if (!uuids.has(uuid)) this.#placeOf.delete(uuid);
    this.#settled = guests;
    return { guests, moved };
  }

  #guestOf(listed: readonly Listed[], stalled: ReadonlySet<string>): Guest {
    const { domain } = listed[0]!.seen;
    const whereaboutsIn = stalled.has(domain.uuid) ? stalledWhereaboutsOf : whereaboutsOf;
    const whereabouts = whereaboutsIn(listed, this.#placeOf.get(domain.uuid));
    const { seen } = listed.find(({ host }) => host === whereabouts.host)!;
    return { id: this.idOf(domain), uuid: domain.uuid, domain: seen.domain, facts: seen.facts, ...whereabouts };
  }
}
