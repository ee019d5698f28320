import { METRICS, type Metric } from '../domain/metric.ts';
import type { PowerState } from '../domain/power.ts';

/** The parts of a trace, each a table with a header; columns may come in any order, optional ones may be missing. */
export const PARTS = {
  hosts: {
    required: ['id'],
    optional: ['cpuMhz', 'cores', 'memoryBytes', 'rack', 'site', 'wattsByLoad', 'offWatts', 'power', 'maintenance'],
  },
  vms: { required: ['id'], optional: ['host', 'vcpus', 'memoryBytes', 'tier'] },
  samples: { required: ['atMs', 'kind', 'id'], optional: METRICS as readonly string[] },
  events: { required: ['atMs', 'kind', 'id'], optional: ['from', 'to'] },
} as const satisfies Record<string, { required: readonly string[]; optional: readonly string[] }>;
export type Part = keyof typeof PARTS;
export const PART_NAMES = Object.keys(PARTS) as Part[];

export interface HostRow {
  readonly id: string;
  readonly cpuMhz?: number;
  readonly cores?: number;
  readonly memoryBytes?: number;
  readonly rack?: string;
  readonly site?: string;
  /** At evenly spaced loads from idle to full. */
  readonly wattsByLoad?: readonly number[];
  readonly offWatts?: number;
  /** As it was at first. */
  readonly power?: PowerState;
  /** Whether it was reserved for work on it at first. */
  readonly maintenance?: (typeof YES_OR_NO)[number];
}

export const YES_OR_NO = ['yes', 'no'] as const;

export interface VmRow {
  readonly id: string;
  /** Where it was at first. */
  readonly host?: string;
  readonly vcpus?: number;
  readonly memoryBytes?: number;
  readonly tier?: string;
}

/** What was measured of one host or VM at one instant; what was not is not there. */
export interface SampleRow {
  readonly atMs: number;
  readonly kind: 'host' | 'vm';
  readonly id: string;
  readonly values: Readonly<Partial<Record<Metric, number>>>;
}

export const EVENT_KINDS = ['vm-appeared', 'vm-gone', 'vm-moved', 'host-power'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** `from` and `to` are hosts, or power states. */
export interface EventRow {
  readonly atMs: number;
  readonly kind: EventKind;
  readonly id: string;
  readonly from?: string;
  readonly to?: string;
}

export type TraceRow =
  | { readonly part: 'hosts'; readonly row: HostRow }
  | { readonly part: 'vms'; readonly row: VmRow }
  | { readonly part: 'samples'; readonly row: SampleRow }
  | { readonly part: 'events'; readonly row: EventRow };

/** Opens a part in a trace that is one file. */
export const SECTION_MARK = '# ';
/** Between the numbers of a list in one field. */
export const LIST_MARK = ';';
