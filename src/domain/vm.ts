import type { Labels } from './columns.ts';
import type { HostId } from './host.ts';
import type { Amounts } from './resources.ts';

export type VmId = string;

/** What a VM needs of a host's processor; empty text or list: no demand. */
export interface CpuNeeds {
  readonly vendor: string;
  readonly features: readonly string[];
}

/** One VM as an object: the form of case files, drivers and builders. Inside the core a VM is an index. */
export interface Vm {
  readonly id: VmId;
  readonly host: HostId;
  readonly vcpus: number;
  /** What it uses, or for guaranteed resources what it is configured with: the mean of the fast window. */
  readonly demand: Amounts;
  /** Standard deviation of the CPU demand. */
  readonly cpuDeviationMhz: number;
  /** Highest CPU demand of the slow window: what it may soon want again. */
  readonly cpuPeakMhz: number;
  /** Lowest CPU demand of the slow window. */
  readonly cpuLowMhz: number;
  /**
   * CPU demand expected soon: in half an hour of an ordinary day, or as configured. It is the expected value with nothing
   * on top, so that sums over VMs are expected values too. Where there is too little history, the demand as it is.
   */
  readonly cpuSoonMhz: number;
  /** The same later: in two hours of an ordinary day. */
  readonly cpuLaterMhz: number;
  readonly memoryActiveBytes: number;
  readonly dirtyBytesPerS: number;
  /** Disks that lie on its host and nowhere else: a migration copies them along. */
  readonly localDiskBytes: number;
  readonly storages: readonly string[];
  readonly vlans: readonly string[];
  /** Empty: any subnet will do. */
  readonly subnet: string;
  readonly cpuNeeds: CpuNeeds;
  readonly labels: Labels;
  readonly tier: string;
  readonly liveSessions: number;
  /** False: it can run only where it is now (a passed-through device, say). */
  readonly migratable: boolean;
  /** Why, in words; empty where it can, or nobody says. */
  readonly tie: string;
  /** Whether it may be stopped for as long as it takes to save it, and to resume it elsewhere. */
  readonly quickAllowed: boolean;
  /** Whether it may run on the target before all of it is there: then a failure of either host loses it. */
  readonly postCopyAllowed: boolean;
  /** The only hosts that it may run on; empty: any. */
  readonly pinnedTo: readonly HostId[];
  /** False while its metrics cannot be trusted: it is neither moved nor is its host switched off. */
  readonly known: boolean;
  /** Why not, in words; empty where they can, or nobody says. */
  readonly doubt: string;
  /** Epoch milliseconds; 0 means never seen to move. */
  readonly lastMoveAtMs: number;
}

/** What a VM's demand stands in for where nobody has looked back or ahead. */
type FromDemand = 'cpuPeakMhz' | 'cpuLowMhz' | 'cpuSoonMhz' | 'cpuLaterMhz' | 'memoryActiveBytes';

export function fromDemand({ cpuMhz, memoryBytes }: Amounts): Pick<Vm, FromDemand> {
  return {
    cpuPeakMhz: cpuMhz,
    cpuLowMhz: cpuMhz,
    cpuSoonMhz: cpuMhz,
    cpuLaterMhz: cpuMhz,
    memoryActiveBytes: memoryBytes,
  };
}

export const VM_DEFAULTS: Omit<Vm, 'id' | 'host' | 'demand' | FromDemand> = {
  vcpus: 1,
  cpuDeviationMhz: 0,
  dirtyBytesPerS: 0,
  localDiskBytes: 0,
  storages: [],
  vlans: [],
  subnet: '',
  cpuNeeds: { vendor: '', features: [] },
  labels: {},
  tier: '',
  liveSessions: 0,
  migratable: true,
  tie: '',
  quickAllowed: false,
  postCopyAllowed: false,
  pinnedTo: [],
  known: true,
  doubt: '',
  lastMoveAtMs: 0,
};
