import type { Limits, Mode, Prices, Profile } from '../domain/profile.ts';
import type { Rule } from '../domain/rule.ts';

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
}

export type DriverSettings = SimulatedSettings;

export interface ObserveSettings {
  readonly sampleSeconds: number;
  readonly cycleSeconds: number;
  readonly fastWindowSeconds: number;
  readonly slowWindowSeconds: number;
  /** Data older than this many sampling intervals is not believed. */
  readonly staleAfterIntervals: number;
}

/** What is told of single hosts and VMs, beyond the figures of the whole. */
export interface TelemetrySettings {
  readonly perHostSeries: boolean;
  readonly perVmSeries: boolean;
  readonly mostSeries: number;
  /** A migration back to where the VM came from counts as undone within this time. */
  readonly undoneWithinHours: number;
}

/** At this time, change the mode, or allow or forbid power switching. */
export interface CalendarEntry {
  readonly at: string;
  readonly timezone: string;
  readonly mode?: Mode;
  readonly power?: boolean;
}

/** The whole configuration, complete and read-only: nobody asks for defaults after this. */
export interface Settings {
  readonly cluster: string;
  readonly mode: Mode;
  /** Whether hosts may be switched on and off; apart from the mode on purpose. */
  readonly power: boolean;
  readonly driver: DriverSettings;
  readonly stateFolder: string;
  readonly listen: { readonly address: string; readonly port: number };
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly format: 'auto' | 'text' | 'json' };
  readonly observe: ObserveSettings;
  readonly telemetry: TelemetrySettings;
  readonly profile: Profile;
  readonly prices: Prices;
  readonly limits: Limits;
  /** Real time that a round of decisions may take; a policy that does not come to an end by then is left out. */
  readonly decideSeconds: number;
  readonly rules: readonly Rule[];
  readonly policyFolders: readonly string[];
  readonly calendar: readonly CalendarEntry[];
}
