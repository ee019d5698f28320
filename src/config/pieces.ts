import * as z from 'zod';
import type { Profile } from '../domain/profile.ts';
import { DEFAULT_LIMITS, DEFAULT_PRICES } from '../domain/profile.ts';
import type { ResourceName } from '../domain/resources.ts';
import { amount, factor, fieldPerName, money, share, text, whole } from './fields.ts';

export { ruleSchema } from './rules.ts';

/** The pieces that configuration and case files share. */
const policyChoiceSchema = z.strictObject({
  weight: factor('How much its prices count against those of the others; 0 leaves it out').default(1),
  options: z.record(z.string(), z.unknown()).describe('Options of this policy; its README lists them').default({}),
});

function sharePerResource(defaults: Profile['ceilings'], about: (name: ResourceName) => string) {
  return z.strictObject(fieldPerName(({ name }) => share(about(name)).default(defaults[name]))).prefault({});
}

export function profileSchema(defaults: Profile) {
  return z
    .strictObject({
      policies: z
        .record(z.string().min(1), policyChoiceSchema)
        .describe('The policies at work, by id; naming any replaces the list of those that come with Drover')
        .default({ ...defaults.policies }),
      horizonMinutes: amount('minutes', 'How long a benefit can be expected to last').default(defaults.horizonMinutes),
      margin: factor('A change must pay back this many times over within the horizon').default(defaults.margin),
      leastSavingPerHour: amount('money per hour', 'What saves less than this is left alone').default(
        defaults.leastSavingPerHour,
      ),
      ceilings: sharePerResource(defaults.ceilings, (name) => {
        return `How full a change may make a host in ${name}, as a share of its capacity`;
      }).describe('How full a change may make a host, as shares of its capacity'),
      evacuationCeilings: sharePerResource(defaults.evacuationCeilings, (name) => {
        return `How full a host may get in ${name} meanwhile, as a share of its capacity`;
      }).describe(
        'How full hosts may get while rules are repaired, hosts in maintenance emptied, or others have failed',
      ),
      peaksTogether: share(
        'How far the recent CPU peaks of VMs come at the same time: 1 all of them, 0 as chance has it; hosts are filled accordingly',
      ).default(defaults.peaksTogether),
      vmCooldownMinutes: amount('minutes', 'How long a VM that was moved stays where it is').default(
        defaults.vmCooldownMinutes,
      ),
      minimumOnMinutes: amount('minutes', 'How long a host that was just switched on stays on').default(
        defaults.minimumOnMinutes,
      ),
      minimumOffMinutes: amount(
        'minutes',
        'How long a host that was just switched off stays off, unless a person says otherwise',
      ).default(defaults.minimumOffMinutes),
      leastHostsOn: whole('So many hosts are on, whatever the load').default(defaults.leastHostsOn),
      spareHosts: whole('Hosts kept on beyond what the load needs').default(defaults.spareHosts),
      spareShare: share('The same as a share of the hosts needed; the larger of the two counts').default(
        defaults.spareShare,
      ),
    })
    .describe('Which policies are at work, and how bold they may be')
    .prefault({});
}

const limited = (about: string) => whole(`${about}; 0: no limit`);
const limit = (fallback: number, about: string) => limited(about).default(fallback);
const cap = () => amount('bytes/s', 'Bandwidth that one migration may take; 0: all there is');

const hostLimitsSchema = z
  .strictObject({
    migrationsPerSource: limited('Migrations leaving it at a time').exactOptional(),
    migrationsPerTarget: limited('Migrations arriving at it at a time').exactOptional(),
    migrationsPerLink: whole('Migrations at it at a time; 0: the larger of the two before').exactOptional(),
    migrationBytesPerS: cap().exactOptional(),
  })
  .describe('Limits of one host; what is left out is as for all');

const pairLimitsSchema = z
  .strictObject({
    hosts: z.tuple([text('A host'), text('The other host')]).describe('The two hosts, in any order'),
    migrations: limited('Migrations between them at a time').exactOptional(),
    migrationBytesPerS: cap().exactOptional(),
  })
  .describe('Limits between two hosts; what is left out is as for all');

export const limitsSchema = z
  .strictObject({
    migrationsPerSource: limit(DEFAULT_LIMITS.migrationsPerSource, 'Migrations leaving one host at a time'),
    migrationsPerTarget: limit(DEFAULT_LIMITS.migrationsPerTarget, 'Migrations arriving at one host at a time'),
    migrationsPerPair: limit(DEFAULT_LIMITS.migrationsPerPair, 'Migrations between the same two hosts at a time'),
    migrationsPerCluster: limit(DEFAULT_LIMITS.migrationsPerCluster, 'Migrations at a time in all'),
    migrationsPerLink: whole(
      'Migrations at one host at a time, leaving or arriving; 0: the larger of its limits as a source and as a target',
    ).default(DEFAULT_LIMITS.migrationsPerLink),
    migrationsPerRackUplink: limit(
      DEFAULT_LIMITS.migrationsPerRackUplink,
      'Migrations into or out of one rack at a time',
    ),
    migrationsPerSiteUplink: limit(
      DEFAULT_LIMITS.migrationsPerSiteUplink,
      'Migrations into or out of one site at a time',
    ),
    migrationsPerStorage: limit(DEFAULT_LIMITS.migrationsPerStorage, 'Migrations of VMs on one storage at a time'),
    weightWithStorage: whole('How many times over a migration counts that copies disks along', 1).default(
      DEFAULT_LIMITS.weightWithStorage,
    ),
    migrationBytesPerS: cap().default(DEFAULT_LIMITS.migrationBytesPerS),
    mostStreamsPerLink: whole(
      'Where one migration was measured not to fill the link of a host, as many as do may run there at a time, up to this; 1: the limits stand',
      1,
    ).default(DEFAULT_LIMITS.mostStreamsPerLink),
    ageingMinutes: amount(
      'minutes',
      'What has waited so long is as urgent as the kind before it: repair, drain, relieve, improve; 0: nothing ages',
    ).default(DEFAULT_LIMITS.ageingMinutes),
    powerSwitchesPerCluster: limit(DEFAULT_LIMITS.powerSwitchesPerCluster, 'Hosts being switched on or off at a time'),
    changesPerCycle: limit(DEFAULT_LIMITS.changesPerCycle, 'Changes that one cycle may decide'),
    searchStepsPerCycle: limit(
      DEFAULT_LIMITS.searchStepsPerCycle,
      'Steps that one cycle may search: VMs for which places are compared, groups of changes that are tried. The same steps lead to the same decisions on every machine',
    ),
    hosts: z.record(z.string().min(1), hostLimitsSchema).describe('Limits of single hosts, by name').default({}),
    pairs: z.array(pairLimitsSchema).describe('Limits between two hosts').default([]),
  })
  .describe('How much may happen at once')
  .prefault({});

export const pricesSchema = z
  .strictObject({
    currency: text('Currency, for display only').default(DEFAULT_PRICES.currency),
    perKwh: money('A kilowatt-hour').default(DEFAULT_PRICES.perKwh),
    pue: factor('Watts drawn from the grid for each watt that reaches a server', 1).default(DEFAULT_PRICES.pue),
    perStarvedCoreHour: money('A core-hour demanded and not served').default(DEFAULT_PRICES.perStarvedCoreHour),
    perStarvedGibHour: money('A GiB of memory swapped or ballooned away, for an hour').default(
      DEFAULT_PRICES.perStarvedGibHour,
    ),
    perStarvedGb: money('A GB that a saturated port could not carry').default(DEFAULT_PRICES.perStarvedGb),
    perGbAcrossHosts: money('A GB between hosts of one rack').default(DEFAULT_PRICES.perGbAcrossHosts),
    perGbAcrossRacks: money('A GB between racks of one site').default(DEFAULT_PRICES.perGbAcrossRacks),
    perGbAcrossSites: money('A GB between sites').default(DEFAULT_PRICES.perGbAcrossSites),
    perMigratedGib: money('A GiB copied by a migration').default(DEFAULT_PRICES.perMigratedGib),
    perMigrationMinute: money('A minute in which a guest is slowed down by being copied').default(
      DEFAULT_PRICES.perMigrationMinute,
    ),
    perMigratedCoreMinute: money(
      'The same for each core that the guest keeps busy, beyond the work that it misses',
    ).default(DEFAULT_PRICES.perMigratedCoreMinute),
    perBlackoutSecond: money('A second in which a migrating guest stands still').default(
      DEFAULT_PRICES.perBlackoutSecond,
    ),
    perSessionMoved: money('A live session on a guest that is moved').default(DEFAULT_PRICES.perSessionMoved),
    perUnmetPreferenceHour: money('A VM that is not where a preferred rule wants it, for an hour').default(
      DEFAULT_PRICES.perUnmetPreferenceHour,
    ),
    perPowerCycle: money('Wear of switching a host off and on again; the energy of booting comes on top').default(
      DEFAULT_PRICES.perPowerCycle,
    ),
  })
  .describe('What things cost, in one currency')
  .prefault({});
