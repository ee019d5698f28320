import type { Finding } from '../../domain/finding.ts';
import type { HostId } from '../../domain/host.ts';
import { GIB, KIB, SECOND } from '../../domain/units.ts';
import { bytesWords } from '../../domain/words.ts';
import type { Clock } from '../../ports/clock.ts';
import { readCapabilities, readPool } from './capabilities.ts';
import { HypervisorError } from './connection.ts';
import { type DomainFacts, readDomainXml } from './domain-xml.ts';
import type { DomainRef } from './hypervisor.ts';
import { Hypervisor } from './hypervisor.ts';
import { PROCEDURE, XML_MIGRATABLE, XML_SECURE } from './procedures.ts';
import type { LibvirtHost, LibvirtSettings } from './settings.ts';
import { localStorage, storagesOf } from './storages.ts';
import { UnreadableFile } from './transport.ts';
import { numberOf } from './typed-parameters.ts';
import { type Endpoint, endpointOf } from './uri.ts';
import { XdrWriter } from './xdr.ts';

export interface ExaminedGuest {
  readonly domain: DomainRef;
  readonly facts: DomainFacts;
  readonly xml: string;
  /** By what its disks lie on; it stays where it is if that is local to its host. */
  readonly storages: readonly string[];
}

/** A host that answers, with what it said; its connection stays open for what is tried next. */
export interface Examined {
  readonly host: LibvirtHost;
  readonly hypervisor: Hypervisor;
  readonly uuid: string;
  readonly cpuXml: string;
  readonly freeBytes: number;
  readonly guests: readonly ExaminedGuest[];
}

export interface HostExamination {
  readonly findings: readonly Finding[];
  readonly examined?: Examined;
}

/** Whether a guest could go to another host as far as its disks and devices are concerned. */
export const isFree = ({ facts, storages }: ExaminedGuest, host: HostId): boolean =>
  facts.holds.length === 0 && !storages.includes(localStorage(host));

/** Has all calls that Drover makes; of those before it none was ever tried. */
const OLDEST = 4_005_000;
const MAJOR = 1_000_000;
const MINOR = 1_000;
const NOWHERE = /^localhost\b/;

export async function examineHost(
  host: LibvirtHost,
  { settings, clock }: { readonly settings: LibvirtSettings; readonly clock: Clock },
): Promise<HostExamination> {
  const endpoint = endpointOf(host.uri);
  const failed = (words: string, remedy: string): HostExamination => ({
    findings: [{ about: host.id, check: 'connection', state: 'failed', words, remedy }],
  });
  if (typeof endpoint === 'string') return failed(endpoint, 'Correct the uri of the host.');
  const times = { pingMs: settings.pingSeconds * SECOND, connectMs: settings.connectSeconds * SECOND };
  try {
    const hypervisor = await Hypervisor.open({ endpoint, tls: settings.tls, clock, ...times, heard: () => {} });
    try {
      return await examine(host, hypervisor, settings.sharedPaths);
    } catch (error) {
      hypervisor.close();
      return failed(wordsOf(error), rightsRemedy(host));
    }
  } catch (error) {
    return failed(`${host.uri}: ${wordsOf(error)}`, connectionRemedy(endpoint, error));
  }
}

async function examine(
  host: LibvirtHost,
  hypervisor: Hypervisor,
  sharedPaths: readonly string[],
): Promise<HostExamination> {
  const version = (await hypervisor.ask(PROCEDURE.libVersion, new XdrWriter())).unsignedHyper();
  const name = (await hypervisor.ask(PROCEDURE.hostname, new XdrWriter())).text();
  const capabilities = await hypervisor.capabilities();
  const memory = await hypervisor.memoryStats();
  const pools = (await hypervisor.pools()).map(readPool);
  const domains = await hypervisor.domains();
  const guests = await Promise.all(
    domains.map(async (domain) => {
      const xml = await hypervisor.domainXml(domain, XML_SECURE | XML_MIGRATABLE);
      const facts = readDomainXml(xml);
      return { domain, xml, facts, storages: storagesOf(facts.disks, host.id, pools, sharedPaths) };
    }),
  );
  const kib = (stat: string) => numberOf(memory, stat) ?? 0;
  const examined = {
    host,
    hypervisor,
    guests,
    uuid: readCapabilities(capabilities).uuid,
    cpuXml: /<cpu>[\s\S]*?<\/cpu>/.exec(capabilities)?.[0] ?? '',
    freeBytes: (kib('free') + kib('buffers') + kib('cached')) * KIB,
  };
  const sizeBytes = host.memoryGib === undefined ? kib('total') * KIB : host.memoryGib * GIB;
  const findings = [versionFinding(host, version), nameFinding(host, name), memoryFinding(examined, sizeBytes)];
  return { findings: [connectionFinding(host, guests.length), ...findings], examined };
}

const connectionFinding = ({ id, uri }: LibvirtHost, guests: number): Finding => ({
  about: id,
  check: 'connection',
  state: 'ok',
  words: `${uri} answers, and tells of ${guests === 1 ? '1 guest' : `${guests} guests`} with all that is in the description`,
});

function versionFinding({ id }: LibvirtHost, version: number): Finding {
  const dotted = [Math.floor(version / MAJOR), Math.floor((version % MAJOR) / MINOR), version % MINOR].join('.');
  const common = { about: id, check: 'version', words: `libvirt ${dotted}` };
  if (version >= OLDEST) return { ...common, state: 'ok' };
  return { ...common, state: 'failed', remedy: 'Upgrade libvirt on this host to 4.5 or later.' };
}

/** Where migration_host is not set, the source is told to send the guest to whatever the target calls itself. */
function nameFinding({ id }: LibvirtHost, name: string): Finding {
  const common = { about: id, check: 'name', words: `calls itself ${name}` };
  if (!NOWHERE.test(name)) return { ...common, state: 'ok' };
  const remedy = `Give ${id} a host name that the other hosts can resolve, or set migration_host in its qemu.conf: guests would be sent to ${name}.`;
  return { ...common, state: 'failed', remedy };
}

function memoryFinding({ host, guests, freeBytes }: Examined, sizeBytes: number): Finding {
  const guestBytes = guests.reduce((sum, { facts }) => sum + facts.memoryBytes, 0);
  const leftBytes = sizeBytes - host.reservedMemoryGib * GIB - guestBytes;
  const common = { about: host.id, check: 'memory' };
  if (leftBytes >= 0) {
    const words = `room for ${bytesWords(leftBytes)} of guests, ${bytesWords(freeBytes)} are free now`;
    return { ...common, state: 'ok', words };
  }
  const words = `its guests are given ${bytesWords(-leftBytes)} more than it has beside what is reserved`;
  const remedy = `Move guests away from ${host.id}, or correct its memoryGib and reservedMemoryGib: it takes no more guests as it is.`;
  return { ...common, state: 'failed', words, remedy };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const rightsRemedy = ({ id }: LibvirtHost): string =>
  `Let the account that Drover logs in with on ${id} read and manage all guests: the polkit action org.libvirt.unix.manage, or membership in the group libvirt.`;

function connectionRemedy(endpoint: Endpoint, error: unknown): string {
  if (error instanceof UnreadableFile) return 'Correct tls in the configuration, or let Drover read that file.';
  if (error instanceof HypervisorError) return 'Let the account that Drover logs in with manage libvirt there.';
  if (endpoint.by === 'unix') return `Start libvirtd (or virtqemud) here, and let Drover write to ${endpoint.path}.`;
  if (endpoint.by === 'ssh') {
    return `See that \`ssh -o BatchMode=yes ${endpoint.destination} virt-ssh-helper qemu:///system\` gets in without a question: a key without passphrase, a known host key, and virt-ssh-helper there, which is part of libvirt since 6.8.`;
  }
  const service = `libvirtd-${endpoint.by}.socket (or virtproxyd-${endpoint.by}.socket)`;
  const certificates =
    endpoint.by === 'tls'
      ? ', that the certificates of both sides are by one authority, and that tls_allowed_dn_list, where it is set there, names the client’s'
      : '';
  return `See that ${service} is enabled there, that port ${endpoint.port} of ${endpoint.host} is open to Drover${certificates}.`;
}
