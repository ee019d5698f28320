import * as z from 'zod';
import type { Rule } from '../domain/rule.ts';
import { LEVELS, MOMENTS } from '../domain/rule.ts';
import { DAY, MINUTE } from '../domain/units.ts';
import { choice, flag, text, texts, whole } from './fields.ts';

const LEAST_IN_GROUP = 2;
const MINUTES_PER_DAY = DAY / MINUTE;

const id = text('Name of the rule, unique');
const group = (about: string) => z.array(z.string().min(1)).min(LEAST_IN_GROUP).describe(about);
const level = choice(LEVELS, 'How close counts as together').default('host');
const at = choice(
  MOMENTS,
  'When it holds: at the end of a plan, or at every step of it, VMs in flight counting at both ends; left out: at every step',
).exactOptional();
const preferred = flag(
  'A preferred rule is a price: it is broken where keeping it would cost more; left out: required',
).exactOptional();
const labels = (whose: string) =>
  z.record(z.string(), z.string()).describe(`${whose} that carry all of these labels`).default({});

const vmSelection = {
  vms: texts('VMs by name; neither names nor labels: all VMs').default([]),
  vmLabels: labels('VMs'),
};
const hostSelection = {
  hosts: texts('Hosts by name; neither names nor labels: all hosts').default([]),
  hostLabels: labels('Hosts'),
};

type Selection = Readonly<Record<string, unknown>>;

/** A rule about where VMs run says something only if it names both. */
function requireNames(rule: Selection, context: z.RefinementCtx): void {
  for (const [names, own] of [
    ['vms', 'vmLabels'],
    ['hosts', 'hostLabels'],
  ] as const) {
    if (Object.keys(rule[names] as object).length + Object.keys(rule[own] as object).length > 0) continue;
    context.addIssue({ code: 'custom', path: [names], message: `names nothing, should name some, or give ${own}` });
  }
}

const separateSchema = z.strictObject({
  kind: z.literal('anti-affinity').describe('Keeps VMs apart'),
  id,
  vms: group('The VMs that must not be together'),
  level,
  preferred,
  at,
});

const togetherSchema = z.strictObject({
  kind: z.literal('affinity').describe('Keeps VMs together; they move as a bundle'),
  id,
  vms: group('The VMs that must be together'),
  level,
  preferred,
});

const hostRuleSchema = z
  .strictObject({
    kind: z.enum(['run-on', 'keep-off']).describe('Where VMs may run, or where they may not'),
    id,
    ...vmSelection,
    ...hostSelection,
    preferred,
    at,
  })
  .superRefine(requireNames);

const mostVmsSchema = z.strictObject({
  kind: z.literal('most-vms').describe('Limits how many of the VMs each of the hosts runs'),
  id,
  most: whole('How many at most', 1),
  ...vmSelection,
  ...hostSelection,
  at,
});

const backupJobSchema = z
  .strictObject({
    startMinute: whole('When it starts, in minutes after midnight, UTC').max(MINUTES_PER_DAY - 1),
    minutes: whole('How long it takes, in minutes; it may run past midnight', 1).max(MINUTES_PER_DAY),
    ...vmSelection,
  })
  .describe('VMs that are backed up at the same time of every day');

const backupsSchema = z.strictObject({
  kind: z.literal('backups').describe('Limits how many VMs of each of the hosts are being backed up at once'),
  id,
  most: whole('How many at most', 1),
  jobs: z.array(backupJobSchema).min(1).describe('Which VMs are backed up when'),
  ...hostSelection,
  at,
});

const spreadSchema = z.strictObject({
  kind: z.literal('spread').describe('Keeps VMs in several places at once; it holds at the end of a plan'),
  id,
  vms: group('The VMs that must not all be in few places'),
  level: choice(LEVELS, 'What counts as a place').default('site'),
  least: whole('In how many places at least', 2),
});

const dependsSchema = z.strictObject({
  kind: z.literal('depends-on').describe('Wherever one of the VMs runs, one of those that they depend on runs too'),
  id,
  vms: z.array(z.string().min(1)).min(1).describe('The VMs that depend on others'),
  on: z.array(z.string().min(1)).min(1).describe('The VMs of which one must be there'),
  level: choice(LEVELS, 'How close is close enough').default('site'),
});

const failoverSchema = z.strictObject({
  kind: z.literal('failover').describe('Any so many hosts may fail, and all of the VMs still fit on the others'),
  id,
  failures: whole('How many hosts may fail at once', 1).default(1),
  ...vmSelection,
});

export const ruleSchema = z
  .discriminatedUnion('kind', [
    separateSchema,
    togetherSchema,
    hostRuleSchema,
    mostVmsSchema,
    backupsSchema,
    spreadSchema,
    dependsSchema,
    failoverSchema,
  ])
  .describe('A rule that must always hold, or that is preferred') satisfies z.ZodType<Rule>;
