import type { Profile } from '../domain/profile.ts';
import { CPU } from '../domain/resources.ts';
import type { Snapshot } from '../domain/snapshot.ts';

/** The snapshot with as much of each VM's recent CPU peak as is expected to come together with those of others. */
export function withPeaksThatCount(snapshot: Snapshot, { peaksTogether }: Pick<Profile, 'peaksTogether'>): Snapshot {
  if (peaksTogether === 1) return snapshot;
  const { demand, cpuPeakMhz } = snapshot.vms;
  const wanted = demand[CPU]!;
  const counted = Float64Array.from({ length: cpuPeakMhz.length }, (_, vm) => {
    return wanted[vm]! + peaksTogether * Math.max(0, cpuPeakMhz[vm]! - wanted[vm]!);
  });
  return { ...snapshot, vms: { ...snapshot.vms, cpuPeakMhz: counted } };
}
