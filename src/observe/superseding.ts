import type { Measured, Metric, SampleBatch } from '../ports/samples.ts';
import { METRICS } from '../ports/samples.ts';

/** One thing in two units. */
const PROCESSOR: readonly Metric[] = ['cpuMhz', 'cpuCores'];

/**
 * What is measured by a source of its own is not taken from the driver: two mouths for one metric would make neither a
 * mean nor a trend.
 */
export class Superseding {
  readonly #metrics: Readonly<Record<SampleBatch['kind'], Uint8Array>> = {
    host: new Uint8Array(METRICS.length),
    vm: new Uint8Array(METRICS.length),
  };

  constructor(measured: readonly Measured[]) {
    for (const { kind, metric } of measured) {
      const asOne = PROCESSOR.includes(metric) ? PROCESSOR : [metric];
      for (const one of asOne) this.#metrics[kind][METRICS.indexOf(one)] = 1;
    }
  }

  /** What is left of a batch of the driver's. */
  left(batch: SampleBatch): SampleBatch {
    const superseded = this.#metrics[batch.kind];
    if (!superseded.includes(1)) return batch;
    const isLeft = (row: number) => superseded[batch.metric[row]!] !== 1;
    const rows = Array.from({ length: batch.length }, (_, row) => row).filter(isLeft);
    return {
      kind: batch.kind,
      length: rows.length,
      entity: Uint32Array.from(rows, (row) => batch.entity[row]!),
      metric: Uint8Array.from(rows, (row) => batch.metric[row]!),
      value: Float64Array.from(rows, (row) => batch.value[row]!),
      atMs: Float64Array.from(rows, (row) => batch.atMs[row]!),
    };
  }
}
