import type { Change, Move } from '../domain/change.ts';
import type { HostId } from '../domain/host.ts';
import type { Limits } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { VmId } from '../domain/vm.ts';
import { pairLimit, slotsOf, streamsToFill } from './host-limits.ts';
import type { Measured } from './measured.ts';
import { NOTHING_MEASURED } from './measured.ts';

/** What is counted of one thing that has a limit. */
export interface Counter {
  /** Of its admission's counters. */
  readonly index: number;
  /** Who has to be waited for, and what is counted there. */
  readonly whom: string;
  readonly what: 'migration' | 'departure' | 'arrival' | 'power switch';
  readonly limit: number;
  /** The host that it is about, if it is about one. */
  readonly host?: HostId;
  /** Whether migrations that have no host in common meet here. */
  readonly isShared: boolean;
  held: number;
}

/** The counters that a change takes tokens of while it runs, and how many of each. */
export interface Passage {
  readonly counters: readonly Counter[];
  readonly weight: number;
}

/** What limits ask about hosts and VMs. */
export interface Ground {
  rackOf(host: HostId): string;
  siteOf(host: HostId): string;
  linkBytesPerS(host: HostId): number;
  storagesOf(vm: VmId): readonly string[];
  takesDisksAlong(vm: VmId): boolean;
}

/** Of a datacenter that nobody has seen yet. */
export const NO_GROUND: Ground = {
  rackOf: () => '',
  siteOf: () => '',
  linkBytesPerS: () => 0,
  storagesOf: () => [],
  takesDisksAlong: () => false,
};

export function groundOf({ hosts, vms, pools }: Snapshot): Ground {
  const hostText = (column: 'rackText' | 'siteText') => (id: HostId) => {
    const host = hosts.index.get(id);
    return host === undefined ? '' : pools.texts[hosts[column][host]!]!;
  };
  return {
    rackOf: hostText('rackText'),
    siteOf: hostText('siteText'),
    linkBytesPerS: (id) => hosts.migrationBytesPerS[hosts.index.get(id) ?? -1] ?? 0,
    storagesOf: (id) => pools.sets[vms.storageSet[vms.index.get(id) ?? -1] ?? -1] ?? [],
    takesDisksAlong: (id) => (vms.localDiskBytes[vms.index.get(id) ?? -1] ?? 0) > 0,
  };
}

/** The tokens that migrations and power switches hold while they run. Planner and executor go by the same. */
export class Admission {
  readonly #limits: Limits;
  readonly #ground: Ground;
  readonly #measured: Measured;
  readonly #hosts = new Map<HostId, HostCounters>();
  readonly #pairs = new Map<HostId, Map<HostId, Counter>>();
  readonly #shared = new Map<string, Counter>();
  #count = 0;

  constructor(limits: Limits, ground: Ground, measured: Measured = NOTHING_MEASURED) {
    this.#limits = limits;
    this.#ground = ground;
    this.#measured = measured;
  }

  /** Quick migrations go by way of the storage: links and pairs do not see them. */
  passage(change: Change, how: 'live' | 'quick' = 'live'): Passage {
    if (change.kind === 'power') return { counters: present([this.#switches()]), weight: 1 };
    const counters = how === 'live' ? this.#ofLive(change) : [];
    if (this.#limits.migrationsPerStorage > 0) {
      for (const storage of this.#ground.storagesOf(change.vm)) counters.push(this.#storage(storage));
    }
    counters.push(this.#cluster());
    const weight = this.#ground.takesDisksAlong(change.vm) ? this.#limits.weightWithStorage : 1;
    return { counters: present(counters), weight };
  }

  /** Why it has to wait, in words; nothing when it may start. */
  refusal(passage: Passage): string | undefined {
    const short = this.shortage(passage);
    return short === undefined ? undefined : waitingWords(short, passage.weight);
  }

  /** The first counter that has not enough tokens left; nothing when it may start. */
  shortage({ counters, weight }: Passage): Counter | undefined {
    for (let c = 0; c < counters.length; c++) if (isFullFor(counters[c]!, weight)) return counters[c];
    return undefined;
  }

  /** False: no migration may start anywhere in the cluster. */
  admitsMigrations(): boolean {
    const cluster = this.#cluster();
    return cluster === undefined || !isFullFor(cluster, 1);
  }

  admitsSwitches(): boolean {
    const switches = this.#switches();
    return switches === undefined || !isFullFor(switches, 1);
  }

  /** True: no migration may start or end at this host. */
  isFull(host: HostId): boolean {
    const link = this.#at(host).link;
    return link !== undefined && isFullFor(link, 1);
  }

  /** How many migrations may be at this host at once. */
  slotsAt(host: HostId): number {
    return this.#at(host).link?.limit ?? Infinity;
  }

  /** Takes the tokens even where none are left: what runs already runs. */
  admit({ counters, weight }: Passage): void {
    for (const counter of counters) counter.held += Math.min(weight, counter.limit);
  }

  release({ counters, weight }: Passage): void {
    for (const counter of counters) counter.held -= Math.min(weight, counter.limit);
  }

  #ofLive({ from, to }: Move): (Counter | undefined)[] {
    const source = this.#at(from);
    const target = this.#at(to);
    const { migrationsPerRackUplink, migrationsPerSiteUplink } = this.#limits;
    const counters = [
      source.link,
      source.departures,
      target.link,
      target.arrivals,
      this.#pair(from, to, Math.min(source.link?.limit ?? Infinity, target.link?.limit ?? Infinity)),
    ];
    if (migrationsPerRackUplink + migrationsPerSiteUplink === 0) return counters;
    return [
      ...counters,
      ...this.#uplinks('rack', migrationsPerRackUplink, this.#ground.rackOf, from, to),
      ...this.#uplinks('site', migrationsPerSiteUplink, this.#ground.siteOf, from, to),
    ];
  }

  #uplinks(kind: string, limit: number, placeOf: (host: HostId) => string, from: HostId, to: HostId): Counter[] {
    if (limit === 0 || placeOf(from) === placeOf(to)) return [];
    const places = [placeOf(from), placeOf(to)].filter((place) => place !== '');
    return present(places.map((place) => this.#sharedBy(`the uplink of ${kind} ${place}`, limit)));
  }

  /** What a limit of all that passes a link implies anyway is not counted apart. */
  #at(host: HostId): HostCounters {
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    const streams = streamsToFill(this.#limits, host, this.#ground.linkBytesPerS(host), this.#measured);
    const { link, source, target } = slotsOf(this.#limits, host, streams);
    const counter = (limit: number, what: Counter['what']) =>
      this.#newCounter({ whom: host, what, limit, host, isShared: false });
    const isImplied = (limit: number) => limit === 0 || (link > 0 && limit >= link);
    const counters = {
      link: link === 0 ? undefined : counter(link, 'migration'),
      departures: isImplied(source) ? undefined : counter(source, 'departure'),
      arrivals: isImplied(target) ? undefined : counter(target, 'arrival'),
    };
    this.#hosts.set(host, counters);
    return counters;
  }

  #pair(from: HostId, to: HostId, most: number): Counter | undefined {
    const limit = pairLimit(this.#limits, from, to);
    if (limit === 0 || limit >= most) return undefined;
    const [a, b] = from < to ? [from, to] : [to, from];
    const ofHost = this.#pairs.get(a) ?? new Map<HostId, Counter>();
    this.#pairs.set(a, ofHost);
    const known = ofHost.get(b);
    if (known !== undefined) return known;
    const counter = this.#newCounter({ whom: `${a} and ${b}`, what: 'migration', limit, isShared: false });
    ofHost.set(b, counter);
    return counter;
  }

  #newCounter(about: Omit<Counter, 'index' | 'held'>): Counter {
    return { ...about, index: this.#count++, held: 0 };
  }

  #storage(storage: string): Counter | undefined {
    return this.#sharedBy(`storage ${storage}`, this.#limits.migrationsPerStorage);
  }

  #cluster(): Counter | undefined {
    return this.#sharedBy('the cluster', this.#limits.migrationsPerCluster);
  }

  #switches(): Counter | undefined {
    return this.#sharedBy('the cluster', this.#limits.powerSwitchesPerCluster, 'power switch');
  }

  #sharedBy(whom: string, limit: number, what: Counter['what'] = 'migration'): Counter | undefined {
    if (limit === 0) return undefined;
    const key = `${what} ${whom}`;
    const counter = this.#shared.get(key) ?? this.#newCounter({ whom, what, limit, isShared: true });
    this.#shared.set(key, counter);
    return counter;
  }
}

interface HostCounters {
  readonly link: Counter | undefined;
  readonly departures: Counter | undefined;
  readonly arrivals: Counter | undefined;
}

const present = (counters: readonly (Counter | undefined)[]): Counter[] =>
  counters.filter((counter) => counter !== undefined);

/** What is heavier than the whole limit runs alone. */
function isFullFor({ held, limit }: Counter, weight: number): boolean {
  return held + Math.min(weight, limit) > limit;
}

function waitingWords({ whom, what, held, limit }: Counter, weight: number): string {
  const plural = what.endsWith('h') ? `${what}es` : `${what}s`;
  const how = what === 'power switch' ? 'under way' : 'in flight';
  const heavy = weight > 1 ? `, and with its disks it counts as ${weight}` : '';
  return `waits for ${whom}: ${held} of ${limit} ${limit === 1 ? what : plural} ${how}${heavy}`;
}
