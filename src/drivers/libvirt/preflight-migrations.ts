import type { Finding } from '../../domain/finding.ts';
import { bytesWords } from '../../domain/words.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DomainRef } from './hypervisor.ts';
import type { Examined, ExaminedGuest } from './preflight-reach.ts';
import { addressFindings, Ways } from './preflight-ways.ts';
import { PROCEDURE } from './procedures.ts';
import type { LibvirtSettings } from './settings.ts';
import { XdrWriter } from './xdr.ts';
import { at, parseXml, textAt } from './xml.ts';

/** So few hosts that each is tried with each; of more, each with the next. */
const EACH_WITH_EACH = 8;
const INCOMPATIBLE = 0;
const IDENTICAL = 1;

/** Whether guests would get from host to host: the way there, the processors, the networks, the room. */
export async function migrationFindings(
  reached: readonly Examined[],
  { settings, clock }: { readonly settings: LibvirtSettings; readonly clock: Clock },
): Promise<Finding[]> {
  const isLedByHosts = settings.migration.control === 'peer-to-peer';
  const ways = new Ways(clock);
  const pairs: Finding[][] = [];
  for (const [source, target] of pairsOf(reached)) {
    const about = `${source.host.id} → ${target.host.id}`;
    const way = isLedByHosts ? [await ways.way(about, source, target)] : [];
    const ports = await ways.ports(about, source, target);
    pairs.push([...way, ...ports, ...(await cpuFindings(about, source, target))]);
  }
  for (const source of reached) {
    const target = reached.find((other) => other !== source);
    if (target !== undefined) pairs.push(await ways.safety(source, target));
  }
  const addresses = reached.flatMap(addressFindings);
  return [...addresses, ...pairs.flat(), ...(await networkFindings(reached)), ...roomFindings(reached)];
}

function pairsOf(reached: readonly Examined[]): (readonly [Examined, Examined])[] {
  if (reached.length > EACH_WITH_EACH) {
    return reached.map((source, index) => [source, reached[(index + 1) % reached.length]!] as const);
  }
  return reached.flatMap((source) =>
    reached.flatMap((target) => (source === target ? [] : [[source, target] as const])),
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
