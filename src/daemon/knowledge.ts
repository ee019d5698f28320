import type { Column } from '../domain/columns.ts';
import type { HostId } from '../domain/host.ts';
import { OFF, ON, SHUTTING_DOWN, SUSPECT } from '../domain/power.ts';
import type { HostColumns, Snapshot } from '../domain/snapshot.ts';
import type { VmId } from '../domain/vm.ts';

/** What Drover knows of hosts and VMs and their driver cannot. */
export interface Knowledge {
  readonly isSuspect: (host: HostId) => boolean;
  /** To be emptied and kept empty, whatever the driver says. */
  readonly isReserved: (host: HostId) => boolean;
  readonly isProven: (host: HostId) => boolean;
  readonly mayBeWoken: (host: HostId) => boolean;
  /** It shuts its own VMs down: nothing goes there, and nothing is taken from it. Absent: none does. */
  readonly isLeaving?: (host: HostId) => boolean;
  /** Hosts and VMs that are left in peace because of what a person did, since then. */
  readonly restsSinceMs: ReadonlyMap<HostId | VmId, number>;
}

/** The snapshot as everybody who decides should see it. */
export function withKnowledge(snapshot: Snapshot, known: Knowledge): Snapshot {
  const { hosts, vms } = snapshot;
  const lastMoveAtMs = rested(vms.lastMoveAtMs, vms.ids, known);
  const stays = (vm: number) =>
    Number(vms.migratable[vm] === 1 && known.isLeaving?.(hosts.ids[vms.host[vm]!]!) !== true);
  const migratable = known.isLeaving === undefined ? vms.migratable : corrected(vms.migratable, stays, Uint8Array);
  return { ...snapshot, hosts: hostsAsKnown(hosts, known), vms: { ...vms, lastMoveAtMs, migratable } };
}

function hostsAsKnown(hosts: HostColumns, known: Knowledge): HostColumns {
  const { ids, power, maintenance, provenToWake, mayBeWoken, lastPowerChangeAtMs } = hosts;
  const suspect = (host: number) => {
    if (known.isSuspect(ids[host]!)) return SUSPECT;
    return power[host] === ON && known.isLeaving?.(ids[host]!) === true ? SHUTTING_DOWN : power[host]!;
  };
  const reserved = (host: number) => Number(maintenance[host] === 1 || known.isReserved(ids[host]!));
  const proven = (host: number) => Number(provenToWake[host] === 1 && known.isProven(ids[host]!));
  const wakeable = (host: number) =>
    Number(mayBeWoken[host] === 1 && (power[host] !== OFF || known.mayBeWoken(ids[host]!)));
  return {
    ...hosts,
    power: corrected(power, suspect, Uint8Array),
    maintenance: corrected(maintenance, reserved, Uint8Array),
    provenToWake: corrected(provenToWake, proven, Uint8Array),
    mayBeWoken: corrected(mayBeWoken, wakeable, Uint8Array),
    lastPowerChangeAtMs: rested(lastPowerChangeAtMs, ids, known),
  };
}

function rested(changedAtMs: Column, ids: readonly string[], { restsSinceMs }: Knowledge): Column {
  if (restsSinceMs.size === 0) return changedAtMs;
  const since = (row: number) => Math.max(changedAtMs[row]!, restsSinceMs.get(ids[row]!) ?? 0);
  return corrected(changedAtMs, since, Float64Array);
}

interface ColumnKind {
  from(column: ArrayLike<number>, read: (value: number, row: number) => number): Column;
}

/** The same column where nothing is otherwise, so that successive snapshots go on sharing it. */
function corrected(column: Column, read: (row: number) => number, kind: ColumnKind): Column {
  for (let row = 0; row < column.length; row++) {
    if (read(row) !== column[row]) return kind.from(column, (_, each) => read(each));
  }
  return column;
}
