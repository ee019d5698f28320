import type { Snapshot } from '../domain/snapshot.ts';
import { EncodedLabels } from './encoded-labels.ts';
import { type Format, headerLines } from './exposition.ts';
import { figuresOf } from './fleet-figures.ts';
import { type FleetSeries, HOST_SERIES, VM_PLACE, VM_SERIES } from './fleet-series.ts';
import { LineBuffer } from './line-buffer.ts';

/** Bytes between two pauses: about a millisecond of work. */
const CHUNK_BYTES = 128 * 1024;

export interface SeriesChoice {
  readonly perHost: boolean;
  readonly perVm: boolean;
  /** What would be more is left out, whole hosts and VMs at a time. */
  readonly most: number;
}

/** How many hosts and VMs have series, from the first on. */
export interface SeriesCounts {
  readonly hosts: number;
  readonly vms: number;
}

const PER_VM = VM_SERIES.length + 1;

export function seriesCounts({ perHost, perVm, most }: SeriesChoice, { hosts, vms }: Snapshot): SeriesCounts {
  const hostCount = perHost ? Math.min(hosts.ids.length, Math.floor(most / HOST_SERIES.length)) : 0;
  const rest = most - hostCount * HOST_SERIES.length;
  return { hosts: hostCount, vms: perVm ? Math.min(vms.ids.length, Math.floor(rest / PER_VM)) : 0 };
}

/**
 * Series of single hosts and VMs, straight from the columns. Nothing is kept per series but the labels as bytes. A chunk
 * is good until the next one is asked for; whoever takes them lets others have a turn in between.
 */
export class SeriesStream {
  #hostLabels = new EncodedLabels('host', []);
  #vmLabels = new EncodedLabels('vm', []);

  *chunks(snapshot: Snapshot, counts: SeriesCounts, format: Format): Generator<Uint8Array> {
    const { hosts, vms } = yield* this.#encode(snapshot, counts);
    const buffer = new LineBuffer(CHUNK_BYTES);
    if (counts.hosts > 0) yield* families(buffer, HOST_SERIES, hosts, counts.hosts, snapshot, format);
    if (counts.vms > 0) {
      yield* families(buffer, VM_SERIES, vms, counts.vms, snapshot, format);
      yield* places(buffer, vms, hosts, counts.vms, snapshot, format);
    }
    yield buffer.take();
  }

  /** Labels stay good while the ids are the same list. */
  *#encode({ hosts, vms }: Snapshot, counts: SeriesCounts): Generator<Uint8Array, Labels> {
    if (this.#hostLabels.ids !== hosts.ids) this.#hostLabels = new EncodedLabels('host', hosts.ids);
    if (this.#vmLabels.ids !== vms.ids) this.#vmLabels = new EncodedLabels('vm', vms.ids);
    const labels = { hosts: this.#hostLabels, vms: this.#vmLabels };
    while (labels.hosts.encodeSome()) yield NOTHING;
    while (counts.vms > 0 && labels.vms.encodeSome()) yield NOTHING;
    return labels;
  }
}

interface Labels {
  readonly hosts: EncodedLabels;
  readonly vms: EncodedLabels;
}

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

const NOTHING = new Uint8Array(0);
const COMMA = encoded(',');

function* families(
  buffer: LineBuffer,
  series: readonly FleetSeries[],
  { bytes, start }: EncodedLabels,
  count: number,
  snapshot: Snapshot,
  format: Format,
): Generator<Uint8Array> {
  const figures = figuresOf(snapshot);
  let family = '';
  for (const { name, about, decimals, more, read } of series) {
    if (name !== family) buffer.text(`${headerLines(name, about, 'gauge', format).join('\n')}\n`);
    family = name;
    const value = read(snapshot, figures);
    const before = encoded(`${name}{`);
    const behind = encoded(more === undefined ? '} ' : `,${more[0]}="${more[1]}"} `);
    for (let i = 0; i < count; i++) {
      buffer.bytes(before, 0, before.length);
      buffer.bytes(bytes, start[i]!, start[i + 1]!);
      buffer.bytes(behind, 0, behind.length);
      buffer.number(value(i), decimals);
      buffer.newline();
      if (buffer.isFull) yield buffer.take();
    }
  }
}

function* places(
  buffer: LineBuffer,
  vmLabels: EncodedLabels,
  hostLabels: EncodedLabels,
  count: number,
  { vms }: Snapshot,
  format: Format,
): Generator<Uint8Array> {
  const { name, about } = VM_PLACE;
  buffer.text(`${headerLines(name, about, 'gauge', format).join('\n')}\n`);
  const before = encoded(`${name}{`);
  const behind = encoded('} 1\n');
  for (let v = 0; v < count; v++) {
    const host = vms.host[v]!;
    buffer.bytes(before, 0, before.length);
    buffer.bytes(vmLabels.bytes, vmLabels.start[v]!, vmLabels.start[v + 1]!);
    buffer.bytes(COMMA, 0, 1);
    buffer.bytes(hostLabels.bytes, hostLabels.start[host]!, hostLabels.start[host + 1]!);
    buffer.bytes(behind, 0, behind.length);
    if (buffer.isFull) yield buffer.take();
  }
}
