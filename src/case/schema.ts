import * as z from 'zod';
import { amount, anyText, choice, fieldPerKey, flag, span, text, texts, whole } from '../config/fields.ts';
import { limitsSchema, pricesSchema, profileSchema, ruleSchema } from '../config/pieces.ts';
import { HOST_DEFAULTS } from '../domain/host.ts';
import { POWER_STATES, TYPICAL_SERVER } from '../domain/power.ts';
import { DEFAULT_PROFILE } from '../domain/profile.ts';
import { VM_DEFAULTS } from '../domain/vm.ts';

export const FORMAT = 'case/1';

const LEAST_CURVE_POINTS = 2;

const labels = (about: string) => z.record(z.string(), z.string()).describe(about).default({});
const atMs = (about: string) => amount('epoch milliseconds', about);

/** Amounts of which the resources that must be named are required, and the others are 0 unless said otherwise. */
const amounts = (about: string) =>
  z
    .strictObject(
      fieldPerKey((resource) => {
        const field = amount(resource.unit, resource.about);
        return resource.optional ? field.default(0) : field;
      }),
    )
    .describe(about);

const spare = (about: string) =>
  z
    .strictObject(fieldPerKey((resource) => amount(resource.unit, resource.about).default(0)))
    .describe(about)
    .prefault({});

const cpuKindSchema = z
  .strictObject({
    vendor: anyText('Such as Intel or AMD').default(''),
    model: anyText('Such as EPYC-Milan').default(''),
    features: texts('Instruction sets and the like that guests may ask for').default([]),
  })
  .describe('Its processor')
  .prefault({});

const powerModelSchema = z
  .strictObject({
    watts: z
      .array(amount('W', 'Draw at this load'))
      .min(LEAST_CURVE_POINTS)
      .describe('Draw in W at evenly spaced loads, from idle to full; two points are idle and maximum')
      .default([...TYPICAL_SERVER.watts]),
    offWatts: amount('W', 'Draw when switched off').default(TYPICAL_SERVER.offWatts),
    bootSeconds: amount('s', 'From the command until it takes VMs').default(TYPICAL_SERVER.bootSeconds),
    shutdownSeconds: amount('s', 'From the command until it is off').default(TYPICAL_SERVER.shutdownSeconds),
  })
  .describe('What it draws at which load')
  .prefault({});

export const hostSchema = z
  .strictObject({
    id: text('Its name, unique among hosts'),
    capacity: amounts('What it offers'),
    reserved: spare('What the hypervisor itself uses and guests never get'),
    cores: span('cores', 'How many processor cores it has').default(HOST_DEFAULTS.cores),
    migrationBytesPerS: span('bytes/s', 'Bandwidth of its migration network').default(HOST_DEFAULTS.migrationBytesPerS),
    cpu: cpuKindSchema,
    subnet: anyText('The subnet that its guests are in').default(HOST_DEFAULTS.subnet),
    storages: texts('The storages that it sees').default([]),
    vlans: texts('The VLANs that it reaches').default([]),
    rack: anyText('The rack that it stands in').default(HOST_DEFAULTS.rack),
    site: anyText('The site that it stands at').default(HOST_DEFAULTS.site),
    labels: labels('Names and values of your own'),
    powerModel: powerModelSchema,
    power: choice(POWER_STATES, 'Its power state').default(HOST_DEFAULTS.power),
    maintenance: flag('In maintenance it is emptied and takes nothing').default(HOST_DEFAULTS.maintenance),
    known: flag('False while its metrics cannot be trusted').default(HOST_DEFAULTS.known),
    doubt: anyText('Why they cannot, in words').default(HOST_DEFAULTS.doubt),
    provenToWake: flag('False: nobody has seen it come back yet, so it is not switched off').default(
      HOST_DEFAULTS.provenToWake,
    ),
    mayBeWoken: flag('False: somebody else switched it off, and it is theirs to wake').default(
      HOST_DEFAULTS.mayBeWoken,
    ),
    lastPowerChangeAtMs: atMs('When it was last switched; 0: never seen').default(HOST_DEFAULTS.lastPowerChangeAtMs),
    lastArrivalAtMs: atMs('When a VM last arrived; 0: never seen').default(HOST_DEFAULTS.lastArrivalAtMs),
  })
  .describe('A host');

const cpuNeedsSchema = z
  .strictObject({
    vendor: anyText('The vendor that it must run on; empty: any').default(''),
    features: texts('Processor features that it needs').default([]),
  })
  .describe('What it needs of a processor')
  .prefault({});

export const vmSchema = z
  .strictObject({
    id: text('Its name, unique among VMs'),
    host: text('The host that it runs on'),
    vcpus: whole('How many virtual processors it has', 1).default(VM_DEFAULTS.vcpus),
    demand: amounts('What it uses, and of memory what it is configured with'),
    cpuDeviationMhz: amount('MHz', 'Standard deviation of its CPU demand').default(VM_DEFAULTS.cpuDeviationMhz),
    cpuPeakMhz: amount('MHz', 'Highest CPU demand lately; left out: its demand').exactOptional(),
    cpuLowMhz: amount('MHz', 'Lowest CPU demand lately; left out: its demand').exactOptional(),
    cpuSoonMhz: amount('MHz', 'CPU demand expected soon (in half an hour, say); left out: its demand').exactOptional(),
    cpuLaterMhz: amount('MHz', 'CPU demand expected later (in two hours, say); left out: its demand').exactOptional(),
    memoryActiveBytes: amount('bytes', 'Memory in use; left out: all of it').exactOptional(),
    dirtyBytesPerS: amount('bytes/s', 'How fast it writes its memory').default(VM_DEFAULTS.dirtyBytesPerS),
    localDiskBytes: amount('bytes', 'Disks that lie on its host only, so that a migration copies them along').default(
      VM_DEFAULTS.localDiskBytes,
    ),
    storages: texts('The storages that it needs').default([]),
    vlans: texts('The VLANs that it needs').default([]),
    subnet: anyText('The subnet that it must be in; empty: any').default(VM_DEFAULTS.subnet),
    cpuNeeds: cpuNeedsSchema,
    labels: labels('Names and values of your own'),
    tier: anyText('Its class of service').default(VM_DEFAULTS.tier),
    liveSessions: amount('sessions', 'Sessions that a move disturbs').default(VM_DEFAULTS.liveSessions),
    migratable: flag('False: it can run only where it is').default(VM_DEFAULTS.migratable),
    tie: anyText('What ties it to its host, in words').default(VM_DEFAULTS.tie),
    quickAllowed: flag('Whether it may be stopped, saved and resumed elsewhere where it cannot be moved live').default(
      VM_DEFAULTS.quickAllowed,
    ),
    postCopyAllowed: flag('Whether post-copy may finish its migration; a failure then loses it').default(
      VM_DEFAULTS.postCopyAllowed,
    ),
    pinnedTo: texts('The only hosts that it may run on; empty: any').default([]),
    known: flag('False while its metrics cannot be trusted').default(VM_DEFAULTS.known),
    doubt: anyText('Why they cannot, in words').default(VM_DEFAULTS.doubt),
    lastMoveAtMs: atMs('When it was last moved; 0: never seen').default(VM_DEFAULTS.lastMoveAtMs),
  })
  .describe('A VM');

export const flowSchema = z
  .strictObject({
    from: text('The VM that sends'),
    to: text('The VM that receives'),
    bytesPerS: amount('bytes/s', 'How much'),
  })
  .describe('Traffic from one VM to another');

const flightSchema = z
  .strictObject({
    vm: text('The VM that is moving'),
    from: text('The host that it still runs on'),
    to: text('The host that it is moving to'),
    quick: choice(
      ['saving', 'saved'],
      'Quick ones only: its guest still takes room on the host that it leaves, or not any more',
    ).exactOptional(),
  })
  .describe('A migration under way');

const headerFields = {
  drover: z.literal(FORMAT).describe('Says that this is a case file, and of which version'),
  atMs: atMs('The instant that it describes').default(0),
};

const tailFields = {
  limits: limitsSchema,
  prices: pricesSchema,
  profile: profileSchema(DEFAULT_PROFILE),
  power: flag('Whether hosts may be switched on and off').default(true),
};

/** The lists of a case with the schema of their elements, in the order of the file. */
export const LISTS = {
  hosts: hostSchema,
  vms: vmSchema,
  flows: flowSchema,
  rules: ruleSchema,
  flights: flightSchema,
};

const caseSchema = z.strictObject({
  ...headerFields,
  hosts: z.array(hostSchema).describe('The hosts'),
  vms: z.array(vmSchema).describe('The VMs').default([]),
  flows: z.array(flowSchema).describe('Who talks to whom').default([]),
  rules: z.array(ruleSchema).describe('Rules that must always hold').default([]),
  flights: z.array(flightSchema).describe('Migrations under way').default([]),
  ...tailFields,
});

const anyList = z.array(z.unknown());

/** The case without looking into its lists: these are long, and are checked element by element. */
export const outlineSchema = z.strictObject({
  ...headerFields,
  hosts: anyList.describe('of hosts'),
  vms: anyList.default([]),
  flows: anyList.default([]),
  rules: anyList.default([]),
  flights: anyList.default([]),
  ...tailFields,
});

export function caseJsonSchema(): unknown {
  const schema = z.toJSONSchema(caseSchema, { io: 'input' });
  return { ...schema, title: 'Case file of Drover' };
}
