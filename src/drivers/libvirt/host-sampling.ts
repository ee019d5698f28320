import { KIB, MIB } from '../../domain/units.ts';
import type { Interning, SampleBatch } from '../../ports/samples.ts';
import type { Guests } from './guests.ts';
import type { DomainStats, Hypervisor } from './hypervisor.ts';
import { STATS } from './procedures.ts';
import { Rates } from './rates.ts';
import { Rows } from './rows.ts';
import { numberOf, type TypedParameters } from './typed-parameters.ts';

const NS_PER_S = 1e9;
const GROUPS = STATS.cpu | STATS.balloon | STATS.network | STATS.dirtyRate;
const MEASURED = 2;

export interface Sampled {
  readonly id: string;
  readonly cores: number;
  readonly coreMhz: number;
}

/** The samples of one host and of what runs on it. Rates are since the last time that it was asked. */
export class HostSampling {
  readonly #interning: Interning;
  readonly #guests: Guests;
  readonly #rates = new Rates();

  constructor(interning: Interning, guests: Guests) {
    this.#interning = interning;
    this.#guests = guests;
  }

  /** Three questions at once: the whole host's processors, its memory, and all its guests. */
  async take(host: Sampled, hypervisor: Hypervisor, nowMs: () => number): Promise<SampleBatch[]> {
    const [cpu, memory, domains] = await Promise.all([
      hypervisor.cpuStats(),
      hypervisor.memoryStats(),
      hypervisor.stats(GROUPS),
    ]);
    const atMs = nowMs();
    const here = domains.filter(({ domain }) => (this.#guests.placeOf(domain.uuid) ?? host.id) === host.id);
    const vms = new Rows('vm', atMs);
    const net = { rx: 0, tx: 0 };
    for (const stats of here) this.#addVm(stats, host, vms, net, atMs);
    const hosts = new Rows('host', atMs);
    this.#addHost(host, cpu, memory, hosts, atMs);
    const number = this.#interning.host(host.id);
    hosts.add(number, 'netRxBytesPerS', net.rx);
    hosts.add(number, 'netTxBytesPerS', net.tx);
    this.#rates.turn();
    return [hosts.batch(), vms.batch()];
  }

  #addHost(host: Sampled, cpu: TypedParameters, memory: TypedParameters, rows: Rows, atMs: number): void {
    const number = this.#interning.host(host.id);
    rows.add(number, 'cpuMhz', this.#busyMhz(host, cpu, atMs));
    const free = ['free', 'buffers', 'cached'].reduce((sum, name) => sum + (numberOf(memory, name) ?? 0), 0);
    const total = numberOf(memory, 'total');
    if (total !== undefined) rows.add(number, 'memoryActiveBytes', Math.max(0, total - free) * KIB);
  }

  /**
   * The busy share of the time that was counted, and not of the time that passed: counters may lag. The kernel lets that
   * of waiting for disks run backwards now and then, which is no new beginning: the interval is left out.
   */
  #busyMhz({ cores, coreMhz }: Sampled, cpu: TypedParameters, atMs: number): number | undefined {
    const sum = (names: readonly string[]) => names.reduce((all, name) => all + (numberOf(cpu, name) ?? 0), 0);
    const busy = this.#rates.of('busy', sum(['kernel', 'user', 'intr']), atMs);
    const idle = this.#rates.of('idle', sum(['idle', 'iowait']), atMs);
    if (busy === undefined || idle === undefined) return undefined;
    if (busy < 0 || idle < 0) return undefined;
    return busy + idle === 0 ? undefined : (busy / (busy + idle)) * cores * coreMhz;
  }

  #addVm(
    { domain, values }: DomainStats,
    host: Sampled,
    rows: Rows,
    net: { rx: number; tx: number },
    atMs: number,
  ): void {
    const number = this.#interning.vm(this.#guests.idOf(domain));
    // Each start and each arrival gives the guest another number, and counters that begin anew, however far they have come.
    const life = `${domain.uuid} ${domain.number}`;
    const rate = (name: string, count: number | undefined) => this.#rates.of(`${life} ${name}`, count, atMs);
    const cpuNs = rate('cpu', numberOf(values, 'cpu.time'));
    rows.add(number, 'cpuMhz', cpuNs === undefined ? undefined : (cpuNs / NS_PER_S) * host.coreMhz);
    rows.add(number, 'memoryActiveBytes', activeBytes(values));
    const rx = rate(
      'rx',
      summed(values, 'net.count', (i) => `net.${i}.rx.bytes`),
    );
    const tx = rate(
      'tx',
      summed(values, 'net.count', (i) => `net.${i}.tx.bytes`),
    );
    rows.add(number, 'netRxBytesPerS', rx);
    rows.add(number, 'netTxBytesPerS', tx);
    rows.add(number, 'dirtyBytesPerS', dirtyRate(values));
    net.rx += Math.max(0, rx ?? 0);
    net.tx += Math.max(0, tx ?? 0);
  }
}

/** What the guest itself says that it uses; a guest that does not say is taken by what the host holds for it. */
function activeBytes(values: TypedParameters): number | undefined {
  const most = numberOf(values, 'balloon.maximum');
  const available = numberOf(values, 'balloon.available');
  const usable = numberOf(values, 'balloon.usable') ?? numberOf(values, 'balloon.unused');
  const used = available === undefined || usable === undefined ? numberOf(values, 'balloon.rss') : available - usable;
  return used === undefined ? undefined : Math.min(Math.max(0, used), most ?? Infinity) * KIB;
}

function dirtyRate(values: TypedParameters): number | undefined {
  const mibPerS = numberOf(values, 'dirtyrate.megabytes_per_second');
  const isMeasured = numberOf(values, 'dirtyrate.calc_status') === MEASURED;
  return isMeasured && mibPerS !== undefined && mibPerS >= 0 ? mibPerS * MIB : undefined;
}

function summed(values: TypedParameters, countName: string, nameOf: (index: number) => string): number | undefined {
  const count = numberOf(values, countName);
  if (count === undefined) return undefined;
  let sum = 0;
  for (let index = 0; index < count; index++) sum += numberOf(values, nameOf(index)) ?? 0;
  return sum;
}
