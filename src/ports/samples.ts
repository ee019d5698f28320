import type { Metric } from '../domain/metric.ts';
import type { Stop } from './clock.ts';

export type { Metric } from '../domain/metric.ts';
export { METRICS } from '../domain/metric.ts';

/**
 * In place of a rate, where a counter began anew between two readings (a guest was restarted, say): what it counted in
 * between nobody knows.
 */
export const COUNTER_RESET = Number.NEGATIVE_INFINITY;

/**
 * Many samples in columns: row i says that the entity had the value at the instant. Entities are interned where samples
 * enter, hosts and VMs in spaces of their own. The receiver may keep the batch; the sender does not touch it again.
 */
export interface SampleBatch {
  readonly kind: 'host' | 'vm';
  readonly length: number;
  readonly entity: Uint32Array;
  /** Index into METRICS. */
  readonly metric: Uint8Array;
  readonly value: Float64Array;
  readonly atMs: Float64Array;
}

/** Ids to the small numbers that batches carry. Numbers are never given twice. */
export interface Interning {
  host(id: string): number;
  vm(id: string): number;
}

export interface SampleSource {
  readonly name: string;
  /** Samples at this interval, until stopped. A failure to sample is told and does not end the source. */
  sample(
    intervalMs: number,
    interning: Interning,
    receive: (batch: SampleBatch) => void,
    failed: (because: string) => void,
  ): Stop;
}

export interface Measured {
  readonly kind: SampleBatch['kind'];
  readonly metric: Metric;
}

export interface HistoryWish {
  readonly measured: readonly Measured[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** A source beside the driver. What it measures is taken from it alone, whatever the driver says of it. */
export interface MetricSource extends SampleSource {
  readonly measures: readonly Measured[];
  /** What was measured in the past, in order of time. Throws when it cannot be had. */
  history(wish: HistoryWish, interning: Interning): AsyncIterable<SampleBatch>;
}
