import type { DecideInput } from '../decide/input.ts';
import { Judge } from '../decide/judge.ts';
import { keepsOn } from '../decide/ordered.ts';
import { withPeaksThatCount } from '../decide/peaks.ts';
import { Reserve } from '../decide/reserve.ts';
import { Draft } from '../domain/draft.ts';
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
  const { snapshot, profile } = input;
  if (reported.atMs - snapshot.atMs > OLDEST_MS)
    return `what is known of the load is older than ${spanWords(OLDEST_MS)}`;
  const index = snapshot.hosts.index.get(host);
  if (index === undefined) return `${host} is gone`;
  const draft = new Draft(withPeaksThatCount(asReported(snapshot, reported, going), profile));
  const judge = new Judge(draft, profile);
  return keepsOn({ draft, judge, reserve: new Reserve(draft, profile) }, index)?.because;
}

function asReported(snapshot: Snapshot, reported: Inventory, going: readonly HostId[]): Snapshot {
  const { hosts, vms } = snapshot;
  const off = new Set(going);
  const power = new Uint8Array(hosts.ids.length).fill(OFF);
  for (const each of reported.hosts) {
    const host = hosts.index.get(each.id);
    if (host !== undefined && !off.has(each.id)) power[host] = POWER_STATES.indexOf(each.power);
  }
  for (let host = 0; host < power.length; host++) if (hosts.power[host] === SUSPECT) power[host] = SUSPECT;
  const place = new Int32Array(vms.ids.length);
  for (let vm = 0; vm < place.length; vm++) place[vm] = vms.host[vm]!;
  // Nearly all are where they were, in the same order: of them nothing has to be looked up.
  reported.vms.forEach((each, at) => {
    const vm = vms.ids[at] === each.id ? at : vms.index.get(each.id);
    if (vm === undefined || hosts.ids[place[vm]!] === each.host) return;
    place[vm] = hosts.index.get(each.host) ?? place[vm]!;
  });
  return {
    ...snapshot,
    hosts: { ...hosts, power },
    vms: { ...vms, host: place },
    flights: reported.flights,
  };
}
