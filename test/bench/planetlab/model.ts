/**
 * The published consolidation experiment in numbers: 800 hosts of two kinds, one VM per trace in four sizes, and the
 * power curves. Orders of arithmetic are those of the toolkit that it was published with: exact ties are decided by the
 * last bit, and another order gives other migrations.
 */
export const HOST_COUNT = 800;
export const INTERVAL_SECONDS = 300;
export const SAMPLES_PER_DAY = 288;
/** Tasks start here, and every tick is so much after its sample. */
export const START_SECONDS = 0.1;
export const DAY_SECONDS = 86_400;

export interface HostKind {
  readonly name: string;
  readonly coreMips: number;
  readonly mips: number;
  /** At every tenth of its load. */
  readonly watts: readonly number[];
}

const CORES = 2;
export const HOST_CORES = CORES;

const G4: HostKind = {
  name: 'HP ProLiant ML110 G4',
  coreMips: 1860,
  mips: CORES * 1860,
  watts: [86, 89.4, 92.6, 96, 99.5, 102, 106, 108, 112, 114, 117],
};
const G5: HostKind = {
  name: 'HP ProLiant ML110 G5',
  coreMips: 2660,
  mips: CORES * 2660,
  watts: [93.7, 97, 101, 105, 110, 116, 121, 125, 129, 133, 135],
};

export function hostKind(host: number): HostKind {
  return host % 2 === 0 ? G4 : G5;
}

export interface VmKind {
  readonly mips: number;
  readonly memoryMb: number;
}

const VM_KINDS: readonly VmKind[] = [
  { mips: 2500, memoryMb: 870 },
  { mips: 2000, memoryMb: 1740 },
  { mips: 1000, memoryMb: 1740 },
  { mips: 500, memoryMb: 613 },
];

export function vmKind(vm: number, vmCount: number): VmKind {
  return VM_KINDS[Math.floor(vm / Math.ceil(vmCount / VM_KINDS.length))]!;
}

export const MB_PER_S = 62.5;

/** Share of its own that a VM wants at an instant: straight between samples, the last of which is taken twice. */
export function wantedShare(percents: ArrayLike<number>, atSeconds: number): number {
  const sample = (k: number) => percents[Math.min(k, SAMPLES_PER_DAY - 1)]! / 100;
  const before = Math.floor(atSeconds / INTERVAL_SECONDS);
  if (atSeconds % INTERVAL_SECONDS === 0) return sample(before);
  const after = Math.ceil(atSeconds / INTERVAL_SECONDS);
  const slope = (sample(after) - sample(before)) / ((after - before) * INTERVAL_SECONDS);
  return sample(before) + slope * (atSeconds - before * INTERVAL_SECONDS);
}

export function wattsAt(kind: HostKind, share: number): number {
  if (share % 0.1 === 0) return kind.watts[Math.trunc(share * 10)]!;
  const below = Math.floor(share * 10);
  const low = kind.watts[below]!;
  const delta = (kind.watts[Math.ceil(share * 10)]! - low) / 10;
  return low + delta * (share - below / 10) * 100;
}
