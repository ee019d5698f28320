import type { Fleet } from './fleet.ts';
import { type Demands, newDemands } from './load-source.ts';
import type { Migrations } from './migrations.ts';

/** What an agent on each host would measure now, by index. NaN: there is nothing to measure. */
export interface HostMeasures {
  readonly cpuMhz: Float64Array;
  readonly memoryActiveBytes: Float64Array;
  readonly netRxBytesPerS: Float64Array;
  readonly netTxBytesPerS: Float64Array;
  /** A host that is off has these all the same: its board answers. */
  readonly powerWatts: Float64Array;
}

/** What a VM is seen to use. `cpuMhz` counts the time that it waited for a processor, as hypervisors report it. */
export type VmMeasures = Demands;

/** Nothing is measured yet. */
export const newVmMeasures = (rows: number): VmMeasures => newDemands(rows, Number.NaN);

/** A host that is off measures nothing, and of a VM that is not there nothing is measured. */
export function measureVm(fleet: Fleet, migrations: Migrations, vm: number, into: VmMeasures, row: number): void {
  if (fleet.isAbsent[vm] === 1 || !fleet.isOn(fleet.hostOf[vm]!)) return;
  const { wanted } = fleet;
  const pace = fleet.pace[vm]!;
  into.cpuMhz[row] = pace === 0 ? 0 : fleet.wantedMhz(vm);
  into.memoryActiveBytes[row] = fleet.memoryActiveBytes(vm);
  into.netRxBytesPerS[row] = wanted.netRxBytesPerS[vm]! * pace;
  into.netTxBytesPerS[row] = wanted.netTxBytesPerS[vm]! * pace;
  into.dirtyBytesPerS[row] = migrations.dirtyBytesPerS(vm);
  into.liveSessions[row] = wanted.liveSessions[vm]!;
}

export function measureVms(fleet: Fleet, migrations: Migrations): VmMeasures {
  const measured = newVmMeasures(fleet.vms.length);
  for (let vm = 0; vm < fleet.vms.length; vm++) measureVm(fleet, migrations, vm, measured, vm);
  return measured;
}

export function measureHosts(fleet: Fleet, vms: VmMeasures): HostMeasures {
  const { hosts, hostOf, usedMhz, watts } = fleet;
  const column = () => new Float64Array(hosts.length).fill(Number.NaN);
  const measured = {
    cpuMhz: column(),
    memoryActiveBytes: column(),
    netRxBytesPerS: column(),
    netTxBytesPerS: column(),
    powerWatts: column(),
  };
  for (let host = 0; host < hosts.length; host++) {
    measured.powerWatts[host] = watts.rate(host);
    if (!fleet.isOn(host)) continue;
    measured.cpuMhz[host] = usedMhz[host]!;
    measured.memoryActiveBytes[host] = hosts[host]!.reserved.memoryBytes;
    measured.netRxBytesPerS[host] = 0;
    measured.netTxBytesPerS[host] = 0;
  }
  for (let vm = 0; vm < hostOf.length; vm++) {
    if (fleet.isAbsent[vm] === 1) continue;
    const host = hostOf[vm]!;
    measured.memoryActiveBytes[host]! += vms.memoryActiveBytes[vm]!;
    measured.netRxBytesPerS[host]! += vms.netRxBytesPerS[vm]!;
    measured.netTxBytesPerS[host]! += vms.netTxBytesPerS[vm]!;
  }
  return measured;
}
