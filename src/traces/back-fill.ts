import { METRICS, type Metric } from '../domain/metric.ts';
import type { Interning, MetricSource, SampleBatch } from '../ports/samples.ts';
import type { SampleRow } from './format.ts';
import type { TraceWriter } from './write-trace.ts';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

export interface Filled {
  readonly hosts: number;
  readonly vms: number;
  readonly samples: number;
}

/** Ids by the numbers that a source gives back. */
class Names implements Interning {
  readonly #names = { host: [] as string[], vm: [] as string[] };
  readonly #numbers = { host: new Map<string, number>(), vm: new Map<string, number>() };

  host = (id: string): number => this.#numberOf('host', id);
  vm = (id: string): number => this.#numberOf('vm', id);

  nameOf(kind: SampleRow['kind'], number: number): string {
    return this.#names[kind][number]!;
  }

  countOf(kind: SampleRow['kind']): number {
    return this.#names[kind].length;
  }

  #numberOf(kind: SampleRow['kind'], id: string): number {
    const known = this.#numbers[kind].get(id);
    if (known !== undefined) return known;
    const number = this.#names[kind].push(id) - 1;
    this.#numbers[kind].set(id, number);
    return number;
  }
}

/** What a store remembers, a bounded piece at a time; who was measured is listed with nothing but an id. */
export async function backFill(
  source: MetricSource,
  span: Span,
  writer: TraceWriter,
  told: (atMs: number) => void,
): Promise<Filled> {
  const names = new Names();
  const listed = { host: 0, vm: 0 };
  let samples = 0;
  for await (const batch of source.history({ ...span, measured: source.measures }, names)) {
    const { kind } = batch;
    const newcomers = Array.from({ length: names.countOf(kind) - listed[kind] }, (_, n) => ({
      id: names.nameOf(kind, listed[kind] + n),
    }));
    listed[kind] += newcomers.length;
    if (kind === 'host') await writer.hosts(newcomers);
    else await writer.vms(newcomers);
    const rows = rowsOf(batch, names);
    samples += rows.length;
    await writer.samples(kind, rows);
    told(rows.at(-1)?.atMs ?? span.fromMs);
  }
  return { hosts: listed.host, vms: listed.vm, samples };
}

/** Values of one instant and entity side by side; the batch is in order of time. */
function rowsOf({ kind, length, entity, metric, value, atMs }: SampleBatch, names: Names): SampleRow[] {
  const rows: SampleRow[] = [];
  let ofInstant = new Map<number, Partial<Record<Metric, number>>>();
  for (let i = 0; i < length; i++) {
    if (i > 0 && atMs[i] !== atMs[i - 1]) ofInstant = new Map();
    if (!(value[i]! >= 0 && value[i]! < Number.POSITIVE_INFINITY)) continue;
    let values = ofInstant.get(entity[i]!);
    if (values === undefined) {
      values = {};
      ofInstant.set(entity[i]!, values);
      rows.push({ atMs: atMs[i]!, kind, id: names.nameOf(kind, entity[i]!), values });
    }
    values[METRICS[metric[i]!]!] = value[i]!;
  }
  return rows;
}
