import type { Interning, Metric, SampleBatch } from '../../ports/samples.ts';
import { METRICS } from '../../ports/samples.ts';
import type { VirtualDatacenter } from '../../simulator/virtual-datacenter.ts';

/** Reads batches off a datacenter; ids are interned once. */
export class Sampling {
  readonly #datacenter: VirtualDatacenter;
  readonly #hosts: Uint32Array;
  readonly #vms: Uint32Array;

  constructor(datacenter: VirtualDatacenter, interning: Interning) {
    this.#datacenter = datacenter;
    this.#hosts = Uint32Array.from(datacenter.hostIds, (id) => interning.host(id));
    this.#vms = Uint32Array.from(datacenter.vmIds, (id) => interning.vm(id));
  }

  batches(): SampleBatch[] {
    const { hosts, vms } = this.#datacenter.measure();
    const { nowMs } = this.#datacenter;
    return [batchOf('host', this.#hosts, { ...hosts }, nowMs), batchOf('vm', this.#vms, { ...vms }, nowMs)];
  }
}

type MetricColumns = Readonly<Partial<Record<Metric, Float64Array>>>;

/** What cannot be measured, such as the load of a host that is off, has no row. */
function batchOf(kind: SampleBatch['kind'], entities: Uint32Array, columns: MetricColumns, nowMs: number): SampleBatch {
  const most = entities.length * METRICS.length;
  const entity = new Uint32Array(most);
  const metric = new Uint8Array(most);
  const value = new Float64Array(most);
  let length = 0;
  METRICS.forEach((name, number) => {
    const column = columns[name];
    if (column === undefined) return;
    for (let i = 0; i < column.length; i++) {
      if (Number.isNaN(column[i]!)) continue;
      entity[length] = entities[i]!;
      metric[length] = number;
      value[length] = column[i]!;
      length += 1;
    }
  });
  const rows = {
    entity: entity.subarray(0, length),
    metric: metric.subarray(0, length),
    value: value.subarray(0, length),
  };
  return { kind, length, ...rows, atMs: new Float64Array(length).fill(nowMs) };
}
