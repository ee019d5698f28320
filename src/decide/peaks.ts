/** What VMs are expected to want at most while they are together: as much of their recent peaks as comes at one time. */
export function peakOf(used: number, peaks: number, together: number): number {
  return together === 1 ? peaks : used + together * Math.max(0, peaks - used);
}
