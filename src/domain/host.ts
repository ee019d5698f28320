import type { Labels } from './columns.ts';
import type { PowerModel, PowerState } from './power.ts';
import { TYPICAL_SERVER } from './power.ts';
import type { Amounts } from './resources.ts';
import { NOTHING } from './resources.ts';
import { GBIT_PER_S } from './units.ts';

export type HostId = string;

export interface CpuKind {
  readonly vendor: string;
  readonly model: string;
  readonly features: readonly string[];
}

/** One host as an object: the form of case files, drivers and builders. Inside the core a host is an index. */
export interface Host {
  readonly id: HostId;
  readonly capacity: Amounts;
  /** What the hypervisor itself uses and guests never get. */
  readonly reserved: Amounts;
  readonly cores: number;
  readonly migrationBytesPerS: number;
  readonly cpu: CpuKind;
  readonly subnet: string;
  readonly storages: readonly string[];
  readonly vlans: readonly string[];
  readonly rack: string;
  readonly site: string;
  readonly labels: Labels;
  readonly powerModel: PowerModel;
  readonly power: PowerState;
  readonly maintenance: boolean;
  /** False while its metrics cannot be trusted: nothing is placed on it and it is not switched off. */
  readonly known: boolean;
  /** Why not, in words; empty where they can, or nobody says. */
  readonly doubt: string;
  /** Seen to come back after it was switched off, or vouched for by a person; else it is not switched off. */
  readonly provenToWake: boolean;
  /** False: somebody else switched it off, and it is theirs to wake. */
  readonly mayBeWoken: boolean;
  /** Epoch milliseconds; 0 means never seen to change. */
  readonly lastPowerChangeAtMs: number;
  readonly lastArrivalAtMs: number;
}

export const HOST_DEFAULTS: Omit<Host, 'id' | 'capacity'> = {
  reserved: NOTHING,
  cores: 1,
  migrationBytesPerS: 10 * GBIT_PER_S,
  cpu: { vendor: '', model: '', features: [] },
  subnet: '',
  storages: [],
  vlans: [],
  rack: '',
  site: '',
  labels: {},
  powerModel: TYPICAL_SERVER,
  power: 'on',
  maintenance: false,
  known: true,
  doubt: '',
  provenToWake: true,
  mayBeWoken: true,
  lastPowerChangeAtMs: 0,
  lastArrivalAtMs: 0,
};
