import type { Metric, SampleBatch } from '../../ports/samples.ts';
import { METRICS } from '../../ports/samples.ts';

/** Samples of one instant on their way into a batch. */
export class Rows {
  readonly #kind: SampleBatch['kind'];
  readonly #atMs: number;
  readonly #entity: number[] = [];
  readonly #metric: number[] = [];
  readonly #value: number[] = [];

  constructor(kind: SampleBatch['kind'], atMs: number) {
    this.#kind = kind;
    this.#atMs = atMs;
  }

  /** What could not be measured has no row. */
  add(entity: number, metric: Metric, value: number | undefined): void {
    if (value === undefined) return;
    this.#entity.push(entity);
    this.#metric.push(METRICS.indexOf(metric));
    this.#value.push(value);
  }

  batch(): SampleBatch {
    return {
      kind: this.#kind,
      length: this.#entity.length,
      entity: Uint32Array.from(this.#entity),
      metric: Uint8Array.from(this.#metric),
      value: Float64Array.from(this.#value),
      atMs: new Float64Array(this.#entity.length).fill(this.#atMs),
    };
  }
}
