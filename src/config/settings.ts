import type { Hooks } from '../domain/hook.ts';
import type { Metric } from '../domain/metric.ts';
import type { Limits, Mode, Prices, Profile } from '../domain/profile.ts';
import type { Rule } from '../domain/rule.ts';
import type { LibvirtSettings } from './libvirt.ts';

/** The embedded datacenter: what it is made of and how fast it lives. */
export interface SimulatedSettings {
  readonly kind: 'simulated';
  readonly hosts: number;
  readonly vms: number;
  readonly racks: number;
  readonly seed: number;
  /** Datacenter seconds per real second. */
  readonly speed: number;
  /** How long a day lasts in the datacenter: a short one shows dusk and dawn within minutes. */
  readonly dayMinutes: number;
  /** Socket of a datacenter in a process of its own; what it is made of is then up to it. */
  readonly at?: string;
}

export type DriverSettings = SimulatedSettings | LibvirtSettings;

export interface ObserveSettings {
  readonly sampleSeconds: number;
  readonly cycleSeconds: number;
  readonly fastWindowSeconds: number;
  readonly slowWindowSeconds: number;
  /** Which of them tells how much demand varies: the slow one where hosts are packed for the hours to come. */
  readonly deviationWindow: 'fast' | 'slow';
  /** Data older than this many sampling intervals is not believed. */
  readonly staleAfterIntervals: number;
  /** So many samples of the processor that are the same to the last bit are not believed; 0: always believed. */
  readonly frozenAfterSamples: number;
  /** Of its processors, above which a host has too much to do. */
  readonly hotShare: number;
  /** What lasts this long counts, even where the slow window does not agree. */
  readonly hotSeconds: number;
  /** After this, load comes round again. */
  readonly seasonMinutes: number;
  readonly soonMinutes: number;
  readonly laterMinutes: number;
}

export const QUERY_SETS = ['node-exporter', 'libvirt-exporter'] as const;
export type QuerySet = (typeof QUERY_SETS)[number];

/** From the labels of a series to the id of a host or VM: what the first group of the pattern matches of the label. */
export interface LabelSettings {
  readonly label: string;
  readonly pattern: string;
}

export interface QuerySettings {
  readonly kind: 'host' | 'vm';
  readonly metric: Metric;
  /** PromQL; `$label` stands for the label with the id, `$rate` for the span that rates are made over. */
  readonly query: string;
  readonly unit: string;
}

/** A store that speaks PromQL, as a source of samples beside the driver. */
export interface PrometheusSettings {
  readonly kind: 'prometheus';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly rateSeconds: number;
  readonly sets: readonly QuerySet[];
  /** Each takes the place of the ready-made one for the same. */
  readonly queries: readonly QuerySettings[];
  readonly host: LabelSettings;
  readonly vm: LabelSettings;
}

export type SourceSettings = PrometheusSettings;

/** What is told of single hosts and VMs, beyond the figures of the whole. */
export interface TelemetrySettings {
  readonly perHostSeries: boolean;
  readonly perVmSeries: boolean;
  readonly mostSeries: number;
  /** A migration back to where the VM came from counts as undone within this time. */
  readonly undoneWithinHours: number;
}

/** What is done when somebody else moves VMs, or a host shuts its own down. */
export interface CoexistenceSettings {
  readonly standBack: (typeof STANDS_BACK)[number];
  readonly minutes: number;
}

export const STANDS_BACK = ['nothing', 'vm', 'cluster'] as const;

/** How hosts are switched, where they may be. */
export interface HostPowerSettings {
  /** Hosts count as seen to come back although they were not: only where nothing can be lost. */
  readonly provenByDefault: boolean;
  /** A host that was never seen to come back is switched off and on once for a trial, when all is calm. */
  readonly proveWhenCalm: boolean;
  /** Whether hosts may be woken that somebody else switched off. */
  readonly wakeOthers: boolean;
}

/** How much of the past is kept. */
export interface HistorySettings {
  readonly cycles: number;
  readonly plans: number;
  readonly steps: number;
  readonly cases: number;
  readonly caseMegabytes: number;
  readonly caseMostVms: number;
}

/** At this time, change course. */
export interface CalendarEntry {
  readonly at: string;
  readonly timezone: string;
  readonly mode?: Mode;
  readonly power?: boolean;
  /** One of `profiles`, or the usual one. */
  readonly profile?: string;
  /** So many hosts are on from that time of day on, which is the first after `at`. */
  readonly hostsOn?: { readonly atLeast: number; readonly by: string };
  readonly maintenance?: { readonly hosts: readonly string[]; readonly minutes: number };
}

/** The whole configuration, complete and read-only: nobody asks for defaults after this. */
export interface Settings {
  readonly cluster: string;
  readonly mode: Mode;
  /** Whether hosts may be switched on and off; apart from the mode on purpose. */
  readonly power: boolean;
  readonly hostPower: HostPowerSettings;
  readonly coexistence: CoexistenceSettings;
  readonly driver: DriverSettings;
  readonly stateFolder: string;
  readonly history: HistorySettings;
  readonly listen: { readonly address: string; readonly port: number };
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly format: 'auto' | 'text' | 'json' };
  readonly observe: ObserveSettings;
  /** Beside the driver. */
  readonly sources: readonly SourceSettings[];
  readonly telemetry: TelemetrySettings;
  readonly profile: Profile;
  /** More of them, for the calendar. */
  readonly profiles: Readonly<Record<string, Profile>>;
  readonly prices: Prices;
  readonly limits: Limits;
  /** Real time that a round of decisions may take; a policy that does not come to an end by then is left out. */
  readonly decideSeconds: number;
  readonly rules: readonly Rule[];
  readonly policyFolders: readonly string[];
  readonly hooks: Hooks;
  readonly calendar: readonly CalendarEntry[];
}
