import type { Prices } from '../domain/profile.ts';
import { GIB } from '../domain/units.ts';
import type { ServiceFigures } from './service-levels.ts';
import type { Readings } from './virtual-datacenter.ts';

const GB = 1e9;
const SECONDS_PER_MINUTE = 60;

/** What a span has cost in money, by what for. */
export type CostByTerm = Readonly<Record<'energy' | 'starvation' | 'traffic' | 'migrations' | 'switching', number>>;

/** What a run comes to in figures that can be compared. */
export interface Kpis {
  readonly hours: number;
  readonly energyKwh: number;
  readonly cost: number;
  readonly costByTerm: CostByTerm;
  readonly migrations: number;
  readonly quickMigrations: number;
  readonly brokenMigrations: number;
  readonly migratedGib: number;
  readonly migrationMinutes: number;
  readonly blackoutSeconds: number;
  readonly sessionsMoved: number;
  readonly oscillations: number;
  readonly starvedCoreHours: number;
  readonly starvedVmTimeShare: number;
  readonly underAllocatedShare: number;
  readonly slatahShare: number;
  readonly pdmShare: number;
  readonly slav: number;
  readonly esv: number;
  readonly hostHoursOn: number;
  readonly powerCycles: number;
  readonly failedBoots: number;
  readonly gbAcrossHosts: number;
  readonly gbAcrossRacks: number;
  readonly gbAcrossSites: number;
}

/** Energy and violations of service in one, as the literature has it. */
const esvOf = (energyKwh: number, { slav }: Pick<ServiceFigures, 'slav'>): number => energyKwh * slav;

export function kpisOf(readings: Readings, hours: number, prices: Prices): Kpis {
  const { service, tallied, talkBytes } = readings;
  const energyKwh = readings.energyWattHours / 1000;
  const costByTerm = costOf(readings, prices);
  const { slatahShare, pdmShare, slav, underAllocatedShare, starvedVmTimeShare } = service;
  return {
    hours,
    energyKwh,
    cost: Object.values(costByTerm).reduce((sum, part) => sum + part, 0),
    costByTerm,
    migrations: tallied.liveMigrations + tallied.quickMigrations,
    quickMigrations: tallied.quickMigrations,
    brokenMigrations: tallied.brokenMigrations,
    migratedGib: tallied.migratedBytes / GIB,
    migrationMinutes: tallied.migrationSeconds / SECONDS_PER_MINUTE,
    blackoutSeconds: tallied.blackoutSeconds,
    sessionsMoved: tallied.sessionsMoved,
    oscillations: tallied.oscillations,
    starvedCoreHours: readings.starvedCoreHours,
    starvedVmTimeShare,
    underAllocatedShare,
    slatahShare,
    pdmShare,
    slav,
    esv: esvOf(energyKwh, service),
    hostHoursOn: readings.hostHoursUp,
    powerCycles: tallied.switchedOff,
    failedBoots: tallied.failedBoots,
    gbAcrossHosts: talkBytes.acrossHosts / GB,
    gbAcrossRacks: talkBytes.acrossRacks / GB,
    gbAcrossSites: talkBytes.acrossSites / GB,
  };
}

/** What has been metered, by the prices that decisions are made by. The energy of booting is in the energy. */
export function costOf(
  { energyWattHours, starvedCoreHours, talkBytes, tallied }: Readings,
  prices: Prices,
): CostByTerm {
  const { acrossHosts, acrossRacks, acrossSites } = talkBytes;
  return {
    energy: (energyWattHours / 1000) * prices.pue * prices.perKwh,
    starvation: starvedCoreHours * prices.perStarvedCoreHour,
    traffic:
      (acrossHosts * prices.perGbAcrossHosts +
        acrossRacks * prices.perGbAcrossRacks +
        acrossSites * prices.perGbAcrossSites) /
      GB,
    migrations:
      (tallied.migratedBytes / GIB) * prices.perMigratedGib +
      (tallied.migrationSeconds / SECONDS_PER_MINUTE) * prices.perMigrationMinute +
      tallied.blackoutSeconds * prices.perBlackoutSecond +
      tallied.sessionsMoved * prices.perSessionMoved,
    switching: tallied.switchedOff * prices.perPowerCycle,
  };
}
