import type { Fleet } from './fleet.ts';
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
export interface VmMeasures {
  readonly cpuMhz: Float64Array;
  readonly memoryActiveBytes: Float64Array;
  readonly netRxBytesPerS: Float64Array;
  readonly netTxBytesPerS: Float64Array;
  readonly dirtyBytesPerS: Float64Array;
  readonly liveSessions: Float64Array;
}

export function measureVms(fleet: Fleet, migrations: Migrations): VmMeasures {
  const { hostOf, pace, wanted, vms } = fleet;
  const column = () => new Float64Array(vms.length).fill(Number.NaN);
  const measured = {
    cpuMhz: column(),
    memoryActiveBytes: column(),
    netRxBytesPerS: column(),
    netTxBytesPerS: column(),
    dirtyBytesPerS: column(),
    liveSessions: column(),
  };
  for (let vm = 0; vm < vms.length; vm++) {
    if (!fleet.isOn(hostOf[vm]!)) continue;
    measured.cpuMhz[vm] = pace[vm] === 0 ? 0 : fleet.wantedMhz(vm);
    measured.memoryActiveBytes[vm] = fleet.memoryActiveBytes(vm);
    measured.netRxBytesPerS[vm] = wanted.netRxBytesPerS[vm]! * pace[vm]!;
    measured.netTxBytesPerS[vm] = wanted.netTxBytesPerS[vm]! * pace[vm]!;
    measured.dirtyBytesPerS[vm] = migrations.dirtyBytesPerS(vm);
    measured.liveSessions[vm] = wanted.liveSessions[vm]!;
  }
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
    const host = hostOf[vm]!;
    measured.memoryActiveBytes[host]! += vms.memoryActiveBytes[vm]!;
    measured.netRxBytesPerS[host]! += vms.netRxBytesPerS[vm]!;
    measured.netTxBytesPerS[host]! += vms.netTxBytesPerS[vm]!;
  }
  return measured;
}
