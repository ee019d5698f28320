import { METRIC_UNITS, METRICS } from '../../domain/metric.ts';
import type { Interning, SampleBatch } from '../../ports/samples.ts';
import type { Answer } from './answers.ts';
import type { Query } from './query-sets.ts';

/** From the labels of a series to an id: what the first group of the pattern matches of the label. */
export interface Naming {
  readonly label: string;
  readonly pattern: string;
}

export interface Row {
  readonly kind: Query['kind'];
  readonly entity: number;
  readonly metric: number;
  readonly value: number;
  readonly atMs: number;
}

export interface Rows {
  readonly rows: readonly Row[];
  /** What could not be used, in a sentence; undefined where all could. */
  readonly trouble: string | undefined;
}

export class RowReader {
  readonly #naming: Readonly<Record<Query['kind'], Naming>>;
  readonly #patterns: Readonly<Record<Query['kind'], RegExp>>;

  constructor(naming: Readonly<Record<Query['kind'], Naming>>) {
    this.#naming = naming;
    this.#patterns = { host: new RegExp(naming.host.pattern), vm: new RegExp(naming.vm.pattern) };
  }

  read({ kind, metric, unit }: Query, { series, warnings }: Answer, interning: Interning): Rows {
    const factor = METRIC_UNITS[metric][unit] ?? Number.NaN;
    const number = METRICS.indexOf(metric);
    const rows: Row[] = [];
    const seen = new Set<string>();
    let twin: string | undefined;
    for (const { labels, points } of series) {
      const id = this.#idOf(kind, labels);
      if (id === undefined) continue;
      if (seen.has(id)) {
        twin = id;
        continue;
      }
      seen.add(id);
      const entity = interning[kind](id);
      for (const { atMs, value } of points) rows.push({ kind, entity, metric: number, value: value * factor, atMs });
    }
    const isNameless = series.length > 0 && seen.size === 0;
    return { rows, trouble: this.#trouble(kind, isNameless, twin, warnings) };
  }

  /** A pattern may leave series out. */
  #idOf(kind: Query['kind'], labels: Readonly<Record<string, string>>): string | undefined {
    const text = labels[this.#naming[kind].label];
    return text === undefined ? undefined : this.#patterns[kind].exec(text)?.[1];
  }

  #trouble(kind: Query['kind'], isNameless: boolean, twin: string | undefined, warnings: readonly string[]) {
    const { label, pattern } = this.#naming[kind];
    if (twin !== undefined) return `several series are of ${kind} ${twin}; aggregate by (${label})`;
    if (isNameless) return `no series has a label "${label}" that matches ${pattern}`;
    return warnings.length > 0 ? `answered in part: ${warnings[0]}` : undefined;
  }
}

export function batchOf(kind: Query['kind'], rows: readonly Row[]): SampleBatch {
  return {
    kind,
    length: rows.length,
    entity: Uint32Array.from(rows, ({ entity }) => entity),
    metric: Uint8Array.from(rows, ({ metric }) => metric),
    value: Float64Array.from(rows, ({ value }) => value),
    atMs: Float64Array.from(rows, ({ atMs }) => atMs),
  };
}
