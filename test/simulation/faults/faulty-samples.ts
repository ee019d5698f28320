import { MINUTE } from '../../../src/domain/units.ts';
import type { Interning, SampleBatch } from '../../../src/ports/samples.ts';
import { hashedShare } from '../../../src/simulator/random.ts';
import type { Land } from '../land.ts';
import type { Fault } from './kinds.ts';

const BYTES_PER_KIB = 1_024;
const WOBBLE = 1e-6;
/** Nobody can tell sooner that a value stands still, least of all who has only begun to look. */
const LOOKS_FROZEN_AFTER_MS = 5 * MINUTE;

/** What becomes of single values; lost ones have no row any more. */
const LIES: readonly (readonly [Fault, (value: number, entity: number) => number])[] = [
  ['samples-negative', (value) => -value - 1],
  ['samples-not-numbers', () => Number.NaN],
  ['samples-unit-jump', (value) => value * BYTES_PER_KIB],
  ['samples-frozen', (_, entity) => 100 + entity],
];

interface Row {
  readonly entity: number;
  readonly metric: number;
  readonly value: number;
}

/** Samples on their way to the daemon: late, lost or lying where faults are at work. */
export class FaultySamples {
  readonly #land: Land;
  readonly #receive: (batch: SampleBatch) => void;
  readonly #frozenSinceMs = new Map<string, number>();
  readonly #names: Record<SampleBatch['kind'], Map<number, string>>;

  constructor(land: Land, interning: Interning, receive: (batch: SampleBatch) => void) {
    this.#land = land;
    this.#receive = receive;
    const named = (ids: readonly string[], numberOf: (id: string) => number) =>
      new Map(ids.map((id) => [numberOf(id), id]));
    const { hostIds, vmIds } = land.datacenter;
    this.#names = {
      host: named(hostIds, (id) => interning.host(id)),
      vm: named(vmIds, (id) => interning.vm(id)),
    };
  }

  take(batch: SampleBatch): void {
    const { board, clock } = this.#land;
    if (board.isAt('all-samples-lost')) return;
    const lateMs = board.isAt('samples-late') ? 5 * MINUTE : 0;
    const told = this.#altered(batch);
    if (lateMs > 0) clock.after(lateMs, () => this.#deliver(told));
    else this.#deliver(told);
  }

  #deliver(batch: SampleBatch): void {
    if (batch.kind === 'host') this.#land.sight.hostsSampled(this.#hostsBelievableIn(batch), this.#land.clock.nowMs());
    this.#receive(batch);
  }

  #altered(batch: SampleBatch): SampleBatch {
    const rows: Row[] = [];
    for (let i = 0; i < batch.length; i++) {
      const [entity, metric] = [batch.entity[i]!, batch.metric[i]!];
      const value = this.#valueOf(batch.kind, entity, batch.value[i]!, metric);
      if (value !== undefined) rows.push({ entity, metric, value });
    }
    return {
      kind: batch.kind,
      length: rows.length,
      entity: Uint32Array.from(rows, (row) => row.entity),
      metric: Uint8Array.from(rows, (row) => row.metric),
      value: Float64Array.from(rows, (row) => row.value),
      atMs: Float64Array.from(rows, () => batch.atMs[0]! + this.#land.sight.driverSkewMs),
    };
  }

  /** Meters never stand quite still. */
  #valueOf(kind: SampleBatch['kind'], entity: number, value: number, metric: number): number | undefined {
    const { board, clock, sight, stopped } = this.#land;
    const id = this.#names[kind].get(entity)!;
    if (stopped.has(id)) return undefined;
    const host = kind === 'host' ? id : (sight.hostOf(id) ?? '');
    if (board.isAt('host-hangs', host) || board.isAt('samples-lost', host)) return undefined;
    const lie = LIES.find(([fault]) => board.isAt(fault, id));
    if (lie !== undefined) return lie[1](value, entity);
    return value * (1 + WOBBLE * hashedShare(entity, metric, clock.nowMs() / 1_000));
  }

  #hostsBelievableIn({ entity, length }: SampleBatch): string[] {
    const { board } = this.#land;
    const ids = new Set(Array.from({ length }, (_, i) => this.#names.host.get(entity[i]!)!));
    return [...ids].filter((id) => {
      const lie = LIES.find(([fault]) => board.isAt(fault, id));
      return lie === undefined || (lie[0] === 'samples-frozen' && !this.#looksFrozen(id));
    });
  }

  #looksFrozen(host: string): boolean {
    const nowMs = this.#land.clock.nowMs();
    const sinceMs = this.#frozenSinceMs.get(host);
    // One that stood still before, and not all the time since, has begun anew.
    if (sinceMs === undefined || nowMs - sinceMs > 2 * LOOKS_FROZEN_AFTER_MS) this.#frozenSinceMs.set(host, nowMs);
    return sinceMs !== undefined && nowMs - sinceMs > LOOKS_FROZEN_AFTER_MS;
  }
}
