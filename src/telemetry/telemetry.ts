/**
 * telemetry: what Drover tells of itself as Prometheus metrics, all from one catalogue.
 *
 * May import: domain, ports, prom-client.
 */
import { collectDefaultMetrics } from 'prom-client';
import type { StepStatus } from '../domain/plan.ts';
import { MODES, type Mode } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { HOUR, SECOND } from '../domain/units.ts';
import type { StepOutcome } from '../ports/journal.ts';
import { LIFECYCLE_STATES } from './catalogue/loop.ts';
import type { Metric } from './catalogue/metric.ts';
import { ALL_METRICS, CATALOGUE } from './catalogue.ts';
import { EnergyMeter } from './energy-meter.ts';
import { ENDING, exposed, type Format } from './exposition.ts';
import { type FleetFigures, figuresOf } from './fleet-figures.ts';
import { HOST_SERIES, VM_PLACE, VM_SERIES } from './fleet-series.ts';
import { Instruments, newRegistry } from './instruments.ts';
import {
  type CauseCount,
  type PolicyState,
  type Seen,
  type Standing,
  tellPolicies,
  tellStanding,
  tellWaiting,
} from './standing.ts';
import { type SeriesChoice, SeriesStream, seriesCounts } from './stream-series.ts';
import { type CycleEnded, tellCycle } from './tell-cycle.ts';
import { tellFleet } from './tell-fleet.ts';
import { tellStepEnded } from './tell-step.ts';
import { UndoneMoves } from './undone-moves.ts';
import type { JournalWatcher } from './watched-journal.ts';

export type { PolicyState, Standing } from './standing.ts';
export type { CycleEnded } from './tell-cycle.ts';

/** prom-client calls these gauges `_total`, which only counters may be called. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** Of the catalogue's metrics, before others have a turn. */
const PIECE_CHARS = 16 * 1024;

const NOTHING = new Uint8Array(0);

export interface Identity {
  readonly version: string;
  readonly cluster: string;
  readonly driver: string;
}

export interface TelemetrySettings {
  readonly perHostSeries: boolean;
  readonly perVmSeries: boolean;
  readonly mostSeries: number;
  readonly undoneWithinHours: number;
}

export interface SnapshotTaken {
  readonly snapshot: Snapshot;
  /** Datacenter time since the oldest measurement that the snapshot believes. */
  readonly oldestAgeMs: number;
  /** Hosts and VMs that are not trusted, by the first cause. */
  readonly unknown: readonly CauseCount[];
  /** Samples thrown away since the snapshot before. */
  readonly droppedSamples: number;
}

/** One method per happening. Whoever calls it knows nothing of metrics. */
export class Telemetry implements JournalWatcher {
  readonly #registry = newRegistry();
  readonly #instruments: Instruments;
  readonly #energy = new EnergyMeter();
  readonly #series = new SeriesStream();
  readonly #choice: SeriesChoice;
  readonly #undone: UndoneMoves;
  #standing: (() => Standing) | undefined;
  #seen: Seen | undefined;

  constructor(identity: Identity, settings: TelemetrySettings) {
    this.#choice = { perHost: settings.perHostSeries, perVm: settings.perVmSeries, most: settings.mostSeries };
    this.#undone = new UndoneMoves(settings.undoneWithinHours * HOUR);
    this.#instruments = new Instruments(this.#registry, ALL_METRICS);
    this.#instruments.set(CATALOGUE.info, 1, { ...identity });
    this.#instruments.set(CATALOGUE.journalWritable, 1);
    collectDefaultMetrics({ register: this.#registry });
    for (const name of MISNAMED) this.#registry.removeSingleMetric(name);
  }

  /** Whom to ask how things stand whenever somebody scrapes. */
  attend(standing: () => Standing): void {
    this.#standing = standing;
  }

  /**
   * All metrics, in pieces. A piece is good until the next is asked for; whoever takes them lets others have a turn in
   * between, since there may be very many.
   */
  async *scrape(format: Format): AsyncGenerator<Uint8Array> {
    const snapshot = this.#seen?.snapshot;
    const counts = snapshot === undefined ? undefined : seriesCounts(this.#choice, snapshot);
    yield* this.#askStanding();
    this.#tellLeftOut(snapshot, counts);
    yield* this.#catalogue(format);
    if (snapshot !== undefined && counts !== undefined) yield* this.#series.chunks(snapshot, counts, format);
    yield new TextEncoder().encode(ENDING[format]);
  }

  /** The same in one piece. */
  async text(format: Format = 'text'): Promise<string> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const piece of this.scrape(format)) text += decoder.decode(piece, { stream: true });
    return text;
  }

  lifecycle(state: (typeof LIFECYCLE_STATES)[number], mode: Mode, powerSwitching: boolean): void {
    const to = this.#instruments;
    for (const name of LIFECYCLE_STATES) to.set(CATALOGUE.state, Number(name === state), { state: name });
    for (const name of MODES) to.set(CATALOGUE.mode, Number(name === mode), { mode: name });
    to.set(CATALOGUE.powerSwitching, Number(powerSwitching));
  }

  snapshotTaken(taken: SnapshotTaken): void {
    const { snapshot, oldestAgeMs } = taken;
    const to = this.#instruments;
    const figures = figuresOf(snapshot);
    this.#seen = { snapshot, oldestAgeMs };
    to.add(CATALOGUE.snapshots, 1);
    to.set(CATALOGUE.snapshotTime, snapshot.atMs / SECOND);
    to.set(CATALOGUE.oldestAge, oldestAgeMs / SECOND);
    to.add(CATALOGUE.samplesDropped, taken.droppedSamples);
    to.replace(
      CATALOGUE.unknown,
      taken.unknown.map(({ kind, cause, count }) => ({ labels: { kind, cause }, value: count })),
    );
    tellFleet(to, snapshot, figures);
    this.#addEnergy(snapshot.atMs, figures);
  }

  cycleEnded(ended: CycleEnded): void {
    tellCycle(this.#instruments, ended);
  }

  cycleFailed(): void {
    this.#instruments.add(CATALOGUE.cycleFailures, 1);
  }

  /** Real time spent in the code of each policy since it was last told. */
  policiesTook(seconds: ReadonlyMap<string, number>): void {
    for (const [policy, spent] of seconds) this.#instruments.add(CATALOGUE.policySeconds, spent, { policy });
  }

  policiesStand(policies: readonly PolicyState[]): void {
    tellPolicies(this.#instruments, policies);
  }

  stepEnded(status: StepStatus): void {
    tellStepEnded(this.#instruments, status, this.#undone);
  }

  hookEnded(outcome: StepOutcome['state']): void {
    this.#instruments.add(CATALOGUE.hooks, 1, { outcome });
  }

  journalWritten(seconds: number): void {
    this.#instruments.observe(CATALOGUE.journalWrites, seconds);
    this.#instruments.set(CATALOGUE.journalWritable, 1);
  }

  journalFailed(): void {
    this.#instruments.add(CATALOGUE.journalFailures, 1);
    this.#instruments.set(CATALOGUE.journalWritable, 0);
  }

  requestAnswered(status: number): void {
    this.#instruments.add(CATALOGUE.requests, 1, { status: `${Math.floor(status / 100)}xx` });
  }

  streamsOpen(count: number): void {
    this.#instruments.set(CATALOGUE.streams, count);
  }

  streamDropped(): void {
    this.#instruments.add(CATALOGUE.streamsDropped, 1);
  }

  *#askStanding(): Generator<Uint8Array> {
    const standing = this.#standing?.();
    if (standing === undefined) return;
    tellStanding(this.#instruments, standing, this.#seen);
    for (const _pause of tellWaiting(this.#instruments, standing.steps)) yield NOTHING;
  }

  async *#catalogue(format: Format): AsyncGenerator<Uint8Array> {
    const encoder = new TextEncoder();
    let text = '';
    for (const metric of await this.#registry.getMetricsAsJSON()) {
      text += exposed({ ...metric, type: String(metric.type) }, format);
      if (text.length < PIECE_CHARS) continue;
      yield encoder.encode(text);
      text = '';
    }
    yield encoder.encode(text);
  }

  #addEnergy(atMs: number, { totalWatts, savedWatts, switchingWatts }: FleetFigures): void {
    const to = this.#instruments;
    const [drawn, saved, switching] = this.#energy.read({ atMs, watts: [totalWatts, savedWatts, switchingWatts] });
    to.add(CATALOGUE.energy, drawn!);
    to.add(CATALOGUE.energySaved, saved!);
    to.add(CATALOGUE.energySwitching, switching!);
  }

  #tellLeftOut(snapshot: Snapshot | undefined, counts: { hosts: number; vms: number } | undefined): void {
    const { perHost, perVm } = this.#choice;
    const leftOut = (kind: 'hosts' | 'vms') => (snapshot?.[kind].ids.length ?? 0) - (counts?.[kind] ?? 0);
    this.#instruments.set(CATALOGUE.seriesLeftOut, perHost ? leftOut('hosts') : 0, { kind: 'host' });
    this.#instruments.set(CATALOGUE.seriesLeftOut, perVm ? leftOut('vms') : 0, { kind: 'vm' });
  }
}

export interface ProcessMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
}

/** The metrics that this process exposes about itself, beside the catalogue's. */
export async function processMetrics(): Promise<readonly ProcessMetric[]> {
  const registry = newRegistry();
  collectDefaultMetrics({ register: registry });
  const metrics = await registry.getMetricsAsJSON();
  return metrics
    .filter(({ name }) => !MISNAMED.includes(name))
    .map(({ name, type, help }) => ({ name, type: String(type), help }));
}

export function metricNames(): string[] {
  const own = ALL_METRICS.flatMap((metric: Metric) =>
    metric.type === 'histogram' ? ['', '_bucket', '_sum', '_count'].map((part) => metric.name + part) : [metric.name],
  );
  return [...new Set([...own, ...[...HOST_SERIES, ...VM_SERIES, VM_PLACE].map(({ name }) => name)])];
}
