import * as z from 'zod';
import { MODES } from '../domain/profile.ts';
import { calendarSchema, refuseUnknownProfiles } from './calendar.ts';
import { DEFAULT_SIMULATED, type DriverKind, type DriverlessSettings, defaultsFor } from './defaults.ts';
import { choice, flag, share, span, text, texts, whole } from './fields.ts';
import { hooksSchema } from './hooks.ts';
import { refuseUnknownHosts } from './host-names.ts';
import { libvirtSchema } from './libvirt.ts';
import { coexistenceSchema, historySchema, hostPowerSchema } from './operation.ts';
import { limitsSchema, pricesSchema, profileSchema, ruleSchema } from './pieces.ts';
import type { ObserveSettings, Settings, TelemetrySettings } from './settings.ts';
import { sourcesSchema } from './sources.ts';
import { refuseTwins } from './twins.ts';

const HIGHEST_PORT = 65_535;

const simulatedSchema = z
  .strictObject({
    kind: z
      .literal('simulated')
      .describe('What Drover drives: simulated is the embedded datacenter')
      .default('simulated'),
    hosts: whole('How many hosts it has', 1).default(DEFAULT_SIMULATED.hosts),
    vms: whole('How many VMs it has').default(DEFAULT_SIMULATED.vms),
    racks: whole('How many racks its hosts stand in', 1).default(DEFAULT_SIMULATED.racks),
    seed: whole('The same number makes the same datacenter').default(DEFAULT_SIMULATED.seed),
    speed: span('datacenter seconds per real second', 'How fast its time passes').default(DEFAULT_SIMULATED.speed),
    dayMinutes: span('datacenter minutes', 'How long a day lasts there').default(DEFAULT_SIMULATED.dayMinutes),
    at: text(
      'Socket of a datacenter that `drover datacenter` hosts in a process of its own; it then says what it is made of',
    ).exactOptional(),
  })
  .describe('Which datacenter is driven, and how')
  .prefault({});

const DRIVER_SCHEMAS = { simulated: simulatedSchema, libvirt: libvirtSchema } satisfies Record<DriverKind, z.ZodType>;

export const DRIVER_KINDS = Object.keys(DRIVER_SCHEMAS) as DriverKind[];

function observeSchema(defaults: ObserveSettings) {
  return z
    .strictObject({
      sampleSeconds: span('seconds', 'Time between two samples').default(defaults.sampleSeconds),
      cycleSeconds: span('seconds', 'Time between two rounds of decisions').default(defaults.cycleSeconds),
      fastWindowSeconds: span('seconds', 'What counts as now').default(defaults.fastWindowSeconds),
      slowWindowSeconds: span('seconds', 'What counts as lately').default(defaults.slowWindowSeconds),
      deviationWindow: z
        .enum(['fast', 'slow'])
        .describe('Which of the two tells how much demand varies; slow where hosts are packed for the hours to come')
        .default(defaults.deviationWindow),
      staleAfterIntervals: whole('Data older than this many sampling intervals is not believed', 1).default(
        defaults.staleAfterIntervals,
      ),
      frozenAfterSamples: whole(
        'So many samples of the processor that are the same to the last bit are not believed; 0: always believed',
      ).default(defaults.frozenAfterSamples),
      hotShare: share('Of its processors, above which a host has too much to do').default(defaults.hotShare),
      hotSeconds: span('seconds', 'What is above it for so long counts, whatever was before').default(
        defaults.hotSeconds,
      ),
      seasonMinutes: span('minutes', 'How long a day lasts: then load comes round again').default(
        defaults.seasonMinutes,
      ),
      soonMinutes: span('minutes', 'How far ahead "soon" is').default(defaults.soonMinutes),
      laterMinutes: span('minutes', 'How far ahead "later" is').default(defaults.laterMinutes),
    })
    .superRefine((observe, context) => {
      requireOrder(observe, 'fastWindowSeconds', 'sampleSeconds', context);
      requireOrder(observe, 'slowWindowSeconds', 'fastWindowSeconds', context);
      requireOrder(observe, 'laterMinutes', 'soonMinutes', context);
      requireOrder(observe, 'seasonMinutes', 'laterMinutes', context);
    })
    .describe('How data is gathered; all times are datacenter times')
    .prefault({});
}

type Span = {
  [Key in keyof ObserveSettings]: Key extends `${string}${'Seconds' | 'Minutes'}` ? Key : never;
}[keyof ObserveSettings];

function requireOrder(observe: ObserveSettings, longer: Span, shorter: Span, context: z.RefinementCtx): void {
  if (observe[longer] >= observe[shorter]) return;
  const message = `is ${observe[longer]}, should be no shorter than ${shorter} (${observe[shorter]})`;
  context.addIssue({ code: 'custom', path: [longer], message });
}

function telemetrySchema(defaults: TelemetrySettings) {
  return z
    .strictObject({
      perHostSeries: flag('Whether each host has metrics of its own').default(defaults.perHostSeries),
      perVmSeries: flag('Whether each VM has metrics of its own: eight more series for each').default(
        defaults.perVmSeries,
      ),
      mostSeries: whole('Hosts and VMs that would make more series than this have none of their own').default(
        defaults.mostSeries,
      ),
      undoneWithinHours: span('hours', 'A migration back to where the VM came from counts as undone within').default(
        defaults.undoneWithinHours,
      ),
    })
    .describe('What the metrics tell')
    .prefault({});
}

function listenSchema(defaults: Settings['listen']) {
  return z
    .strictObject({
      address: text('127.0.0.1 is this machine only; 0.0.0.0 is everybody, and there is no password').default(
        defaults.address,
      ),
      port: whole('Port of console, API and metrics; 0 takes a free one').max(HIGHEST_PORT).default(defaults.port),
    })
    .describe('Where console, API and metrics are served')
    .prefault({});
}

function logSchema(defaults: Settings['log']) {
  return z
    .strictObject({
      level: choice(['debug', 'info', 'warn', 'error'], 'The least important lines to show').default(defaults.level),
      format: choice(['auto', 'text', 'json'], 'auto: text on a terminal, JSON elsewhere').default(defaults.format),
    })
    .describe('What is logged to stderr')
    .prefault({});
}

function generalFields(defaults: DriverlessSettings, kind: DriverKind) {
  return {
    cluster: text('Name of this cluster in console, metrics and logs').default(defaults.cluster),
    mode: choice(
      MODES,
      'observe: metrics only; recommend: decisions are shown, nothing is done; confirm: each plan waits for a person; auto',
    ).default(defaults.mode),
    power: flag('Whether hosts may be switched on and off; apart from the mode on purpose').default(defaults.power),
    hostPower: hostPowerSchema(defaults.hostPower, kind === 'simulated'),
    coexistence: coexistenceSchema(defaults.coexistence),
  };
}

function workFields(defaults: DriverlessSettings) {
  return {
    stateFolder: text('Where journal and history are kept').default(defaults.stateFolder),
    history: historySchema(defaults.history),
    listen: listenSchema(defaults.listen),
    log: logSchema(defaults.log),
    observe: observeSchema(defaults.observe),
    telemetry: telemetrySchema(defaults.telemetry),
    profile: profileSchema(defaults.profile),
    profiles: z
      .record(z.string().min(1), profileSchema(defaults.profile))
      .describe('More profiles, by names that the calendar can use; each says all that is not a default')
      .default({}),
    prices: pricesSchema,
    limits: limitsSchema,
    decideSeconds: span(
      'seconds',
      'Real time that a round of decisions may take: after most of it the search ends with what it has, and the next round goes on; a policy that does not come to an end by then is left out until its file changes',
    ).default(defaults.decideSeconds),
    rules: z.array(ruleSchema).superRefine(refuseTwins('rules')).describe('Rules that must always hold').default([]),
    policyFolders: texts(
      'Folders with policies of your own, watched for changes; what lies there is at work with weight 1 unless the profile names it',
    ).default([]),
    hooks: hooksSchema,
    calendar: calendarSchema,
  };
}

/** The schema of a configuration for this driver: the defaults in it depend on the driver, and on how long its day is. */
export function settingsSchema(kind: DriverKind, dayMinutes?: number) {
  const defaults = defaultsFor(kind, dayMinutes);
  const driver = DRIVER_SCHEMAS[kind];
  const sources = sourcesSchema(kind);
  return z
    .strictObject({ ...generalFields(defaults, kind), driver, sources, ...workFields(defaults) })
    .superRefine(refuseUnknownProfiles)
    .superRefine(refuseUnknownHosts);
}

/** For editors: what may stand in a configuration file. */
export function configJsonSchema(): unknown {
  const schema = z.toJSONSchema(settingsSchema('simulated'), { io: 'input' });
  const drivers = DRIVER_KINDS.map((kind) => z.toJSONSchema(DRIVER_SCHEMAS[kind], { io: 'input' }));
  const driver = { anyOf: drivers.map(({ $schema: _, ...driver }) => driver) };
  return { ...schema, properties: { ...schema.properties, driver }, title: 'Configuration of Drover' };
}
