import { stat } from 'node:fs/promises';
import { SECOND } from '../domain/units.ts';
import type { HostRow, SampleRow, VmRow } from './format.ts';
import { linesOf } from './lines.ts';
import { PLANETLAB_INTERVAL_SECONDS, readPlanetLab } from './planetlab.ts';
import { readTrace } from './read-trace.ts';
import { TraceTrouble } from './trouble.ts';

/** How much of its own processors each VM wanted, in whole percent, once per interval: a byte each. */
export interface Recorded {
  readonly intervalSeconds: number;
  readonly percents: readonly Uint8Array[];
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
  readonly #vms = new Map<string, VmRow>();
  readonly #shares = new Map<string, Shares>();
  readonly #early: SampleRow[] = [];
  #startMs = Number.NaN;
  #stepMs = Number.NaN;

  get count(): number {
    return this.#shares.size;
  }

  host({ id, cpuMhz, cores }: HostRow): void {
    if (cpuMhz !== undefined && cores !== undefined && cores > 0) this.#coreMhz.set(id, cpuMhz / cores);
  }

  vm(row: VmRow): void {
    this.#vms.set(row.id, row);
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
    const percents = [...this.#shares.values()].map((shares) => shares.percents);
    return { intervalSeconds: this.#stepMs / SECOND, percents };
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

async function sharesIn(path: string): Promise<Recorded> {
  const gathered = new Gathered();
  for await (const { part, row } of readTrace(path)) {
    if (part === 'hosts') gathered.host(row);
    else if (part === 'vms') gathered.vm(row);
    else if (part === 'samples') gathered.sample(row);
  }
  const recorded = gathered.recorded();
  if (gathered.count > 0) return recorded;
  throw new TraceTrouble(`${path}: holds no samples of the processors of VMs`);
}
