import { stat } from 'node:fs/promises';
import type { Inventory } from '../domain/inventory.ts';
import { SECOND } from '../domain/units.ts';
import type { EventRow, HostRow, SampleRow, VmRow } from './format.ts';
import { linesOf } from './lines.ts';
import { PLANETLAB_INTERVAL_SECONDS, readPlanetLab } from './planetlab.ts';
import { readTrace } from './read-trace.ts';
import { type Coming, recordedDatacenter } from './recorded-datacenter.ts';
import { TraceTrouble } from './trouble.ts';

/** How much of its own processors each VM wanted, in whole percent, once per interval: a byte each. */
export interface Recorded {
  readonly intervalSeconds: number;
  readonly percents: readonly Uint8Array[];
  /** Where it is in the record: the datacenter itself, its VMs in the order of the rows. */
  readonly datacenter?: { readonly inventory: Inventory; readonly comings: readonly Coming[] };
}

const PER_CENT = 100;
/** What a processor of a VM is taken to do where only MHz were recorded and no host says. */
const CORE_MHZ = 2500;
/** Longer records are cut: so many samples of one VM are ten years of minutes. */
const MOST_SAMPLES = 5_000_000;

/** A trace of either kind, by what it is: PlanetLab's rows, or tables with a header. */
export async function readRecorded(path: string): Promise<Recorded> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() || (found !== undefined && (await isOwn(path)))) return sharesIn(path);
  const percents: Uint8Array[] = [];
  for await (const row of readPlanetLab(path)) percents.push(row.percents);
  return { intervalSeconds: PLANETLAB_INTERVAL_SECONDS, percents };
}

/** The first line of a trace in one file opens a table. */
async function isOwn(file: string): Promise<boolean> {
  for await (const { text } of linesOf(file)) return text.startsWith('#');
  return false;
}

/** One VM while its samples come in: a byte for each interval, what was not measured as it was before. */
class Shares {
  #bytes = new Uint8Array(64);
  #length = 0;
  /** What is 100 %. Where nobody says how much the VM has, it grows with what is wanted. */
  #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  put(interval: number, value: number): void {
    if (interval < this.#length || interval >= MOST_SAMPLES) return;
    while (value > this.#most) this.#double();
    this.#reserve(interval + 1);
    const before = this.#length === 0 ? 0 : this.#bytes[this.#length - 1]!;
    this.#bytes.fill(before, this.#length, interval);
    this.#bytes[interval] = Math.round((value / this.#most) * PER_CENT);
    this.#length = interval + 1;
  }

  get percents(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  get mostCores(): number {
    return this.#most;
  }

  #double(): void {
    this.#most *= 2;
    for (let i = 0; i < this.#length; i++) this.#bytes[i] = Math.round(this.#bytes[i]! / 2);
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** The samples of a trace, gathered by VM. How long an interval is, the first two instants tell. */
class Gathered {
  readonly #coreMhz = new Map<string, number>();
  readonly #hosts: HostRow[] = [];
  readonly #events: EventRow[] = [];
  readonly #vms = new Map<string, VmRow>();
  readonly #shares = new Map<string, Shares>();
  readonly #early: SampleRow[] = [];
  #startMs = Number.NaN;
  #stepMs = Number.NaN;

  get count(): number {
    return this.#shares.size;
  }

  host(row: HostRow): void {
    const { id, cpuMhz, cores } = row;
    this.#hosts.push(row);
    if (cpuMhz !== undefined && cores !== undefined && cores > 0) this.#coreMhz.set(id, cpuMhz / cores);
  }

  vm(row: VmRow): void {
    this.#vms.set(row.id, row);
  }

  event(row: EventRow): void {
    this.#events.push(row);
  }

  sample(row: SampleRow): void {
    if (row.kind !== 'vm') return;
    if (Number.isNaN(this.#startMs)) this.#startMs = row.atMs;
    if (Number.isNaN(this.#stepMs) && row.atMs <= this.#startMs) {
      this.#early.push(row);
      return;
    }
    if (Number.isNaN(this.#stepMs)) this.#stepMs = row.atMs - this.#startMs;
    this.#putEarly();
    this.#put(row);
  }

  recorded(): Recorded {
    if (Number.isNaN(this.#stepMs)) this.#stepMs = PLANETLAB_INTERVAL_SECONDS * SECOND;
    this.#putEarly();
    const intervalSeconds = this.#stepMs / SECOND;
    const datacenter = this.#datacenter();
    const shares = datacenter?.inventory.vms.map(({ id }) => this.#shares.get(id)) ?? [...this.#shares.values()];
    const percents = shares.map((each) => each?.percents ?? new Uint8Array(0));
    if (datacenter === undefined) return { intervalSeconds, percents };
    return { intervalSeconds, percents: equallyLong(percents), datacenter };
  }

  #datacenter(): Recorded['datacenter'] {
    if ([...this.#shares.keys()].some((id) => !this.#vms.has(id))) return undefined;
    const mostCores = new Map([...this.#shares].map(([id, shares]) => [id, shares.mostCores]));
    const [hosts, events, vms] = [this.#hosts, this.#events, [...this.#vms.values()]];
    return recordedDatacenter({ atMs: this.#startMs, hosts, vms, events, mostCores });
  }

  #putEarly(): void {
    for (const row of this.#early.splice(0)) this.#put(row);
  }

  #put({ id, atMs, values }: SampleRow): void {
    const { vcpus, host } = this.#vms.get(id) ?? {};
    const coreMhz = this.#coreMhz.get(host ?? '') ?? CORE_MHZ;
    const cores = values.cpuCores ?? (values.cpuMhz === undefined ? undefined : values.cpuMhz / coreMhz);
    if (cores === undefined) return;
    const shares = this.#shares.get(id) ?? new Shares(vcpus ?? 1);
    this.#shares.set(id, shares);
    shares.put(Math.round((atMs - this.#startMs) / this.#stepMs), cores);
  }
}

/** What was measured last holds until the end. */
function equallyLong(rows: readonly Uint8Array[]): Uint8Array[] {
  const length = rows.reduce((most, row) => Math.max(most, row.length), 0);
  return rows.map((row) => {
    const long = new Uint8Array(length).fill(row.at(-1) ?? 0);
    long.set(row);
    return long;
  });
}

async function sharesIn(path: string): Promise<Recorded> {
  const gathered = new Gathered();
  for await (const { part, row } of readTrace(path)) {
    if (part === 'hosts') gathered.host(row);
    else if (part === 'vms') gathered.vm(row);
    else if (part === 'samples') gathered.sample(row);
    else gathered.event(row);
  }
  const recorded = gathered.recorded();
  if (gathered.count > 0) return recorded;
  throw new TraceTrouble(`${path}: holds no samples of the processors of VMs`);
}
