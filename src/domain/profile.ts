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
  readonly vmCooldownMinutes: number;
  /** How long a host that was just switched on stays on. */
  readonly minimumOnMinutes: number;
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
  vmCooldownMinutes: 30,
  minimumOnMinutes: 30,
  spareHosts: 1,
  spareShare: 0.1,
};

/** How much may happen at once. Zero means no limit of this kind. */
export interface Limits {
  readonly migrationsPerSource: number;
  readonly migrationsPerTarget: number;
  readonly migrationsPerPair: number;
  readonly migrationsPerCluster: number;
  readonly powerSwitchesPerCluster: number;
  readonly changesPerCycle: number;
}

export const DEFAULT_LIMITS: Limits = {
  migrationsPerSource: 1,
  migrationsPerTarget: 1,
  migrationsPerPair: 1,
  migrationsPerCluster: 0,
  powerSwitchesPerCluster: 0,
  changesPerCycle: 100_000,
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
  readonly perBlackoutSecond: number;
  readonly perSessionMoved: number;
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
  perBlackoutSecond: 0.002,
  perSessionMoved: 0.00005,
  perPowerCycle: 0.01,
};
