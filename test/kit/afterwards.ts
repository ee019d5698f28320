import { isAccepted, type Verdicts } from '../../src/domain/decision.ts';
import { toInventory, toSnapshot } from '../../src/domain/inventory.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';

/** The snapshot as it will be when all accepted decisions have been carried out and nothing else has changed. */
export function afterwards(snapshot: Snapshot, verdicts: Verdicts): Snapshot {
  const inventory = toInventory(snapshot);
  const hosts = new Map(inventory.hosts.map((host) => [host.id, host]));
  const vms = new Map(inventory.vms.map((vm) => [vm.id, vm]));
  for (const change of verdicts.decisions.filter(isAccepted).flatMap((decision) => decision.changes)) {
    if (change.kind === 'move') vms.set(change.vm, { ...vms.get(change.vm)!, host: change.to });
    else hosts.set(change.host, { ...hosts.get(change.host)!, power: change.to });
  }
  return toSnapshot({ ...inventory, hosts: [...hosts.values()], vms: [...vms.values()] }, snapshot.version + 1);
}
