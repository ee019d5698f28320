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
  const column = (read: (vm: number) => number) =>
    Float64Array.from({ length: fleet.vms.length }, (_, vm) => (fleet.isOn(fleet.hostOf[vm]!) ? read(vm) : Number.NaN));
  return {
    cpuMhz: column((vm) => (fleet.pace[vm] === 0 ? 0 : fleet.wantedMhz(vm))),
    memoryActiveBytes: column((vm) => fleet.memoryActiveBytes(vm)),
    netRxBytesPerS: column((vm) => fleet.wanted.netRxBytesPerS[vm]! * fleet.pace[vm]!),
    netTxBytesPerS: column((vm) => fleet.wanted.netTxBytesPerS[vm]! * fleet.pace[vm]!),
    dirtyBytesPerS: column((vm) => migrations.dirtyBytesPerS(vm)),
    liveSessions: column((vm) => fleet.wanted.liveSessions[vm]!),
  };
}

export function measureHosts(fleet: Fleet, vms: VmMeasures): HostMeasures {
  const column = (read: (host: number) => number) =>
    Float64Array.from({ length: fleet.hosts.length }, (_, host) => (fleet.isOn(host) ? read(host) : Number.NaN));
  const summed = (own: (host: number) => number, ofVms: Float64Array) => {
    const sums = column(own);
    for (let vm = 0; vm < ofVms.length; vm++) sums[fleet.hostOf[vm]!]! += ofVms[vm]!;
    return sums;
  };
  return {
    cpuMhz: column((host) => fleet.usedMhz[host]!),
    memoryActiveBytes: summed((host) => fleet.hosts[host]!.reserved.memoryBytes, vms.memoryActiveBytes),
    netRxBytesPerS: summed(() => 0, vms.netRxBytesPerS),
    netTxBytesPerS: summed(() => 0, vms.netTxBytesPerS),
    powerWatts: Float64Array.from({ length: fleet.hosts.length }, (_, host) => fleet.watts.rate(host)),
  };
}
