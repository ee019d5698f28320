/** What tests of observing share: batches by rows, a log that is kept, and a datacenter that does as it is told. */
import type { Inventory } from '../../src/domain/inventory.ts';
import type { Driver, DriverEvent, Migration } from '../../src/ports/driver.ts';
import type { Log } from '../../src/ports/log.ts';
import type { SwitchEnd } from '../../src/ports/power-control.ts';
import type { Interning, Metric, SampleBatch } from '../../src/ports/samples.ts';
import { METRICS } from '../../src/ports/samples.ts';

/** As for a real datacenter, with samples every twenty seconds. */
export const SETTINGS = {
  sampleSeconds: 20,
  cycleSeconds: 60,
  fastWindowSeconds: 120,
  deviationWindow: 'fast' as const,
  slowWindowSeconds: 2400,
  staleAfterIntervals: 3,
  frozenAfterSamples: 0,
  hotShare: 0.8,
  hotSeconds: 300,
  seasonMinutes: 1440,
  soonMinutes: 30,
  laterMinutes: 120,
};

export interface Row {
  readonly entity: number;
  readonly metric?: Metric;
  readonly value: number;
  readonly atMs: number;
}

export function batchOf(kind: 'host' | 'vm', rows: readonly Row[]): SampleBatch {
  return {
    kind,
    length: rows.length,
    entity: Uint32Array.from(rows, ({ entity }) => entity),
    metric: Uint8Array.from(rows, ({ metric = 'cpuMhz' }) => METRICS.indexOf(metric)),
    value: Float64Array.from(rows, ({ value }) => value),
    atMs: Float64Array.from(rows, ({ atMs }) => atMs),
  };
}

export class KeptLog implements Log {
  readonly lines: string[] = [];
  readonly debug = () => {};
  readonly info = (sentence: string) => void this.lines.push(`info ${sentence}`);
  readonly warn = (sentence: string) => void this.lines.push(`warn ${sentence}`);
  readonly error = (sentence: string) => void this.lines.push(`error ${sentence}`);
}

type Receive = (batch: SampleBatch) => void;

/** A driver whose inventory, events and samples are the test's to give. It cannot act. */
export class ObservedDatacenter implements Driver {
  readonly name = 'the datacenter';
  readInventory: () => Promise<Inventory>;
  beforeSampling: () => void = () => {};
  connections = 0;
  open = 0;
  readings = 0;
  #interning: Interning | undefined;
  #receive: Receive = () => {};
  #failed: (because: string) => void = () => {};
  readonly #listeners = new Set<(event: DriverEvent) => void>();

  constructor(inventory: Inventory) {
    this.readInventory = async () => inventory;
  }

  inventory(): Promise<Inventory> {
    this.readings += 1;
    return this.readInventory();
  }

  sample(_intervalMs: number, interning: Interning, receive: Receive, failed: (because: string) => void) {
    this.connections += 1;
    this.beforeSampling();
    this.open += 1;
    this.#interning = interning;
    this.#receive = receive;
    this.#failed = failed;
    return () => {
      this.open -= 1;
    };
  }

  watch(listener: (event: DriverEvent) => void) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(event: DriverEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  fail(because: string): void {
    this.#failed(because);
  }

  measure(kind: 'host' | 'vm', id: string, values: Partial<Record<Metric, number>>, atMs: number): void {
    const entity = this.#interning?.[kind](id) ?? 0;
    const rows = METRICS.filter((metric) => values[metric] !== undefined).map((metric) => {
      return { entity, metric, value: values[metric]!, atMs };
    });
    this.#receive(batchOf(kind, rows));
  }

  migrate(): Migration {
    throw new Error('this datacenter is only looked at');
  }

  switchOn(): Promise<SwitchEnd> {
    throw new Error('this datacenter is only looked at');
  }

  switchOff(): Promise<SwitchEnd> {
    throw new Error('this datacenter is only looked at');
  }

  async close(): Promise<void> {}
}
