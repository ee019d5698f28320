import type { HostId } from './host.ts';
import type { Snapshot } from './snapshot.ts';
import type { VmId } from './vm.ts';

/** "the metrics of h1 cannot be trusted: …", or without the reason where nobody says any. */
export function doubtWords(id: HostId | VmId, doubt: string): string {
  return `the metrics of ${id} cannot be trusted${doubt === '' ? '' : `: ${doubt}`}`;
}

export function hostDoubtWords({ hosts, pools }: Snapshot, host: number): string {
  return doubtWords(hosts.ids[host]!, pools.doubts[hosts.doubt[host]!]!);
}

export function vmDoubtWords({ vms, pools }: Snapshot, vm: number): string {
  return doubtWords(vms.ids[vm]!, pools.doubts[vms.doubt[vm]!]!);
}
