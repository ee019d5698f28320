import { connect } from 'node:net';
import type { Finding } from '../../domain/finding.ts';
import { SECOND } from '../../domain/units.ts';
import { bytesWords } from '../../domain/words.ts';
import type { DomainRef } from './hypervisor.ts';
import type { Examined, ExaminedGuest } from './preflight-reach.ts';
import { MIGRATE, PROCEDURE } from './procedures.ts';
import { endpointOf } from './uri.ts';
import { XdrWriter } from './xdr.ts';
import { at, parseXml, textAt } from './xml.ts';

/** So few hosts that each is tried with each; of more, each with the next. */
const EACH_WITH_EACH = 8;
const FIRST_MIGRATION_PORT = 49_152;
const PORT_ANSWERS_MS = 2 * SECOND;
const INCOMPATIBLE = 0;
const IDENTICAL = 1;
const SELF = 'ffffffff-ffff-4fff-8fff-ffffffffffff';

/** Whether guests would get from host to host: the way there, the processors, the networks, the room. */
export async function migrationFindings(reached: readonly Examined[]): Promise<Finding[]> {
  const ports = await Promise.all(reached.map(portFinding));
  const pairs: Finding[][] = [];
  for (const [source, target] of pairsOf(reached)) {
    const about = `${source.host.id} → ${target.host.id}`;
    pairs.push([await wayFinding(about, source, target), ...(await cpuFindings(about, source, target))]);
  }
  return [...ports, ...pairs.flat(), ...(await networkFindings(reached)), ...roomFindings(reached)];
}

function pairsOf(reached: readonly Examined[]): (readonly [Examined, Examined])[] {
  if (reached.length > EACH_WITH_EACH) {
    return reached.map((source, index) => [source, reached[(index + 1) % reached.length]!] as const);
  }
  return reached.flatMap((source) =>
    reached.flatMap((target) => (source === target ? [] : [[source, target] as const])),
  );
}

/** Nobody listens there until a guest comes: what refuses can be reached, what keeps silent is behind a firewall. */
async function portFinding({ host }: Examined): Promise<Finding> {
  const common = { about: host.id, check: 'ports' };
  const endpoint = endpointOf(host.peerUri ?? host.uri);
  if (typeof endpoint === 'string' || endpoint.by === 'unix') {
    const words = 'other hosts cannot reach it by a socket of its own';
    const remedy = `Give ${host.id} a peerUri such as qemu+tls://${host.id}.example/system.`;
    return { ...common, state: 'failed', words, remedy };
  }
  const name = endpoint.by === 'ssh' ? endpoint.destination.replace(/^.*@/, '') : endpoint.host;
  if (await answers(name, FIRST_MIGRATION_PORT)) {
    return { ...common, state: 'ok', words: `port ${FIRST_MIGRATION_PORT} of ${name} is open, as seen from here` };
  }
  const words = `port ${FIRST_MIGRATION_PORT} of ${name} keeps silent, as seen from here`;
  const remedy = `Open the ports 49152 to 49215 of ${name} to the other hosts, or set migration_port_min and migration_port_max in its qemu.conf to ports that are.`;
  return { ...common, state: 'failed', words, remedy };
}

function answers(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port, timeout: PORT_ANSWERS_MS });
  socket.once('connect', () => resolve(true));
  socket.once('timeout', () => resolve(false));
  socket.once('error', (error: Error & { code?: unknown }) => resolve(error.code === 'ECONNREFUSED'));
  return promise.finally(() => socket.destroy());
}

/**
 * The source is asked for a migration that it must refuse, since the guest would be another one over there: it connects to
 * the target before it looks. So its own way is tried, with its own credentials, and nothing comes of it.
 */
async function wayFinding(about: string, source: Examined, target: Examined): Promise<Finding> {
  const common = { about, check: 'way' };
  const [guest] = source.guests;
  if (guest === undefined) return { ...common, state: 'unknown', words: 'no guest is there to ask the way for' };
  const uri = target.host.peerUri ?? target.host.uri;
  const refusal = await refusedMigration(source, guest, uri);
  if (/uuid/i.test(refusal)) {
    return { ...common, state: 'ok', words: `${source.host.id} gets through to ${uri}` };
  }
  const remedy = `See that libvirt on ${source.host.id} may connect: virsh -c ${uri} uri, run there as root, says what is wrong; peerUri gives another way.`;
  return { ...common, state: 'failed', words: refusal, remedy };
}

async function refusedMigration(
  { hypervisor }: Examined,
  { domain, xml }: ExaminedGuest,
  uri: string,
): Promise<string> {
  const other = xml.replace(/<uuid>[^<]*<\/uuid>/, `<uuid>${SELF}</uuid>`);
  if (other === xml) return 'its description names no uuid';
  const flags = MIGRATE.live | MIGRATE.peerToPeer;
  const parameters = [{ name: 'destination_xml', as: 'string', value: other } as const];
  return hypervisor.migrate({ domain, targetUri: uri, parameters, flags }).then(
    () => 'it went along with what it should have refused',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

/** By libvirt's own compare, once for each kind of processor that guests there have. */
async function cpuFindings(about: string, source: Examined, target: Examined): Promise<Finding[]> {
  const wishes = new Map<string, CpuWish>();
  for (const guest of source.guests) {
    const wish = cpuWishOf(guest, source.cpuXml);
    if (wish !== undefined && !wishes.has(wish.key)) wishes.set(wish.key, wish);
  }
  return Promise.all([...wishes.values()].map((wish) => cpuFinding(about, wish, target)));
}

interface CpuWish {
  readonly key: string;
  readonly guest: DomainRef;
  readonly words: string;
  readonly xml: string;
  /** The host's own processor, which the target must have to the last feature. */
  readonly isHosts: boolean;
  readonly machine: readonly (string | undefined)[];
}

function cpuWishOf({ domain, xml }: ExaminedGuest, hostCpu: string): CpuWish | undefined {
  const own = /<cpu[\s>][\s\S]*?<\/cpu>|<cpu[^>]*\/>/.exec(xml)?.[0];
  if (own === undefined) return undefined;
  const root = parseXml(xml);
  const mode = at(root, 'cpu')?.attributes.mode ?? 'custom';
  const isHosts = mode === 'host-passthrough' || mode === 'maximum';
  const type = at(root, 'os', 'type')?.attributes ?? {};
  const machine = [textAt(root, 'devices', 'emulator'), type.arch, type.machine, root.attributes.type];
  const words = isHosts ? mode : (textAt(root, 'cpu', 'model') ?? mode);
  const wanted = isHosts ? hostCpu : own;
  return { key: JSON.stringify([wanted, machine]), guest: domain, words, xml: wanted, isHosts, machine };
}

async function cpuFinding(about: string, wish: CpuWish, { host, hypervisor }: Examined): Promise<Finding> {
  const args = new XdrWriter();
  for (const word of wish.machine) args.optionalText(word);
  const common = { about, check: 'cpu' };
  try {
    const verdict = (await hypervisor.ask(PROCEDURE.compareCpu, args.text(wish.xml).uint(0))).int();
    const isFit = wish.isHosts ? verdict === IDENTICAL : verdict > INCOMPATIBLE;
    if (isFit)
      return { ...common, state: 'ok', words: `${host.id} has what ${wish.words} of ${wish.guest.name} needs` };
    const words = `${host.id} lacks what ${wish.words} of ${wish.guest.name} needs`;
    const remedy = `Give such guests a named processor model that all hosts have (virsh hypervisor-cpu-baseline finds it), or let them stay by pinnedTo.`;
    return { ...common, state: 'failed', words, remedy };
  } catch (error) {
    const words = `${host.id} does not compare: ${error instanceof Error ? error.message : String(error)}`;
    return { ...common, state: 'unknown', words };
  }
}

/** Networks by name can be listed; bridges are seen where the host has a driver for its interfaces. */
async function networkFindings(reached: readonly Examined[]): Promise<Finding[]> {
  const wanted = [...new Set(reached.flatMap(({ guests }) => guests.flatMap(({ facts }) => facts.networks)))].sort();
  if (wanted.length === 0) return [];
  return Promise.all(reached.map((examined) => networkFinding(examined, wanted)));
}

async function networkFinding({ host, hypervisor }: Examined, wanted: readonly string[]): Promise<Finding> {
  const common = { about: host.id, check: 'networks' };
  const listed = async (
    procedure: number,
    prefix: string,
    skip: (reply: { fixed(n: number): unknown; text(): string }) => void,
  ) => {
    const reply = await hypervisor.ask(procedure, new XdrWriter().int(1).uint(0));
    return reply.list(() => {
      const name = `${prefix}${reply.text()}`;
      skip(reply);
      return name;
    });
  };
  const networks = await listed(PROCEDURE.listNetworks, 'network:', (reply) => reply.fixed(16)).catch(() => undefined);
  const bridges = await listed(PROCEDURE.listInterfaces, '', (reply) => reply.text()).catch(() => undefined);
  const isHeld = (name: string) => host.networks?.includes(name) !== false;
  const missing = wanted.filter(isHeld).filter((name) => {
    const there = name.startsWith('network:') ? networks : bridges;
    return (
      there !== undefined && there.length > 0 && !there.includes(name.replace(/\.\d+$/, '')) && !there.includes(name)
    );
  });
  if (missing.length > 0) {
    const words = `has no ${missing.join(', ')}, which guests are plugged into`;
    const remedy = `Make ${missing.join(', ')} on ${host.id}, or list in its networks what it has: such guests then stay away from it.`;
    return { ...common, state: 'failed', words, remedy };
  }
  if (bridges === undefined || bridges.length === 0) {
    return {
      ...common,
      state: 'unknown',
      words: `does not tell its bridges; a guest would be refused where one is missing`,
    };
  }
  return { ...common, state: 'ok', words: `has ${wanted.filter(isHeld).join(', ')}` };
}

/** Each host's largest guest must find room somewhere else, else the host can never be emptied. */
function roomFindings(reached: readonly Examined[]): Finding[] {
  return reached.flatMap(({ host, guests }) => {
    const largest = guests.toSorted((a, b) => b.facts.memoryBytes - a.facts.memoryBytes)[0];
    if (largest === undefined || reached.length < 2) return [];
    const { name } = largest.domain;
    const size = bytesWords(largest.facts.memoryBytes);
    const place = reached.find((other) => other.host !== host && other.freeBytes >= largest.facts.memoryBytes);
    const common = { about: host.id, check: 'room elsewhere' };
    if (place !== undefined)
      return { ...common, state: 'ok' as const, words: `${name} (${size}) fits on ${place.host.id}` };
    const remedy = `Free memory on another host: ${host.id} can never be emptied as long as ${name} fits nowhere.`;
    return { ...common, state: 'failed' as const, words: `no other host has ${size} free for ${name}`, remedy };
  });
}
