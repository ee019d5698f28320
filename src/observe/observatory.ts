import type { Observable } from 'rxjs';
import { Subject, Subscription } from 'rxjs';
import { CPU } from '../domain/resources.ts';
import type { Rule } from '../domain/rule.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { MINUTE, SECOND } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Driver, DriverEvent } from '../ports/driver.ts';
import type { Log } from '../ports/log.ts';
import type { MetricSource } from '../ports/samples.ts';
import { hostCeilings, hostCoreMhz, vmCeilings, vmCoreMhz } from './ceilings.ts';
import { compose, isQuiet } from './compose.ts';
import { allDoubts } from './doubts.ts';
import { Forecast, type ForecastState } from './forecast.ts';
import { Intake } from './intake.ts';
import { InternedIds } from './interning.ts';
import { InventoryReader } from './inventory-reader.ts';
import { LastChanges } from './last-changes.ts';
import { Measurements } from './measurements.ts';
import { MeterRatios } from './meter-ratios.ts';
import { deadlinesOf, type ObservatorySettings } from './observe-settings.ts';
import { Outage } from './outage.ts';
import { Overload } from './overload.ts';
import { Pacing } from './pacing.ts';
import type { Slice } from './sample-buffer.ts';
import { sharedWith } from './sharing.ts';
import { type Signals, signalsOf } from './signals.ts';
import type { CauseCount } from './standing.ts';
import { countsByCause } from './standing.ts';
import { tellStanding } from './telling.ts';
import type { Trust } from './trust-gate.ts';
import { verdictOf } from './trust-gate.ts';
import { windowShape } from './windows.ts';

export interface ObservatoryParts {
  readonly driver: Driver;
  /** Beside the driver's own samples. */
  readonly sources?: readonly MetricSource[];
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: ObservatorySettings;
  /** Rules that the configuration declares, over those of the inventory. */
  readonly rules: readonly Rule[];
}

export interface UnknownCount extends CauseCount {
  readonly kind: 'host' | 'vm';
}

/** Samples that were left out since the start, by why. */
export interface SampleLosses {
  readonly dropped: number;
  readonly late: number;
  readonly repeated: number;
  readonly unlisted: number;
}

/**
 * Watches a datacenter and gives snapshots of it: one each cycle, and one soon after it was asked for, never more often
 * than samples are taken. The inventory is read anew for each, because migrations and switches by others are told by no
 * event that could be relied on.
 */
export class Observatory {
  readonly #parts: ObservatoryParts;
  readonly #hosts: Measurements;
  readonly #vms: Measurements;
  readonly #forecast: Forecast;
  readonly #overload: Overload;
  readonly #interning = new InternedIds();
  readonly #changes = new LastChanges();
  readonly #doubts: readonly string[];
  readonly #meterRatios = new MeterRatios();
  readonly #intake: Intake;
  readonly #outage: Outage;
  readonly #reader: InventoryReader;
  readonly #pacing: Pacing;
  readonly #snapshots = new Subject<Snapshot>();
  readonly #running = new Subscription();
  #base: Snapshot | undefined;
  #latest: Snapshot | undefined;
  #isTaught = false;
  #takingSeconds = 0;

  constructor(parts: ObservatoryParts) {
    const { driver, sources = [], clock, log, settings, rules } = parts;
    const shape = windowShape(settings);
    const deadlines = deadlinesOf(settings);
    this.#parts = parts;
    this.#doubts = allDoubts(deadlines.staleAfterMs);
    this.#forecast = new Forecast(settings);
    this.#hosts = new Measurements(shape, deadlines);
    this.#vms = new Measurements(shape, deadlines, this.#forecast);
    this.#overload = new Overload(this.#hosts, settings);
    this.#intake = new Intake({
      driver,
      sources,
      clock,
      log,
      settings,
      interning: this.#interning,
      take: (slice) => this.#ingest(slice),
      returned: (source) => this.request(`${source} is back`),
    });
    this.#outage = new Outage(`Reading the inventory of ${driver.name}`, 0, clock, log);
    const outage = this.#outage;
    this.#reader = new InventoryReader({ driver, clock, outage, rules, mostMs: settings.cycleSeconds * SECOND });
    this.#pacing = new Pacing(clock, settings.sampleSeconds * SECOND, (reasons) => this.#take(reasons));
  }

  get snapshots(): Observable<Snapshot> {
    return this.#snapshots;
  }

  latest(): Snapshot | undefined {
    return this.#latest;
  }

  /** Why nobody can tell now what exists; none while somebody can. */
  get troubles(): readonly string[] {
    return this.#outage.underWay ? [this.#outage.words] : [];
  }

  /** Keeps its promise once the inventory was read, or could not be: then it goes on trying each cycle. */
  async start(): Promise<void> {
    this.#running.add(this.#parts.driver.watch((event) => this.#note(event)));
    await this.#pacing.begin('the start');
    if (this.#running.closed) return;
    this.#intake.start();
    this.#running.add(() => this.#intake.stop());
    void this.#teach();
    this.#tickLater();
  }

  stop(): void {
    this.#running.unsubscribe();
    this.#pacing.stop();
    this.#snapshots.complete();
  }

  /** Asks for a snapshot soon. */
  request(reason: string): void {
    this.#pacing.request(reason);
  }

  /** Datacenter time since the oldest datum that the newest snapshot believes; zero where it believes none. */
  ageMs(): number {
    const oldestAtMs = Math.min(this.#hosts.oldestAtMs, this.#vms.oldestAtMs);
    return oldestAtMs === Infinity ? 0 : Math.max(0, this.#parts.clock.nowMs() - oldestAtMs);
  }

  /** How many hosts and VMs of the newest snapshot are unknown. */
  unknownByCause(): readonly UnknownCount[] {
    return bothKinds(this.#hosts.standing.unknownByCause(), this.#vms.standing.unknownByCause());
  }

  /** How many samples the trust gate has refused since the start. */
  refusedByCause(): readonly UnknownCount[] {
    return bothKinds(countsByCause(this.#hosts.verdicts), countsByCause(this.#vms.verdicts));
  }

  /** How one host or VM of the newest snapshot stands; nothing where there is none of that id. */
  trust(kind: 'host' | 'vm', id: string): Trust | undefined {
    const row = this.#rowOf(kind, id);
    return row === undefined ? undefined : this.#of(kind).standing.trust(row);
  }

  /** What is seen of the processors of one host or VM; nothing where there is none of that id. */
  signals(kind: 'host' | 'vm', id: string): Signals | undefined {
    const row = this.#rowOf(kind, id);
    if (row === undefined) return undefined;
    const signals = signalsOf(this.#of(kind).vital, row);
    return kind === 'vm'
      ? { ...signals, forecast: this.#forecast.of(row) }
      : { ...signals, isHot: this.#overload.isHot(row) };
  }

  /** How the VMs are foreseen. */
  forecastState(): ForecastState {
    return this.#forecast.state(this.#vms.rowAt);
  }

  /** Real time that the newest snapshot took, inventory and all; for telemetry, nothing depends on it. */
  get takingSeconds(): number {
    return this.#takingSeconds;
  }

  get droppedSamples(): number {
    return this.#intake.dropped;
  }

  get losses(): SampleLosses {
    return {
      dropped: this.#intake.dropped,
      late: this.#hosts.late + this.#vms.late,
      repeated: this.#hosts.repeated + this.#vms.repeated,
      unlisted: this.#hosts.unlisted + this.#vms.unlisted,
    };
  }

  /** Until it has learnt from the past it learns nothing from the present, which would come out of turn. */
  async #teach(): Promise<void> {
    await this.#intake.teach(this.#vms, this.#forecast, this.#parts.settings.seasonMinutes * MINUTE);
    this.#isTaught = true;
  }

  #tickLater(): void {
    const { clock, settings } = this.#parts;
    const stop = clock.after(settings.cycleSeconds * SECOND, () => {
      this.#running.remove(ticking);
      this.#tickLater();
      this.request('the cycle');
    });
    const ticking = new Subscription(stop);
    this.#running.add(ticking);
  }

  #note(event: DriverEvent): void {
    this.#changes.note(event);
    if (event.kind === 'vm-moved') return;
    if (event.kind === 'lost') this.#intake.driverFailed(event.because);
    this.request(event.kind === 'host-power' ? `host ${event.host} is ${event.power}` : event.kind);
  }

  async #take(reasons: readonly string[]): Promise<void> {
    const startedAtMs = performance.now();
    const fresh = await this.#reader.read();
    if (this.#running.closed) return;
    this.#adopt(fresh);
    if (this.#base === undefined) return;
    this.#intake.drain();
    this.#latest = this.#compose(this.#base, fresh !== undefined);
    this.#takingSeconds = (performance.now() - startedAtMs) / SECOND;
    this.#parts.log.debug(`Took snapshot ${this.#latest.version}.`, { reasons });
    this.#snapshots.next(this.#latest);
  }

  #adopt(base: Snapshot | undefined): void {
    if (base === undefined) return;
    const nowMs = this.#parts.clock.nowMs();
    const before = this.#base;
    this.#base = base;
    this.#changes.forgetAllBut(base);
    const { hosts, vms } = base;
    if (hosts.ids !== before?.hosts.ids)
      this.#hosts.list(
        hosts.ids.map((id) => this.#interning.host(id)),
        nowMs,
      );
    if (vms.ids !== before?.vms.ids)
      this.#vms.list(
        vms.ids.map((id) => this.#interning.vm(id)),
        nowMs,
      );
    this.#hosts.limit(hostCeilings(hosts));
    this.#vms.limit(vmCeilings(vms, hosts));
    this.#hosts.clock(hostCoreMhz(hosts));
    this.#vms.clock(vmCoreMhz(vms, hosts));
    this.#overload.list(hosts.capacity[CPU]!);
  }

  #ingest(slice: Slice): void {
    const measured = this.#of(slice.batch.kind);
    measured.take(slice, this.#parts.clock.nowMs());
    measured.refresh();
    if (slice.batch.kind !== 'host') return;
    for (const host of this.#overload.newlyHot())
      this.request(`host ${this.#base?.hosts.ids[host]} has too much to do`);
  }

  #compose(base: Snapshot, isFresh: boolean): Snapshot {
    const nowMs = this.#parts.clock.nowMs();
    this.#judge(base, nowMs, isFresh);
    this.#foresee(nowMs);
    tellStanding(this.#parts.log, 'host', base.hosts.ids, this.#hosts, this.#doubts);
    tellStanding(this.#parts.log, 'VM', base.vms.ids, this.#vms, this.#doubts);
    const { deviationWindow } = this.#parts.settings;
    const observed = {
      hosts: this.#hosts,
      vms: this.#vms,
      changes: this.#changes,
      forecast: this.#forecast,
      deviationWindow,
      doubts: this.#doubts,
    };
    const version = (this.#latest?.version ?? 0) + 1;
    const composed = compose(base, observed, version, nowMs);
    this.#meterRatios.learn(composed, this.#hosts, nowMs);
    return sharedWith(this.#latest, this.#meterRatios.applyTo(composed));
  }

  /** Without a fresh inventory nobody knows what is where: nothing may be decided on that. */
  #judge({ hosts }: Snapshot, nowMs: number, isFresh: boolean): void {
    if (isFresh) {
      this.#hosts.judge(nowMs, (host) => !isQuiet(hosts.power[host]!));
      this.#vms.judge(nowMs);
    } else {
      this.#hosts.condemn(verdictOf('inventory-unreadable'), nowMs);
      this.#vms.condemn(verdictOf('inventory-unreadable'), nowMs);
    }
  }

  #foresee(nowMs: number): void {
    const { fast, slow } = this.#vms.vital.windows;
    if (this.#isTaught) {
      this.#forecast.learn(fast.mean, this.#vms.standing.verdict, nowMs);
      this.#forecast.look(slow.mean, nowMs);
    } else this.#forecast.repeat(fast.mean);
  }

  #rowOf(kind: 'host' | 'vm', id: string): number | undefined {
    const index = (kind === 'host' ? this.#base?.hosts : this.#base?.vms)?.index.get(id);
    return index === undefined ? undefined : this.#of(kind).rowAt[index]!;
  }

  #of(kind: 'host' | 'vm'): Measurements {
    return kind === 'host' ? this.#hosts : this.#vms;
  }
}

function bothKinds(hosts: readonly CauseCount[], vms: readonly CauseCount[]): readonly UnknownCount[] {
  return [
    ...hosts.map(({ cause, count }) => ({ kind: 'host' as const, cause, count })),
    ...vms.map(({ cause, count }) => ({ kind: 'vm' as const, cause, count })),
  ];
}
