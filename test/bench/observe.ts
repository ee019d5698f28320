/**
 * How fast samples are taken in and snapshots made. Prints one line of JSON; `--hosts` and `--vms` set the size.
 * `snapshotMs` is a snapshot after five in a hundred entities changed, `fullSnapshotMs` after all did; both are without
 * reading the inventory, which `inventoryMs` is.
 */
import { parseArgs } from 'node:util';
import type { Inventory } from '../../src/domain/inventory.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { MIB, SECOND } from '../../src/domain/units.ts';
import { hostCeilings, vmCeilings } from '../../src/observe/ceilings.ts';
import { compose } from '../../src/observe/compose.ts';
import { InternedIds } from '../../src/observe/interning.ts';
import { LastChanges } from '../../src/observe/last-changes.ts';
import { Measurements } from '../../src/observe/measurements.ts';
import { sharedWith } from '../../src/observe/sharing.ts';
import { windowShape } from '../../src/observe/windows.ts';
import type { Metric, SampleBatch } from '../../src/ports/samples.ts';
import { METRICS } from '../../src/ports/samples.ts';
import { aHost, anInventory, aVm, many } from '../kit/fleet.ts';

const { values } = parseArgs({
  options: { hosts: { type: 'string', default: '10000' }, vms: { type: 'string', default: '100000' } },
});
const sizes = { host: Number(values.hosts), vm: Number(values.vms) };

const SAMPLED: readonly Metric[] = [
  'cpuMhz',
  'memoryActiveBytes',
  'netRxBytesPerS',
  'netTxBytesPerS',
  'dirtyBytesPerS',
];
const ROUNDS = 30;
const INTERVAL_MS = 20 * SECOND;
const START_MS = Date.UTC(2026, 10, 20);
const CHANGED_SHARE = 0.05;

const shape = windowShape({ sampleSeconds: 20, fastWindowSeconds: 120, slowWindowSeconds: 2400 });
const deadlines = { staleAfterMs: 3 * INTERVAL_MS, skewMs: INTERVAL_MS };
const observed = {
  host: new Measurements(shape, deadlines),
  vm: new Measurements(shape, deadlines),
  changes: new LastChanges(),
};

function batchOf(kind: 'host' | 'vm', entities: number, atMs: number): SampleBatch {
  const length = entities * SAMPLED.length;
  const metrics = SAMPLED.map((metric) => METRICS.indexOf(metric));
  return {
    kind,
    length,
    entity: Uint32Array.from({ length }, (_, i) => Math.floor(i / metrics.length)),
    metric: Uint8Array.from({ length }, (_, i) => metrics[i % metrics.length]!),
    value: Float64Array.from({ length }, (_, i) => ((i * 7919 + atMs) % 1000) + 1),
    atMs: new Float64Array(length).fill(atMs),
  };
}

/** Gives the milliseconds that the samples of one round took to be taken in, judged and put into windows. */
function ingest(round: number, share: number): { readonly samples: number; readonly ms: number } {
  const atMs = START_MS + round * INTERVAL_MS;
  const batches = (['host', 'vm'] as const).map((kind) => batchOf(kind, Math.ceil(sizes[kind] * share), atMs));
  const startedAtMs = performance.now();
  for (const batch of batches) observed[batch.kind].take({ batch, from: 0, to: batch.length }, atMs);
  return { samples: batches[0]!.length + batches[1]!.length, ms: performance.now() - startedAtMs };
}

function fleet(): Inventory {
  const hosts = many(sizes.host, (n) => aHost({ id: `h${n}` }));
  const vms = many(sizes.vm, (n) => aVm({ id: `vm${n}`, host: `h${1 + (n % sizes.host)}` }));
  return anInventory({ hosts, vms });
}

function adopt(inventory: Inventory, interning: InternedIds) {
  const base = toSnapshot(inventory);
  const hosts = Uint32Array.from(base.hosts.ids, (id) => interning.host(id));
  const vms = Uint32Array.from(base.vms.ids, (id) => interning.vm(id));
  observed.host.list(hosts, hostCeilings(base.hosts), START_MS);
  observed.vm.list(vms, vmCeilings(base.vms, base.hosts), START_MS);
  return base;
}

function timedMs<T>(work: () => T): { readonly value: T; readonly ms: number } {
  const startedAtMs = performance.now();
  const value = work();
  return { value, ms: performance.now() - startedAtMs };
}

const inventory = fleet();
const interning = new InternedIds();
adopt(inventory, interning);
const { value: base, ms: inventoryMs } = timedMs(() => adopt(inventory, interning));

let version = 0;
let before = base;
function snapshot(round: number): number {
  const atMs = START_MS + round * INTERVAL_MS;
  const { value, ms } = timedMs(() => {
    observed.host.refresh();
    observed.vm.refresh();
    observed.host.judge(atMs, () => true);
    observed.vm.judge(atMs, () => true);
    version += 1;
    const parts = { hosts: observed.host, vms: observed.vm, changes: observed.changes };
    return sharedWith(before, compose(base, parts, version, atMs));
  });
  before = value;
  return ms;
}

let samples = 0;
let ingestMs = 0;
const full: number[] = [];
const partial: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const whole = ingest(2 * round, 1);
  samples += whole.samples;
  ingestMs += whole.ms;
  full.push(snapshot(2 * round));
  ingest(2 * round + 1, CHANGED_SHARE);
  partial.push(snapshot(2 * round + 1));
}

const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!;
const rounded = (value: number) => Number(value.toFixed(1));
const figures = {
  bench: 'observe',
  hosts: sizes.host,
  vms: sizes.vm,
  samplesPerS: Math.round((samples / ingestMs) * SECOND),
  snapshotMs: rounded(median(partial)),
  fullSnapshotMs: rounded(median(full)),
  inventoryMs: rounded(inventoryMs),
  rssMib: Math.round(process.memoryUsage.rss() / MIB),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
