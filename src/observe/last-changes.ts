import type { Column } from '../domain/columns.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { DriverEvent } from '../ports/driver.ts';

/** When VMs last moved, and when hosts were last switched or moved to, as events tell. Bounded by what exists. */
export class LastChanges {
  readonly #moveAtMs = new Map<string, number>();
  readonly #arrivalAtMs = new Map<string, number>();
  readonly #powerAtMs = new Map<string, number>();

  note(event: DriverEvent): void {
    if (event.kind === 'host-power') this.#powerAtMs.set(event.host, event.atMs);
    if (event.kind !== 'vm-moved') return;
    this.#moveAtMs.set(event.vm, event.atMs);
    this.#arrivalAtMs.set(event.to, event.atMs);
  }

  forgetAllBut({ hosts, vms }: Pick<Snapshot, 'hosts' | 'vms'>): void {
    keepOnly(this.#moveAtMs, vms.index);
    keepOnly(this.#arrivalAtMs, hosts.index);
    keepOnly(this.#powerAtMs, hosts.index);
  }

  hosts({ index, lastArrivalAtMs, lastPowerChangeAtMs }: Snapshot['hosts']) {
    return {
      lastArrivalAtMs: later(lastArrivalAtMs, index, this.#arrivalAtMs),
      lastPowerChangeAtMs: later(lastPowerChangeAtMs, index, this.#powerAtMs),
    };
  }

  vms({ index, lastMoveAtMs }: Snapshot['vms']) {
    return { lastMoveAtMs: later(lastMoveAtMs, index, this.#moveAtMs) };
  }
}

function keepOnly(instants: Map<string, number>, index: ReadonlyMap<string, number>): void {
  for (const id of instants.keys()) if (!index.has(id)) instants.delete(id);
}

/** The driver may know of a later instant than we saw, and the other way round. */
function later(column: Column, index: ReadonlyMap<string, number>, instants: ReadonlyMap<string, number>): Column {
  if (instants.size === 0) return column;
  const latest = Float64Array.from({ length: column.length }, (_, i) => column[i]!);
  for (const [id, atMs] of instants) {
    const i = index.get(id);
    if (i !== undefined) latest[i] = Math.max(latest[i]!, atMs);
  }
  return latest;
}
