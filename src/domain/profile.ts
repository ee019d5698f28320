import type { HostId } from './host.ts';
import { perResource, type ResourceName } from './resources.ts';

/** How far Drover goes by itself. */
export const MODES = ['observe', 'recommend', 'confirm', 'auto'] as const;
export type Mode = (typeof MODES)[number];

export interface PolicyChoice {
  readonly weight: number;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Which policies are at work, with which weight, and how bold they may be. */
export interface Profile {
  readonly policies: Readonly<Record<string, PolicyChoice>>;
  /** How long a benefit can be expected to last. */
  readonly horizonMinutes: number;
  /** A change must pay back this many times over within the horizon. */
  readonly margin: number;
  /** What saves less than this, in money per hour, is left alone: nobody would see a benefit. */
  readonly leastSavingPerHour: number;
  /** How full a change may make a host, as a share of its capacity, per resource. */
  readonly ceilings: Readonly<Record<ResourceName, number>>;
  /** The same while rules are repaired and hosts in maintenance are emptied, and for hosts that stand in for others. */
  readonly evacuationCeilings: Readonly<Record<ResourceName, number>>;
  /** How far the recent CPU peaks of VMs come at the same time: 1 all of them, 0 as chance has it. */
  readonly peaksTogether: number;
  readonly vmCooldownMinutes: number;
  /** How long a host that was just switched on stays on. */
  readonly minimumOnMinutes: number;
  /** How long a host that was just switched off stays off, unless a person says otherwise. */
  readonly minimumOffMinutes: number;
  /** So many hosts are on, whatever the load. */
  readonly leastHostsOn: number;
  /** Hosts kept on beyond what the load needs: the larger of the number and the share of the hosts needed. */
  readonly spareHosts: number;
  readonly spareShare: number;
}

export const DEFAULT_PROFILE: Profile = {
  policies: {
    'load-balance': { weight: 1, options: {} },
    'green-consolidation': { weight: 1, options: {} },
    'network-aware': { weight: 1, options: {} },
  },
  horizonMinutes: 60,
  margin: 1.5,
  leastSavingPerHour: 0.01,
  ceilings: perResource(({ usualCeiling }) => usualCeiling),
  evacuationCeilings: perResource(() => 1),
  peaksTogether: 1,
  vmCooldownMinutes: 30,
  minimumOnMinutes: 30,
  minimumOffMinutes: 5,
  leastHostsOn: 0,
  spareHosts: 1,
  spareShare: 0.1,
};

/** Limits that hold for one host in place of the general ones. */
export interface HostLimits {
  readonly migrationsPerSource?: number;
  readonly migrationsPerTarget?: number;
  readonly migrationsPerLink?: number;
  readonly migrationBytesPerS?: number;
}

/** Limits that hold between two hosts, whichever way, in place of the general ones. */
export interface PairLimits {
  readonly hosts: readonly [HostId, HostId];
  readonly migrations?: number;
  readonly migrationBytesPerS?: number;
}

/** How much may happen at once. Zero means no limit of this kind. */
export interface Limits {
  readonly migrationsPerSource: number;
  readonly migrationsPerTarget: number;
  readonly migrationsPerPair: number;
  readonly migrationsPerCluster: number;
  /** At one host, whichever way. Zero: as many as the larger of its limits as a source and as a target. */
  readonly migrationsPerLink: number;
  /** Into and out of one rack. */
  readonly migrationsPerRackUplink: number;
  /** Into and out of one site. */
  readonly migrationsPerSiteUplink: number;
  /** Of VMs with disks on one storage. */
  readonly migrationsPerStorage: number;
  /** How many times over a migration counts that copies disks along. */
  readonly weightWithStorage: number;
  /** Bandwidth that one migration may take. */
  readonly migrationBytesPerS: number;
  /** Where one stream was measured not to fill a host's link, as many as do may share it, up to this; 1: never more. */
  readonly mostStreamsPerLink: number;
  /** What has waited so long is as urgent as the phase before its own, after twice as long as the one before that. */
  readonly ageingMinutes: number;
  readonly powerSwitchesPerCluster: number;
  readonly changesPerCycle: number;
  /** VMs for which places are compared, and groups of changes that are tried. */
  readonly searchStepsPerCycle: number;
  readonly hosts: Readonly<Record<HostId, HostLimits>>;
  readonly pairs: readonly PairLimits[];
}

export const DEFAULT_LIMITS: Limits = {
  migrationsPerSource: 1,
  migrationsPerTarget: 1,
  migrationsPerPair: 1,
  migrationsPerCluster: 0,
  migrationsPerLink: 0,
  migrationsPerRackUplink: 0,
  migrationsPerSiteUplink: 0,
  migrationsPerStorage: 0,
  weightWithStorage: 4,
  migrationBytesPerS: 0,
  mostStreamsPerLink: 1,
  ageingMinutes: 15,
  powerSwitchesPerCluster: 0,
  changesPerCycle: 100_000,
  searchStepsPerCycle: 0,
  hosts: {},
  pairs: [],
};

/** What things cost, in one currency. */
export interface Prices {
  /** For display only. */
  readonly currency: string;
  readonly perKwh: number;
  /** Watts drawn from the grid for each watt that reaches a server. */
  readonly pue: number;
  /** A core-hour demanded and not served. */
  readonly perStarvedCoreHour: number;
  /** A GiB of memory that has to be swapped or ballooned away, for an hour. */
  readonly perStarvedGibHour: number;
  /** A GB that a saturated port could not carry. */
  readonly perStarvedGb: number;
  readonly perGbAcrossHosts: number;
  readonly perGbAcrossRacks: number;
  readonly perGbAcrossSites: number;
  readonly perMigratedGib: number;
  /** A minute in which a guest is slowed down by being copied. */
  readonly perMigrationMinute: number;
  /** The same for each core that the guest keeps busy, beyond the work that it misses. */
  readonly perMigratedCoreMinute: number;
  readonly perBlackoutSecond: number;
  readonly perSessionMoved: number;
  /** A VM that is not where a preferred rule wants it, for an hour. */
  readonly perUnmetPreferenceHour: number;
  /** Wear of one switching off and on again; the energy of booting is added to it. */
  readonly perPowerCycle: number;
}

export const DEFAULT_PRICES: Prices = {
  currency: 'EUR',
  perKwh: 0.3,
  pue: 1.5,
  perStarvedCoreHour: 0.5,
  perStarvedGibHour: 0.2,
  perStarvedGb: 0.01,
  perGbAcrossHosts: 0.00002,
  perGbAcrossRacks: 0.0005,
  perGbAcrossSites: 0.01,
  perMigratedGib: 0.0001,
  perMigrationMinute: 0.001,
  perMigratedCoreMinute: 0,
  perBlackoutSecond: 0.002,
  perSessionMoved: 0.00005,
  perUnmetPreferenceHour: 0.05,
  perPowerCycle: 0.01,
};
