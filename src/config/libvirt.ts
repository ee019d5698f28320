import * as z from 'zod';
import { TYPICAL_SERVER } from '../domain/power.ts';
import { amount, factor, flag, isHttp, span, text, texts, whole } from './fields.ts';
import { refuseTwins } from './twins.ts';

const LEAST_CURVE_POINTS = 2;
const HIGHEST_PORT = 65_535;
const IPMI_PORT = 623;
const WAKE_PORT = 9;
const SSH_PORT = 22;
const FINGERPRINT = /^[0-9a-f]{2}(:?[0-9a-f]{2}){31}$/i;
const MAC = /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i;
const URI = /^qemu\+(tcp|tls|ssh|unix):\/\/([^/?#]*)\/(system|session)(\?(.*))?$/;

/** What may stand behind the question mark. */
const HEEDED: Readonly<Record<string, readonly string[]>> = { ssh: ['keyfile', 'known_hosts'], unix: ['socket'] };

const uri = (about: string, isOurs: boolean) =>
  text(about).superRefine((value, context) => {
    const message = uriFault(value) ?? (isOurs ? queryFault(value) : undefined);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** A password in it would be shown wherever the URI is, and no way of getting there takes one. */
function uriFault(value: string): string | undefined {
  const [, by, authority = ''] = URI.exec(value) ?? [];
  if (by === 'unix' && authority === '') return undefined;
  const url = by === undefined || authority === '' ? '' : `http://${authority}`;
  if (by === 'unix' || !URL.canParse(url)) {
    return `is ${JSON.stringify(value)}, should be such as "qemu+tls://h1/system"`;
  }
  if (new URL(url).password === '') return undefined;
  return 'carries a password, should have none: ssh takes a key (?keyfile=FILE), and TLS certificates';
}

/** libvirt's own clients know more of them; one that is not heeded must not be believed to be. */
function queryFault(value: string): string | undefined {
  const [, by = '', , , query = ''] = URI.exec(value) ?? [];
  const heeded = HEEDED[by] ?? [];
  const other = [...new URLSearchParams(query).keys()].find((name) => !heeded.includes(name));
  if (other === undefined) return undefined;
  const words = heeded.length === 0 ? 'nothing behind "?"' : `no other than ${heeded.join(' and ')}`;
  return `has ${other}, should have ${words}${by === 'tls' ? ' (certificates stand in tls)' : ''}`;
}

interface Secret {
  readonly passwordFile?: string;
  readonly passwordEnv?: string;
}

/** Where a password is found; it never stands in the configuration itself. */
const secretFields = {
  passwordFile: text('A file with the password alone, readable by Drover').exactOptional(),
  passwordEnv: text('The variable of the environment that holds the password').exactOptional(),
};

const port = (about: string, usual: number) => whole(about, 1).max(HIGHEST_PORT).default(usual);

const ipmiSchema = z
  .strictObject({
    kind: z.literal('ipmi').describe('A BMC that speaks IPMI 2.0; ipmitool must be installed'),
    address: text('Its own address in the network'),
    port: port('Its port', IPMI_PORT),
    user: text('Who logs in; operator is privilege enough'),
    ...secretFields,
  })
  .superRefine(refuseUnclearSecret);

const redfishSchema = z
  .strictObject({
    kind: z.literal('redfish').describe('A BMC that speaks Redfish'),
    url: text('Where it answers, without /redfish/v1').refine(isHttp, {
      error: (issue) => `is ${JSON.stringify(issue.input)}, should be a URL such as "https://kvm1-bmc.example"`,
    }),
    user: text('Who logs in; operator is privilege enough'),
    ...secretFields,
    ca: text('File of the authority that signed its certificate').exactOptional(),
    fingerprint: text('SHA-256 fingerprint of its certificate, which alone is then believed')
      .refine((value) => FINGERPRINT.test(value), {
        error: (issue) =>
          `is ${JSON.stringify(issue.input)}, should be 32 bytes in hexadecimal such as "9F:86:D0:…", as openssl x509 -fingerprint -sha256 prints them`,
      })
      .exactOptional(),
    system: text('Which of its systems, where it has several').exactOptional(),
  })
  .superRefine(refuseUnclearSecret)
  .superRefine(({ ca, fingerprint }, context) => {
    if (ca === undefined || fingerprint === undefined) return;
    context.addIssue({ code: 'custom', message: 'gives both ca and fingerprint, should give one of them' });
  });

const wakeOnLanSchema = z.strictObject({
  kind: z.literal('wake-on-lan').describe('No BMC: woken over the network, shut down by a command'),
  mac: text('The address of the network card that listens').refine((value) => MAC.test(value), {
    error: (issue) => `is ${JSON.stringify(issue.input)}, should be such as "52:54:00:12:34:56"`,
  }),
  broadcast: text('Where the packet is sent: the broadcast address of its network').default('255.255.255.255'),
  port: port('The port that the packet is sent to', WAKE_PORT),
  address: text('Where the host answers while it is awake'),
  answersAtPort: port('A port that it answers at, if only to refuse', SSH_PORT),
  shutdownCommand: texts('A program and its words that shut the host down, run where Drover runs; no shell').min(1),
});

const bmcSchema = z
  .discriminatedUnion('kind', [ipmiSchema, redfishSchema, wakeOnLanSchema])
  .describe('How the host is switched on and off');

function refuseUnclearSecret({ passwordFile, passwordEnv }: Secret, context: z.RefinementCtx): void {
  if ((passwordFile === undefined) !== (passwordEnv === undefined)) return;
  const message = `names ${passwordFile === undefined ? 'no' : 'more than one'} password, should give either passwordFile or passwordEnv`;
  context.addIssue({ code: 'custom', message });
}

const powerModelSchema = z
  .strictObject({
    watts: z
      .array(amount('W', 'Draw at this load'))
      .min(LEAST_CURVE_POINTS)
      .describe('Draw in W at evenly spaced loads, from idle to full; two points are idle and maximum')
      .default([...TYPICAL_SERVER.watts]),
    offWatts: amount('W', 'Draw when switched off').default(TYPICAL_SERVER.offWatts),
    bootSeconds: amount('s', 'From the command until libvirt answers').default(TYPICAL_SERVER.bootSeconds),
    shutdownSeconds: amount('s', 'How long it may take to shut itself down').default(TYPICAL_SERVER.shutdownSeconds),
  })
  .describe('What it draws at which load, and how long it takes to switch')
  .prefault({});

const hostSchema = z
  .strictObject({
    id: text('What it is called in Drover'),
    uri: uri('How Drover reaches its libvirt: qemu+tls, qemu+tcp, qemu+ssh or qemu+unix', true),
    peerUri: uri('How the other hosts reach it; absent: by the same URI', false).exactOptional(),
    rack: z.string().describe('The rack that it stands in').default(''),
    site: z.string().describe('The site that it stands in').default(''),
    subnet: z.string().describe('The subnet of its guests').default(''),
    labels: z.record(z.string(), z.string()).describe('Labels for rules').default({}),
    networks: texts(
      'Bridges and networks that guests can be plugged into; absent: all that any guest is',
    ).exactOptional(),
    cores: span('cores', 'How many cores guests may use; absent: as libvirt counts').exactOptional(),
    coreMhz: span('MHz', 'What a core does; absent: the clock that libvirt tells').exactOptional(),
    memoryGib: span('GiB', 'How much memory there is; absent: as libvirt counts').exactOptional(),
    reservedCores: factor('How many cores the host itself needs').default(0),
    reservedMemoryGib: amount('GiB', 'Memory that the host itself needs').default(1),
    linkGbitPerS: span('Gbit/s', 'What its network carries for guests').default(10),
    migrationGbitPerS: span('Gbit/s', 'What its network carries for migrations').default(10),
    powerModel: powerModelSchema,
    maintenance: flag('In maintenance it is emptied and takes nothing').default(false),
    bmc: bmcSchema.exactOptional(),
  })
  .describe('A host under libvirt');

const migrationSchema = z
  .strictObject({
    control: z
      .enum(['peer-to-peer', 'managed'])
      .describe(
        'Who leads a migration: Drover (managed), which never lets a guest run twice, and then the hosts need no way to each other’s libvirt; or the source (peer-to-peer), which must be able to log in to libvirt on the target and goes on without Drover',
      )
      .default('managed'),
    autoConverge: flag('Whether guests that write too fast are slowed down').default(true),
    parallelConnections: whole('Streams that memory is copied in', 1).default(1),
    compressed: flag('Whether memory is compressed on the way').default(false),
    postCopy: flag(
      'Whether a migration may be finished by moving the guest first and its memory after: a failure then loses it',
    ).default(false),
    mostMibPerS: whole('The most MiB/s that one migration takes; 0: all there is').default(0),
  })
  .describe('How guests are migrated')
  .prefault({});

const tlsSchema = z
  .strictObject({
    ca: text('File of the certificate authority'),
    cert: text('File of the client certificate'),
    key: text('File of its key'),
  })
  .describe('Client certificate for hosts that are reached by qemu+tls');

export const libvirtSchema = z
  .strictObject({
    kind: z.literal('libvirt').describe('Hosts under libvirt: KVM and QEMU'),
    hosts: z
      .array(hostSchema)
      .min(1)
      .superRefine(refuseTwins('hosts'))
      .superRefine(refuseTwins('hosts', 'uri'))
      .describe('The hosts'),
    sharedPaths: texts('Folders that are one and the same on all hosts: NFS, a cluster file system').default([]),
    saveFolder: text(
      'The folder among the shared ones that guests are saved to when they can only be moved stopped; absent: they are not',
    ).exactOptional(),
    migration: migrationSchema,
    connectSeconds: span('seconds', 'A host that does not answer within counts as out of reach').default(5),
    pingSeconds: span(
      'seconds',
      'Silence that is answered by a ping; three times as much, and a connection is lost',
    ).default(2),
    dirtyRateSeconds: amount('seconds', 'How often the rate at which each guest writes is measured; 0: never').default(
      300,
    ),
    tls: tlsSchema.exactOptional(),
  })
  .describe('Which datacenter is driven, and how');

/** Real hosts: how to reach each, and what its hypervisor cannot know. */
export type LibvirtSettings = z.output<typeof libvirtSchema>;
export type LibvirtHostSettings = LibvirtSettings['hosts'][number];
