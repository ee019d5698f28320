/**
 * telemetry: what Drover tells of itself as Prometheus metrics, all from one catalogue.
 *
 * May import: domain, ports, prom-client.
 */
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Change } from '../domain/change.ts';
import { isAccepted, type Verdicts } from '../domain/decision.ts';
import { ENDED, type Plan, type StepStatus } from '../domain/plan.ts';
import { MODES, type Mode } from '../domain/profile.ts';
import type { Violation } from '../domain/rule.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { SECOND } from '../domain/units.ts';
import { ALL_METRICS, CATALOGUE, LIFECYCLE_STATES, type Metric, STAGES, type Stage } from './catalogue.ts';
import { EnergyMeter } from './energy-meter.ts';
import { countOf, type FleetFigures, figuresOf } from './fleet-figures.ts';
import { hostLoadRows, hostPowerRows, loadRows } from './fleet-rows.ts';
import { Instruments } from './instruments.ts';

/** prom-client calls these gauges `_total`, which only counters may be called. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

export interface Identity {
  readonly version: string;
  readonly cluster: string;
  readonly driver: string;
}

export interface SnapshotTaken {
  readonly snapshot: Snapshot;
  /** Datacenter time since the oldest measurement that the snapshot believes. */
  readonly oldestAgeMs: number;
  /** Hosts and VMs that are not trusted, by the first cause. */
  readonly unknown: readonly UnknownCount[];
  /** Samples thrown away since the snapshot before. */
  readonly droppedSamples: number;
}

export interface UnknownCount {
  readonly kind: 'host' | 'vm';
  readonly cause: string;
  readonly count: number;
}

export interface CycleEnded {
  /** Real time of each stage. */
  readonly seconds: Readonly<Record<Stage, number>>;
  readonly verdicts: Verdicts;
  readonly plan: Plan;
}

export interface PolicyState {
  readonly id: string;
  readonly version: string;
  /** Empty when all is well. */
  readonly trouble: string;
}

/** One method per happening. Whoever calls it knows nothing of metrics. */
export class Telemetry {
  readonly #registry = new Registry();
  readonly #instruments: Instruments;
  readonly #energy = new EnergyMeter();

  constructor(identity: Identity) {
    this.#instruments = new Instruments(this.#registry, ALL_METRICS);
    this.#instruments.set(CATALOGUE.info, 1, { ...identity });
    collectDefaultMetrics({ register: this.#registry });
    for (const name of MISNAMED) this.#registry.removeSingleMetric(name);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  lifecycle(state: (typeof LIFECYCLE_STATES)[number], mode: Mode, powerSwitching: boolean): void {
    const to = this.#instruments;
    for (const name of LIFECYCLE_STATES) to.set(CATALOGUE.state, Number(name === state), { state: name });
    for (const name of MODES) to.set(CATALOGUE.mode, Number(name === mode), { mode: name });
    to.set(CATALOGUE.powerSwitching, Number(powerSwitching));
  }

  snapshotTaken(taken: SnapshotTaken): void {
    const { snapshot } = taken;
    const to = this.#instruments;
    const figures = figuresOf(snapshot);
    to.add(CATALOGUE.snapshots, 1);
    to.set(CATALOGUE.snapshotTime, snapshot.atMs / SECOND);
    to.set(CATALOGUE.snapshotAge, taken.oldestAgeMs / SECOND);
    to.add(CATALOGUE.samplesDropped, taken.droppedSamples);
    to.replace(
      CATALOGUE.unknown,
      taken.unknown.map(({ kind, cause, count }) => ({ labels: { kind, cause }, value: count })),
    );
    this.#fleet(snapshot, figures);
    this.#power(snapshot.atMs, figures);
  }

  cycleEnded({ seconds, verdicts, plan }: CycleEnded): void {
    const to = this.#instruments;
    to.add(CATALOGUE.cycles, 1);
    for (const stage of STAGES) to.observe(CATALOGUE.cycleDuration, seconds[stage], { stage });
    to.add(CATALOGUE.limitsHit, verdicts.limitsHit.length);
    for (const { policy } of verdicts.skipped) to.add(CATALOGUE.policyErrors, 1, { policy });
    this.#decided(verdicts);
    this.#planned(plan);
  }

  cycleFailed(): void {
    this.#instruments.add(CATALOGUE.cycleFailures, 1);
  }

  /** Steps that have not ended yet; others in the list do not count. */
  stepsStand(steps: readonly StepStatus[]): void {
    const standing = steps.filter((status) => !ENDED.has(status.state));
    this.#instruments.replace(
      CATALOGUE.stepsStanding,
      standing.map(({ step, state }) => ({ labels: { kind: stepKind(step.change), state }, value: 1 })),
    );
  }

  stepEnded(status: StepStatus): void {
    const to = this.#instruments;
    to.add(CATALOGUE.steps, 1, { kind: stepKind(status.step.change), outcome: status.state });
    to.add(CATALOGUE.migrationBytes, status.measured?.bytes ?? status.progress?.copiedBytes ?? 0);
    if (status.state === 'done' && status.step.change.kind === 'move') this.#migrated(status);
  }

  policiesStand(policies: readonly PolicyState[]): void {
    const to = this.#instruments;
    to.replace(
      CATALOGUE.policyInfo,
      policies.map(({ id, version }) => ({ labels: { policy: id, version }, value: 1 })),
    );
    to.replace(
      CATALOGUE.policyTrouble,
      policies.map(({ id, trouble }) => ({ labels: { policy: id }, value: Number(trouble !== '') })),
    );
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

  #migrated({ step, measured, startedAtMs, endedAtMs }: StepStatus): void {
    const to = this.#instruments;
    const spanSeconds = startedAtMs === null || endedAtMs === null ? undefined : (endedAtMs - startedAtMs) / SECOND;
    const seconds = measured?.seconds ?? spanSeconds;
    if (seconds !== undefined) to.observe(CATALOGUE.migrationDuration, seconds);
    if (measured !== undefined) to.observe(CATALOGUE.migrationBlackout, measured.blackoutMs / SECOND);
    to.add(CATALOGUE.migrationPredicted, step.migration?.seconds ?? 0);
  }

  #fleet(snapshot: Snapshot, figures: FleetFigures): void {
    const to = this.#instruments;
    to.set(CATALOGUE.vms, snapshot.vms.ids.length);
    to.replace(CATALOGUE.hosts, hostPowerRows(snapshot));
    to.set(CATALOGUE.hostsInMaintenance, countOf(snapshot.hosts.maintenance, 1));
    to.replace(CATALOGUE.load, loadRows(figures));
    to.replace(CATALOGUE.hostLoad, hostLoadRows(snapshot, figures));
  }

  #power(atMs: number, { totalWatts, savedWatts }: FleetFigures): void {
    const to = this.#instruments;
    to.set(CATALOGUE.watts, totalWatts);
    const { drawnJoules, savedJoules } = this.#energy.read({ atMs, watts: totalWatts, savedWatts });
    to.add(CATALOGUE.energy, drawnJoules);
    to.add(CATALOGUE.energySaved, savedJoules);
  }

  #decided(verdicts: Verdicts): void {
    const to = this.#instruments;
    for (const decision of verdicts.decisions) {
      const { phase, policy, refusal } = decision;
      const verdict = refusal === undefined ? 'accepted' : 'refused';
      to.add(CATALOGUE.decisions, 1, { phase, policy, verdict });
      if (refusal !== undefined) to.add(CATALOGUE.refusals, 1, { rule: refusal.rule });
      if (isAccepted(decision)) to.add(CATALOGUE.onceCost, decision.onceCost);
    }
    to.replace(
      CATALOGUE.cost,
      verdicts.terms.flatMap(({ term, beforePerHour, afterPerHour }) => [
        { labels: { term, moment: 'before' }, value: beforePerHour },
        { labels: { term, moment: 'after' }, value: afterPerHour },
      ]),
    );
    to.replace(CATALOGUE.violations, [
      ...violationRows(verdicts.violations, 'before'),
      ...violationRows(verdicts.unrepaired, 'after'),
    ]);
  }

  #planned(plan: Plan): void {
    const to = this.#instruments;
    if (plan.steps.length > 0) to.add(CATALOGUE.plans, 1);
    to.add(CATALOGUE.impossible, plan.impossible.length);
    to.set(CATALOGUE.planMakespan, plan.makespanMs / SECOND);
    to.set(CATALOGUE.planLowerBound, plan.lowerBoundMs / SECOND);
  }
}

/** The metrics that this process exposes about itself, beside the catalogue's. */
export function processMetricNames(): string[] {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry.getMetricsAsArray().flatMap(({ name }) => (MISNAMED.includes(name) ? [] : [name]));
}

export function metricNames(): string[] {
  return ALL_METRICS.flatMap((metric: Metric) =>
    metric.type === 'histogram' ? ['', '_bucket', '_sum', '_count'].map((part) => metric.name + part) : [metric.name],
  );
}

const stepKind = (change: Change) => (change.kind === 'move' ? 'move' : `power ${change.to}`);

const violationRows = (violations: readonly Violation[], moment: 'before' | 'after') =>
  violations.map(({ rule }) => ({ labels: { rule, moment }, value: 1 }));
