import type { Snapshot } from '../domain/snapshot.ts';

/** No VM is on the host, on its way to it or from it. */
export function isEmpty({ hosts, vms, flights }: Snapshot, host: number): boolean {
  const id = hosts.ids[host]!;
  for (let vm = 0; vm < vms.host.length; vm++) if (vms.host[vm] === host) return false;
  return !flights.some(({ from, to }) => from === id || to === id);
}
