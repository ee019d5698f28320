import * as z from 'zod';
import type { Profile } from '../domain/profile.ts';
import { DEFAULT_LIMITS, DEFAULT_PRICES } from '../domain/profile.ts';
import type { Rule } from '../domain/rule.ts';
import { LEVELS } from '../domain/rule.ts';
import { amount, choice, factor, fieldPerName, money, share, text, whole } from './fields.ts';

/** The pieces that configuration and case files share. */
const policyChoiceSchema = z.strictObject({
  weight: factor('How much its prices count against those of the others; 0 leaves it out').default(1),
  options: z.record(z.string(), z.unknown()).describe('Options of this policy; its README lists them').default({}),
});

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
      ceilings: z
        .strictObject(
          fieldPerName(({ name }) =>
            share(`How full a change may make a host in ${name}, as a share of its capacity`).default(
              defaults.ceilings[name],
            ),
          ),
        )
        .describe('How full a change may make a host, as shares of its capacity')
        .prefault({}),
      vmCooldownMinutes: amount('minutes', 'How long a VM that was moved stays where it is').default(
        defaults.vmCooldownMinutes,
      ),
      minimumOnMinutes: amount('minutes', 'How long a host that was just switched on stays on').default(
        defaults.minimumOnMinutes,
      ),
      spareHosts: whole('Hosts kept on beyond what the load needs').default(defaults.spareHosts),
      spareShare: share('The same as a share of the hosts needed; the larger of the two counts').default(
        defaults.spareShare,
      ),
    })
    .describe('Which policies are at work, and how bold they may be')
    .prefault({});
}

const limit = (fallback: number, about: string) => whole(`${about}; 0: no limit`).default(fallback);

export const limitsSchema = z
  .strictObject({
    migrationsPerSource: limit(DEFAULT_LIMITS.migrationsPerSource, 'Migrations leaving one host at a time'),
    migrationsPerTarget: limit(DEFAULT_LIMITS.migrationsPerTarget, 'Migrations arriving at one host at a time'),
    migrationsPerPair: limit(DEFAULT_LIMITS.migrationsPerPair, 'Migrations between the same two hosts at a time'),
    migrationsPerCluster: limit(DEFAULT_LIMITS.migrationsPerCluster, 'Migrations at a time in all'),
    powerSwitchesPerCluster: limit(DEFAULT_LIMITS.powerSwitchesPerCluster, 'Hosts being switched on or off at a time'),
    changesPerCycle: limit(DEFAULT_LIMITS.changesPerCycle, 'Changes that one cycle may decide'),
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
    perBlackoutSecond: money('A second in which a migrating guest stands still').default(
      DEFAULT_PRICES.perBlackoutSecond,
    ),
    perSessionMoved: money('A live session on a guest that is moved').default(DEFAULT_PRICES.perSessionMoved),
    perPowerCycle: money('Wear of switching a host off and on again; the energy of booting comes on top').default(
      DEFAULT_PRICES.perPowerCycle,
    ),
  })
  .describe('What things cost, in one currency')
  .prefault({});

const LEAST_APART = 2;

export const ruleSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('anti-affinity').describe('Keeps VMs apart'),
      id: text('Name of the rule, unique'),
      vms: z.array(z.string().min(1)).min(LEAST_APART).describe('The VMs that must not be together'),
      level: choice(LEVELS, 'How close counts as together').default('host'),
    }),
  ])
  .describe('A rule that must always hold') satisfies z.ZodType<Rule>;
