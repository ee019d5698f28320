import type { Stop } from './clock.ts';

/** What is measured. Host and VM metrics share one list, so that a sample is three numbers and a time. */
export const METRICS = [
  'cpuMhz',
  'memoryActiveBytes',
  'netRxBytesPerS',
  'netTxBytesPerS',
  'dirtyBytesPerS',
  'liveSessions',
  'powerWatts',
] as const;
export type Metric = (typeof METRICS)[number];

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
