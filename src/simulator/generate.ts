import type { Host } from '../domain/host.ts';
import type { Inventory } from '../domain/inventory.ts';
import type { Refusal, Rule } from '../domain/rule.ts';
import type { Vm } from '../domain/vm.ts';
import { bytesWords } from '../domain/words.ts';
import { generateFlows, withTraffic } from './generate-flows.ts';
import { generateHosts } from './generate-hosts.ts';
import { generateRules, type SettledService } from './generate-rules.ts';
import {
  type Budget,
  generateServices,
  type ServiceDraft,
  SMALLEST_MEMORY_BYTES,
  type VmDraft,
} from './generate-services.ts';
import { settleVm } from './generate-vms.ts';
import type { HostKind } from './host-kinds.ts';
import { type HostRange, NOWHERE, Placement, usableMemoryBytes } from './placement.ts';
import { oneOf, type SeededRandom, seededRandom } from './random.ts';

/** What is beyond is more likely a slip than a wish, and would take all memory that there is. */
const MOST_HOSTS = 100_000;
const MOST_VMS = 1_000_000;

export interface GenerateOptions {
  readonly hosts: number;
  readonly vms: number;
  readonly racks: number;
  /** Share of hosts that start overloaded. */
  readonly skew: number;
  /** Share of VMs under anti-affinity. */
  readonly rules: number;
  /** Share of the services that are under rules of other kinds. */
  readonly variety: number;
  /** Flows per VM. */
  readonly traffic: number;
  /** Share of the fleet's CPU that is wanted. */
  readonly load: number;
  readonly atMs: number;
  /** The makes of its servers, a rack each, and any of them for the racks after that; absent: those of the embedded one. */
  readonly servers?: readonly HostKind[];
}

/** An ordinary Monday at noon. */
const MONDAY_NOON_MS = 1_767_614_400_000;

export const GENERATE_DEFAULTS: GenerateOptions = {
  hosts: 16,
  vms: 120,
  racks: 4,
  skew: 0.15,
  rules: 0.3,
  variety: 0,
  traffic: 1.5,
  load: 0.6,
  atMs: MONDAY_NOON_MS,
};

const MEMORY_SHARE = 0.37;
const MOST_MEMORY_SHARE = 0.95;
/** No VM is larger than this share of the smallest host: with it, and no more memory sold than above, all find a place. */
const LARGEST_VM_SHARE = 0.25;
const RACK_RULE_SHARE = 0.2;

/**
 * A plausible datacenter, the same for the same options and seed. However odd the options, it starts without a broken
 * rule: places come first, and what a VM needs of a host is taken from what its host offers.
 */
export function generateInventory(options: GenerateOptions, seed: number): Inventory | Refusal {
  const refusal = refuseOptions(options);
  if (refusal !== undefined) return { rule: 'options', because: refusal };
  const random = seededRandom(seed);
  const hosts = generateHosts(options.hosts, options.racks, random, options.servers);
  const memoryBytes = hosts.reduce((sum, host) => sum + usableMemoryBytes(host), 0);
  const mostBytes = memoryBytes * MOST_MEMORY_SHARE;
  if (options.vms * SMALLEST_MEMORY_BYTES > mostBytes) return noRoom(options.vms, mostBytes);
  const services = generateServices(options.vms, budgetFor(options, hosts, memoryBytes), random);
  const { vms, settled, rules } = settle(services, hosts, options, random);
  const flows = generateFlows(services, options.traffic, random);
  // From a stream of their own: with none of them, the same seed makes the datacenter that it always made.
  const others = generateRules(settled, hosts, options.variety, seededRandom(seed + 1));
  return {
    atMs: options.atMs,
    hosts,
    vms: withTraffic(vms, flows),
    flows,
    rules: [...rules, ...others],
    flights: [],
  };
}

const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;

function refuseOptions(options: GenerateOptions): string | undefined {
  for (const name of ['hosts', 'racks'] as const) {
    if (!isWhole(options[name], 1, MOST_HOSTS)) return `${name} must be a whole number from 1 to ${MOST_HOSTS}`;
  }
  if (!isWhole(options.vms, 0, MOST_VMS)) return `vms must be a whole number from 0 to ${MOST_VMS}`;
  for (const name of ['skew', 'rules', 'variety', 'load'] as const) {
    if (!(options[name] >= 0 && options[name] <= 1)) return `${name} must be a share from 0 to 1`;
  }
  if (!(options.traffic >= 0 && options.traffic <= 100)) return 'traffic must be from 0 to 100 flows per VM';
  return undefined;
}

function noRoom(vms: number, mostBytes: number): Refusal {
  const needed = `${vms} VMs need at least ${bytesWords(vms * SMALLEST_MEMORY_BYTES)} of memory`;
  const because = `${needed}, and the hosts can give ${bytesWords(mostBytes)}: ask for fewer VMs or more hosts`;
  return { rule: 'capacity', because };
}

function budgetFor(options: GenerateOptions, hosts: readonly Host[], memoryBytes: number): Budget {
  const cpuMhz = hosts.reduce((sum, host) => sum + options.load * host.capacity.cpuMhz - host.reserved.cpuMhz, 0);
  const smallestMhz = hosts.reduce((least, host) => Math.min(least, host.capacity.cpuMhz), Infinity);
  const smallestBytes = hosts.reduce((least, host) => Math.min(least, usableMemoryBytes(host)), Infinity);
  const forSale = memoryBytes * MEMORY_SHARE;
  const isCrowded = options.vms * SMALLEST_MEMORY_BYTES > forSale / 2;
  return {
    cpuMhz: Math.max(0, cpuMhz),
    memoryBytes: forSale,
    cpuMhzPerVm: smallestMhz * LARGEST_VM_SHARE,
    memoryBytesPerVm: isCrowded ? SMALLEST_MEMORY_BYTES : smallestBytes * LARGEST_VM_SHARE,
  };
}

function settle(
  services: readonly ServiceDraft[],
  hosts: readonly Host[],
  options: GenerateOptions,
  random: SeededRandom,
) {
  const placement = new Placement(hosts, options.load, options.skew, random);
  const sites = siteRanges(hosts);
  const vms: Vm[] = [];
  const settled: SettledService[] = [];
  const rules: Rule[] = [];
  let separated = 0;
  for (const { name, members } of services) {
    const level = random.next() < RACK_RULE_SHARE ? 'rack' : 'host';
    const isSeparate = separated < options.rules * (vms.length + members.length) && members.length > 1;
    const unitOf = level === 'rack' ? (host: number) => hosts[host]!.rack : (host: number) => host;
    const site = sites.get(oneOf(random, hosts).site)!;
    const places = members.map(placer(placement, site, hosts.length, isSeparate ? unitOf : undefined));
    const own = members.map((member, i) => settleVm(member, name, hosts[places[i]!.host]!, random));
    settled.push({ name, vms: own });
    vms.push(...own);
    const apart = members.filter((_, i) => places[i]!.isApart).map((member) => member.id);
    if (apart.length < 2) continue;
    rules.push({ kind: 'anti-affinity', id: `${name}-apart`, vms: apart, level });
    separated += apart.length;
  }
  return { vms, settled, rules };
}

function siteRanges(hosts: readonly Host[]): ReadonlyMap<string, HostRange> {
  const ranges = new Map<string, HostRange>();
  hosts.forEach(({ site }, host) => {
    const { first, count } = ranges.get(site) ?? { first: host, count: 0 };
    ranges.set(site, { first, count: count + 1 });
  });
  return ranges;
}

interface Place {
  readonly host: number;
  /** It has its host or rack to itself, as far as its service goes. */
  readonly isApart: boolean;
}

/** Places the members of a service one by one. What finds no place of its own goes anywhere and stays out of the rule. */
function placer(placement: Placement, site: HostRange, hosts: number, unitOf?: (host: number) => string | number) {
  const taken = new Set<string | number>();
  const everywhere = { first: 0, count: hosts };
  return ({ cpuMhz, memoryBytes }: VmDraft): Place => {
    if (unitOf !== undefined) {
      const host = placement.place(cpuMhz, memoryBytes, site, (candidate) => !taken.has(unitOf(candidate)));
      if (host !== NOWHERE) taken.add(unitOf(host));
      if (host !== NOWHERE) return { host, isApart: true };
    }
    let host = placement.place(cpuMhz, memoryBytes, site, () => true);
    if (host === NOWHERE) host = placement.place(cpuMhz, memoryBytes, everywhere, () => true);
    if (host === NOWHERE) throw new Error('a fleet with memory to spare must have a place for each VM');
    return { host, isApart: false };
  };
}
