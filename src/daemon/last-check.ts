import type { DecideInput } from '../decide/input.ts';
import { keepsOn } from '../decide/ordered.ts';
import { Situation } from '../decide/situation.ts';
import type { HostId } from '../domain/host.ts';
import type { Inventory } from '../domain/inventory.ts';
import { OFF, POWER_STATES, SUSPECT } from '../domain/power.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { MINUTE } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';

const OLDEST_MS = 5 * MINUTE;

/**
 * Why a host must not be switched off at this very moment, whatever was decided when: the reserves as they are without
 * it and without those that are being switched off already, with hosts and VMs where the driver reports them now.
 */
export function lastRefusal(
  input: DecideInput,
  host: HostId,
  reported: Inventory,
  going: readonly HostId[],
): string | undefined {
  const { snapshot } = input;
  if (reported.atMs - snapshot.atMs > OLDEST_MS)
    return `what is known of the load is older than ${spanWords(OLDEST_MS)}`;
  const situation = new Situation({ ...input, snapshot: asReported(snapshot, reported, going), policies: [] });
  const index = situation.draft.snapshot.hosts.index.get(host);
  return index === undefined ? `${host} is gone` : keepsOn(situation, index)?.because;
}

function asReported(snapshot: Snapshot, reported: Inventory, going: readonly HostId[]): Snapshot {
  const { hosts, vms } = snapshot;
  const powers = new Map(reported.hosts.map(({ id, power }) => [id, POWER_STATES.indexOf(power)]));
  const places = new Map(reported.vms.map(({ id, host }) => [id, hosts.index.get(host)]));
  const powerOf = (id: HostId, host: number) => {
    if (hosts.power[host] === SUSPECT) return SUSPECT;
    return going.includes(id) ? OFF : (powers.get(id) ?? OFF);
  };
  return {
    ...snapshot,
    hosts: { ...hosts, power: Uint8Array.from(hosts.ids, powerOf) },
    vms: { ...vms, host: Int32Array.from(vms.ids, (id, vm) => places.get(id) ?? vms.host[vm]!) },
    flights: reported.flights,
  };
}
