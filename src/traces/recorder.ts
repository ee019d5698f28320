import type { Inventory } from '../domain/inventory.ts';
import type { Vm } from '../domain/vm.ts';
import type { EventRow, SampleRow } from './format.ts';
import type { TraceWriter } from './write-trace.ts';

/**
 * Writes what a datacenter looks like, instant by instant: hosts and VMs when they are first seen, what VMs want each time,
 * and as events what has changed in between.
 */
export class Recorder {
  readonly #writer: TraceWriter;
  readonly #hosts = new Set<string>();
  #powers = new Map<string, string>();
  #places: Map<string, string> | undefined;
  #lastAtMs = Number.NEGATIVE_INFINITY;

  constructor(writer: TraceWriter) {
    this.#writer = writer;
  }

  /** False where it is no later than what was written last. */
  async take(inventory: Inventory): Promise<boolean> {
    const { atMs, hosts, vms } = inventory;
    if (atMs <= this.#lastAtMs) return false;
    this.#lastAtMs = atMs;
    const events = [...this.#switched(inventory), ...this.#moved(inventory)];
    const newHosts = hosts.filter(({ id }) => !this.#hosts.has(id));
    const newVms = vms.filter(({ id }) => !this.#seen.has(id));
    for (const { id } of newHosts) this.#hosts.add(id);
    for (const { id } of newVms) this.#seen.add(id);
    this.#powers = new Map(hosts.map(({ id, power }) => [id, power]));
    this.#places = new Map(vms.map(({ id, host }) => [id, host]));
    await this.#writer.hosts(
      newHosts.map(({ id, capacity, cores, rack, site, powerModel: { watts, offWatts }, power, maintenance }) => {
        const { cpuMhz, memoryBytes } = capacity;
        const standing = { power, maintenance: maintenance ? ('yes' as const) : ('no' as const) };
        return { id, cpuMhz, cores, memoryBytes, rack, site, wattsByLoad: watts, offWatts, ...standing };
      }),
    );
    await this.#writer.vms(
      newVms.map(({ id, host, vcpus, demand: { memoryBytes }, tier }) => ({ id, host, vcpus, memoryBytes, tier })),
    );
    await this.#writer.samples(
      'vm',
      vms.filter(({ known }) => known).map((vm) => sampleOf(vm, atMs)),
    );
    await this.#writer.events(events);
    return true;
  }

  readonly #seen = new Set<string>();

  #switched({ hosts, atMs }: Inventory): EventRow[] {
    return hosts.flatMap(({ id, power: to }) => {
      const from = this.#powers.get(id);
      return from === undefined || from === to ? [] : [{ atMs, kind: 'host-power' as const, id, from, to }];
    });
  }

  /** At the first instant nothing has appeared: it was there. */
  #moved({ vms, atMs }: Inventory): EventRow[] {
    const before = this.#places;
    if (before === undefined) return [];
    const now = new Set(vms.map(({ id }) => id));
    const gone = [...before].filter(([id]) => !now.has(id));
    return [
      ...vms.flatMap(({ id, host: to }): EventRow[] => {
        const from = before.get(id);
        if (from === undefined) return [{ atMs, kind: 'vm-appeared', id, to }];
        return from === to ? [] : [{ atMs, kind: 'vm-moved', id, from, to }];
      }),
      ...gone.map(([id, from]): EventRow => ({ atMs, kind: 'vm-gone', id, from })),
    ];
  }
}

/** What the daemon goes by: means of its fast window. */
function sampleOf({ id, demand, memoryActiveBytes, dirtyBytesPerS, liveSessions }: Vm, atMs: number): SampleRow {
  const { cpuMhz, netRxBytesPerS, netTxBytesPerS } = demand;
  const values = { cpuMhz, memoryActiveBytes, netRxBytesPerS, netTxBytesPerS, dirtyBytesPerS, liveSessions };
  return { atMs, kind: 'vm', id, values };
}
