import { validate } from 'node-cron';
import * as z from 'zod';
import { MODES } from '../domain/profile.ts';
import { choice, flag, text, whole } from './fields.ts';
import type { CalendarEntry } from './settings.ts';

/** The profile that stands under `profile`, for entries that go back to it. */
export const USUAL_PROFILE = 'usual';

const LONGEST_MAINTENANCE_MINUTES = 7 * 24 * 60;
const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;

const hostsOnSchema = z
  .strictObject({
    atLeast: whole('So many hosts are on; 0: as many as the load needs'),
    by: text('The time of day, such as "08:00", by which they are; hosts are woken ahead of it').refine(
      (by) => TIME_OF_DAY.test(by),
      { error: (issue) => `is ${JSON.stringify(issue.input)}, should be a time of day such as "08:00"` },
    ),
  })
  .describe('Keeps hosts on, from then on until another entry says otherwise');

const maintenanceSchema = z
  .strictObject({
    hosts: z.array(z.string().min(1)).min(1).describe('The hosts that are emptied and take nothing meanwhile'),
    minutes: whole('How long', 1).max(LONGEST_MAINTENANCE_MINUTES),
  })
  .describe('A maintenance window');

const WISHES = ['mode', 'power', 'profile', 'hostsOn', 'maintenance'] as const;

const calendarEntrySchema = z
  .strictObject({
    at: text('When: a cron expression, such as "0 7 * * 1-5" for seven on workdays').refine((at) => validate(at), {
      error: (issue) => `is ${JSON.stringify(issue.input)}, should be a cron expression such as "0 7 * * 1-5"`,
    }),
    timezone: text('Where the clock hangs: an IANA time zone')
      .refine(isTimezone, {
        error: (issue) => `is ${JSON.stringify(issue.input)}, should be an IANA time zone such as "Europe/Berlin"`,
      })
      .default('UTC'),
    mode: choice(MODES, 'The mode from then on').exactOptional(),
    power: flag(
      'Whether hosts may be switched from then on; false: first, all that Drover switched off come back on',
    ).exactOptional(),
    profile: text(`The profile from then on: one of profiles, or "${USUAL_PROFILE}"`).exactOptional(),
    hostsOn: hostsOnSchema.exactOptional(),
    maintenance: maintenanceSchema.exactOptional(),
  })
  .superRefine((entry, context) => {
    if (WISHES.some((wish) => entry[wish] !== undefined)) return;
    context.addIssue({ code: 'custom', message: `changes nothing, should name one of ${WISHES.join(', ')}` });
  }) satisfies z.ZodType<CalendarEntry>;

export const calendarSchema = z
  .array(calendarEntrySchema)
  .describe('Changes of course by the clock: mode, power, profile, hosts that must be on, maintenance')
  .default([]);

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

interface WithProfiles {
  readonly profiles: Readonly<Record<string, unknown>>;
  readonly calendar: readonly CalendarEntry[];
}

/** An entry that asks for a profile which is not there would come as a surprise at night. */
export function refuseUnknownProfiles({ profiles, calendar }: WithProfiles, context: z.RefinementCtx): void {
  const known = [...Object.keys(profiles), USUAL_PROFILE];
  calendar.forEach(({ profile }, index) => {
    if (profile === undefined || known.includes(profile)) return;
    const wanted = known.map((name) => JSON.stringify(name)).join(' or ');
    const message = `is ${JSON.stringify(profile)}, should be ${wanted}`;
    context.addIssue({ code: 'custom', path: ['calendar', index, 'profile'], message });
  });
}
