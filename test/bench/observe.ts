/**
 * How fast samples are taken in and snapshots made, and how long anything else in the process has to wait meanwhile.
 * Prints one line of JSON; times are those of one core, but for the delays. `--hosts` and `--vms` set the size, `--seconds`
 * how long the last part takes.
 *
 * - `samplesPerS`: from batches into windows with their summaries, on one core.
 * - `textSamplesPerS`: the same from the text that a Prometheus answers, one line per series: parsed, named, interned, taken.
 * - `snapshotMs` is a snapshot after five in a hundred entities changed, `fullSnapshotMs` after all did (medians); both
 *   include judging, foreseeing and sharing, but not reading the inventory.
 * - `firstInventoryMs` turns an inventory into columns, `nextInventoryMs` a later one with other objects and 5 % changes.
 * - `learnStepMs`: one step of the forecast of all VMs, of which there are 96 a day; `rssMib` is with windows, a week of
 *   forecast history and the inventory in memory.
 * - `delayMs`: of the event loop, while an observatory takes in 50,000 samples a second and a snapshot every ten seconds.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Inventory } from '../../src/domain/inventory.ts';
import { Succession } from '../../src/domain/inventory.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { DAY, MIB, SECOND } from '../../src/domain/units.ts';
import { readAnswer } from '../../src/drivers/prometheus/answers.ts';
import { batchOf as batchOfRows, RowReader } from '../../src/drivers/prometheus/rows.ts';
import { hostCeilings, vmCeilings } from '../../src/observe/ceilings.ts';
import { compose } from '../../src/observe/compose.ts';
import { allDoubts } from '../../src/observe/doubts.ts';
import { Forecast } from '../../src/observe/forecast.ts';
import { InternedIds } from '../../src/observe/interning.ts';
import { LastChanges } from '../../src/observe/last-changes.ts';
import { Measurements } from '../../src/observe/measurements.ts';
import { Observatory } from '../../src/observe/observatory.ts';
import { deadlinesOf } from '../../src/observe/observe-settings.ts';
import { sharedWith } from '../../src/observe/sharing.ts';
import { windowShape } from '../../src/observe/windows.ts';
import type { Interning, Metric, SampleBatch } from '../../src/ports/samples.ts';
import { METRICS } from '../../src/ports/samples.ts';
import { SystemClock } from '../../src/wiring/clocks.ts';
import { aHost, anInventory, aVm, many } from '../kit/fleet.ts';
import { KeptLog, ObservedDatacenter, SETTINGS } from '../observe/kit.ts';
import { benchArguments } from './arguments.ts';

const DOUBTS = allDoubts(deadlinesOf(SETTINGS).staleAfterMs);

const { hosts, vms, seconds } = benchArguments({ hosts: 10_000, vms: 100_000, seconds: 30 });
const sizes = { host: hosts, vm: vms };
type Kind = keyof typeof sizes;

const SAMPLED: readonly Metric[] = [
  'cpuMhz',
  'memoryActiveBytes',
  'netRxBytesPerS',
  'netTxBytesPerS',
  'dirtyBytesPerS',
];
const ROUNDS = 30;
const INTERVAL_MS = SETTINGS.sampleSeconds * SECOND;
const START_MS = Date.UTC(2026, 10, 20);
const CHANGED_SHARE = 0.05;
const STEPS_PER_WEEK = 7 * 96;

function batchOf(kind: Kind, from: number, to: number, atMs: number): SampleBatch {
  const length = (to - from) * SAMPLED.length;
  const metrics = SAMPLED.map((metric) => METRICS.indexOf(metric));
  return {
    kind,
    length,
    entity: Uint32Array.from({ length }, (_, i) => from + Math.floor(i / metrics.length)),
    metric: Uint8Array.from({ length }, (_, i) => metrics[i % metrics.length]!),
    value: Float64Array.from({ length }, (_, i) => ((i * 7919 + atMs) % 1000) + 1),
    atMs: new Float64Array(length).fill(atMs),
  };
}

/** Objects of its own each time, as a driver gives them; five in a hundred VMs want something else each time. */
function fleet(round: number): Inventory {
  const hostRows = many(sizes.host, (n) => aHost({ id: `h${n}`, storages: ['a', 'b'] }));
  const demandOf = (n: number) => ({ cpuMhz: 1000 + (n % 20 === 0 ? round : 0) });
  const vmRows = many(sizes.vm, (n) =>
    aVm({ id: `vm${n}`, host: `h${1 + (n % sizes.host)}`, labels: { app: `a${n % 50}` }, demand: demandOf(n) }),
  );
  return anInventory({ hosts: hostRows, vms: vmRows });
}

/** Milliseconds of one core: what neighbours on the same machine take does not count. */
function timedMs<T>(work: () => T): { readonly value: T; readonly ms: number } {
  const before = process.threadCpuUsage();
  const value = work();
  const { user, system } = process.threadCpuUsage(before);
  return { value, ms: (user + system) / 1000 };
}

const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!;
const rounded = (value: number) => Number(value.toFixed(1));

function inventories() {
  const succession = new Succession();
  const taken = many(6, (round) => {
    const inventory = fleet(round);
    return timedMs(() => succession.next(inventory));
  });
  const [first, ...next] = taken.map(({ ms }) => ms);
  return {
    base: taken.at(-1)!.value,
    figures: { firstInventoryMs: rounded(first!), nextInventoryMs: rounded(median(next)) },
  };
}

/** The parts of an observatory by hand, so that each can be timed. */
class Parts {
  readonly host: Measurements;
  readonly vm: Measurements;
  readonly #forecast = new Forecast(SETTINGS);
  readonly #changes = new LastChanges();
  readonly #base: Snapshot;
  #latest: Snapshot | undefined;

  constructor(base: Snapshot) {
    const shape = windowShape(SETTINGS);
    this.#base = base;
    this.host = new Measurements(shape, deadlinesOf(SETTINGS));
    this.vm = new Measurements(shape, deadlinesOf(SETTINGS), this.#forecast);
    this.host.list([...base.hosts.ids.keys()], START_MS);
    this.vm.list([...base.vms.ids.keys()], START_MS);
    this.host.limit(hostCeilings(base.hosts));
    this.vm.limit(vmCeilings(base.vms, base.hosts));
  }

  /** A week of the forecast, step by step; gives the time of a step. */
  liveAWeek(): number {
    const { mean } = this.vm.vital.windows.fast;
    const { verdict } = this.vm.standing;
    const steps = many(STEPS_PER_WEEK, (n) => {
      const atMs = START_MS + DAY + n * this.#forecast.stepMs;
      return timedMs(() => this.#forecast.learn(mean, verdict, atMs)).ms;
    });
    return median(steps);
  }

  take(batch: SampleBatch, nowMs: number): void {
    this[batch.kind].take({ batch, from: 0, to: batch.length }, nowMs);
    this[batch.kind].refresh();
  }

  snapshot(nowMs: number): void {
    this.host.judge(nowMs, (host) => host >= 0);
    this.vm.judge(nowMs);
    const { mean } = this.vm.vital.windows.fast;
    this.#forecast.learn(mean, this.vm.standing.verdict, nowMs);
    this.#forecast.look(mean, nowMs);
    const { deviationWindow } = SETTINGS;
    const observed = {
      hosts: this.host,
      vms: this.vm,
      changes: this.#changes,
      forecast: this.#forecast,
      deviationWindow,
      doubts: DOUBTS,
    };
    const version = (this.#latest?.version ?? 0) + 1;
    this.#latest = sharedWith(this.#latest, compose(this.#base, observed, version, nowMs));
  }
}

function windows(base: Snapshot) {
  const parts = new Parts(base);
  const spent = { samples: 0, ms: 0 };
  const full: number[] = [];
  const partial: number[] = [];
  const ingest = (share: number, atMs: number) => {
    const batches = (['host', 'vm'] as const).map((kind) => batchOf(kind, 0, Math.ceil(sizes[kind] * share), atMs));
    const { ms } = timedMs(() => {
      for (const batch of batches) parts.take(batch, atMs);
    });
    if (share < 1) return;
    spent.samples += batches[0]!.length + batches[1]!.length;
    spent.ms += ms;
  };
  for (let round = 0; round < ROUNDS; round++) {
    const atMs = START_MS + 2 * round * INTERVAL_MS;
    ingest(1, atMs);
    full.push(timedMs(() => parts.snapshot(atMs)).ms);
    ingest(CHANGED_SHARE, atMs + INTERVAL_MS);
    partial.push(timedMs(() => parts.snapshot(atMs + INTERVAL_MS)).ms);
  }
  const learnStepMs = rounded(parts.liveAWeek());
  const rssMib = Math.round(process.memoryUsage.rss() / MIB);
  return {
    learnStepMs,
    rssMib,
    samplesPerS: Math.round((spent.samples / spent.ms) * SECOND),
    snapshotMs: rounded(median(partial)),
    fullSnapshotMs: rounded(median(full)),
  };
}

const TEXT_ROUNDS = 5;

/** What a store answers to one query about all VMs. */
function answerAbout(atMs: number): string {
  const lines = many(sizes.vm, (n) => {
    const value = ((n * 7919 + atMs) % 1000) + 0.5;
    return `{"metric":{"domain":"vm${n}"},"value":[${atMs / SECOND},"${value}"]}`;
  });
  return `{"status":"success","data":{"resultType":"vector","result":[\n${lines.join(',\n')}\n]}}`;
}

function text(base: Snapshot) {
  const parts = new Parts(base);
  const interning = new InternedIds();
  for (const id of base.vms.ids) interning.vm(id);
  const reader = new RowReader({
    host: { label: 'instance', pattern: '^(.+)$' },
    vm: { label: 'domain', pattern: '^(.+)$' },
  });
  const spent = { samples: 0, ms: 0 };
  for (let round = 0; round < TEXT_ROUNDS; round++) {
    const atMs = START_MS + round * INTERVAL_MS;
    for (const metric of ['netRxBytesPerS', 'netTxBytesPerS', 'memoryActiveBytes'] as const) {
      const answer = answerAbout(atMs);
      const unit = metric === 'memoryActiveBytes' ? 'bytes' : 'bytes/s';
      const query = { kind: 'vm', metric, unit, query: '' } as const;
      const { value, ms } = timedMs(() => {
        const { rows } = reader.read(query, readAnswer(answer), interning);
        parts.take(batchOfRows('vm', rows), atMs);
        return rows.length;
      });
      spent.samples += value;
      spent.ms += ms;
    }
  }
  return { textSamplesPerS: Math.round((spent.samples / spent.ms) * SECOND) };
}

const SAMPLES_PER_S = 50_000;
const BATCH_EVERY_MS = 100;

/** A datacenter that measures one part of itself after the other, so many samples in each tenth of a second. */
class Stream extends ObservedDatacenter {
  told = 0;

  override sample(_intervalMs: number, interning: Interning, receive: (batch: SampleBatch) => void) {
    for (let n = 1; n <= sizes.host; n++) interning.host(`h${n}`);
    for (let n = 1; n <= sizes.vm; n++) interning.vm(`vm${n}`);
    const perBatch = (SAMPLES_PER_S * BATCH_EVERY_MS) / SECOND / SAMPLED.length;
    let vm = 0;
    const timer = setInterval(() => {
      const to = Math.min(sizes.vm, vm + perBatch);
      const batch = batchOf('vm', vm, to, Date.now());
      vm = to === sizes.vm ? 0 : to;
      this.told += batch.length;
      receive(batch);
    }, BATCH_EVERY_MS);
    return () => clearInterval(timer);
  }
}

async function eventLoop() {
  const driver = new Stream(fleet(0));
  const settings = { ...SETTINGS, sampleSeconds: 10, cycleSeconds: 10 };
  const observatory = new Observatory({ driver, clock: new SystemClock(), log: new KeptLog(), settings, rules: [] });
  await observatory.start();
  await wait(SECOND);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const toldBefore = driver.told;
  const startedAtMs = performance.now();
  delay.enable();
  await wait(seconds * SECOND);
  delay.disable();
  const tookS = (performance.now() - startedAtMs) / SECOND;
  observatory.stop();
  const inMs = (nanoseconds: number) => rounded(nanoseconds / 1e6);
  return {
    toldPerS: Math.round((driver.told - toldBefore) / tookS),
    dropped: observatory.losses.dropped,
    snapshots: observatory.latest()!.version,
    delayMs: { median: inMs(delay.percentile(50)), p99: inMs(delay.percentile(99)), worst: inMs(delay.max) },
  };
}

const { base, figures } = inventories();
const measured = windows(base);
const fromText = text(base);
const loop = seconds > 0 ? await eventLoop() : {};
const line = { bench: 'observe', hosts: sizes.host, vms: sizes.vm, ...figures, ...measured, ...fromText, ...loop };
process.stdout.write(`${JSON.stringify(line)}\n`);
