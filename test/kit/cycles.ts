import { type DecideInput, decide } from '../../src/decide/decide.ts';
import type { Change } from '../../src/domain/change.ts';
import { isAccepted } from '../../src/domain/decision.ts';
import { toInventory, toSnapshot } from '../../src/domain/inventory.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { afterwards } from './afterwards.ts';

/**
 * What each of some cycles on steady load changes, so many minutes apart, each carried out before the next; the last one
 * is the first that changes nothing, unless there are no more. Hosts and VMs rest after changes as they would in the daemon.
 */
export function cyclesOnSteadyLoad(input: DecideInput, most: number, minutesApart: number): (readonly Change[])[] {
  const cycles: (readonly Change[])[] = [];
  let { snapshot } = input;
  while (cycles.length < most) {
    const verdicts = decide({ ...input, snapshot });
    const changes = verdicts.decisions.filter(isAccepted).flatMap((decision) => decision.changes);
    cycles.push(changes);
    if (changes.length === 0) break;
    snapshot = later(afterwards(snapshot, verdicts), changes, minutesApart);
  }
  return cycles;
}

function later(snapshot: Snapshot, changes: readonly Change[], minutes: number): Snapshot {
  const inventory = toInventory(snapshot);
  const moved = new Set(changes.flatMap((change) => (change.kind === 'move' ? [change.vm] : [])));
  const switched = new Set(changes.flatMap((change) => (change.kind === 'power' ? [change.host] : [])));
  const changedAtMs = snapshot.atMs;
  const atMs = changedAtMs + minutes * 60_000;
  const hosts = inventory.hosts.map((host) =>
    switched.has(host.id) ? { ...host, lastPowerChangeAtMs: changedAtMs } : host,
  );
  const vms = inventory.vms.map((vm) => (moved.has(vm.id) ? { ...vm, lastMoveAtMs: changedAtMs } : vm));
  return toSnapshot({ ...inventory, atMs, hosts, vms }, snapshot.version + 1);
}
