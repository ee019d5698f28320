import type { Observable } from 'rxjs';
import { Subject, Subscription } from 'rxjs';
import type { Rule } from '../domain/rule.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { SECOND } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Driver, DriverEvent } from '../ports/driver.ts';
import type { Log } from '../ports/log.ts';
import { hostCeilings, vmCeilings } from './ceilings.ts';
import { compose, isQuiet } from './compose.ts';
import { InternedIds } from './interning.ts';
import { InventoryReader } from './inventory-reader.ts';
import { LastChanges } from './last-changes.ts';
import { Measurements } from './measurements.ts';
import { Outage } from './outage.ts';
import { Pacing } from './pacing.ts';
import type { Slice } from './sample-buffer.ts';
import { SampleBuffer } from './sample-buffer.ts';
import { SLICE_ROWS, samplesFrom, sliced } from './sample-stream.ts';
import { sharedWith } from './sharing.ts';
import type { CauseCount } from './standing.ts';
import { countsByCause } from './standing.ts';
import type { Trust } from './trust-gate.ts';
import { verdictOf } from './trust-gate.ts';
import type { WindowSpans } from './windows.ts';
import { windowShape } from './windows.ts';

export interface ObservatorySettings extends WindowSpans {
  readonly cycleSeconds: number;
  readonly staleAfterIntervals: number;
}

export interface ObservatoryParts {
  readonly driver: Driver;
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

const MOST_WAITING_SAMPLES = 2_000_000;

/**
 * Watches a datacenter and gives snapshots of it: one each cycle, and one soon after it was asked for, never more often
 * than samples are taken. The inventory is read anew for each, because migrations and switches by others are told by no
 * event that could be relied on.
 */
export class Observatory {
  readonly #parts: ObservatoryParts;
  readonly #hosts: Measurements;
  readonly #vms: Measurements;
  readonly #interning = new InternedIds();
  readonly #changes = new LastChanges();
  readonly #buffer = new SampleBuffer(MOST_WAITING_SAMPLES);
  readonly #reader: InventoryReader;
  readonly #samplesOutage: Outage;
  readonly #pacing: Pacing;
  readonly #snapshots = new Subject<Snapshot>();
  readonly #running = new Subscription();
  #base: Snapshot | undefined;
  #latest: Snapshot | undefined;
  #takingSeconds = 0;

  constructor(parts: ObservatoryParts) {
    const { driver, clock, log, settings, rules } = parts;
    const shape = windowShape(settings);
    const deadlines = {
      staleAfterMs: settings.staleAfterIntervals * settings.sampleSeconds * SECOND,
      skewMs: settings.sampleSeconds * SECOND,
    };
    this.#parts = parts;
    this.#hosts = new Measurements(shape, deadlines);
    this.#vms = new Measurements(shape, deadlines);
    this.#samplesOutage = new Outage(`Sampling by ${driver.name}`, 2 * this.#intervalMs, clock, log);
    const outage = new Outage(`Reading the inventory of ${driver.name}`, 0, clock, log);
    this.#reader = new InventoryReader({ driver, clock, outage, rules, mostMs: settings.cycleSeconds * SECOND });
    this.#pacing = new Pacing(clock, this.#intervalMs, (reasons) => this.#take(reasons));
  }

  get snapshots(): Observable<Snapshot> {
    return this.#snapshots;
  }

  latest(): Snapshot | undefined {
    return this.#latest;
  }

  /** Keeps its promise once the inventory was read, or could not be: then it goes on trying each cycle. */
  async start(): Promise<void> {
    this.#running.add(this.#parts.driver.watch((event) => this.#note(event)));
    await this.#pacing.begin('the start');
    if (this.#running.closed) return;
    this.#running.add(this.#slices().subscribe((slice) => this.#ingest(slice)));
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
    const index = (kind === 'host' ? this.#base?.hosts : this.#base?.vms)?.index.get(id);
    const measured = kind === 'host' ? this.#hosts : this.#vms;
    return index === undefined ? undefined : measured.standing.trust(measured.rowAt[index]!);
  }

  /** Real time that the newest snapshot took, inventory and all; for telemetry, nothing depends on it. */
  get takingSeconds(): number {
    return this.#takingSeconds;
  }

  get droppedSamples(): number {
    return this.#buffer.dropped;
  }

  get losses(): SampleLosses {
    return {
      dropped: this.#buffer.dropped,
      late: this.#hosts.late + this.#vms.late,
      repeated: this.#hosts.repeated + this.#vms.repeated,
      unlisted: this.#hosts.unlisted + this.#vms.unlisted,
    };
  }

  get #intervalMs(): number {
    return this.#parts.settings.sampleSeconds * SECOND;
  }

  #slices(): Observable<Slice> {
    const { driver, clock, settings } = this.#parts;
    return samplesFrom(driver, {
      intervalMs: this.#intervalMs,
      silentAfterMs: (settings.staleAfterIntervals + 1) * this.#intervalMs,
      interning: this.#interning,
      clock,
      outage: this.#samplesOutage,
    }).pipe(sliced(this.#buffer, clock));
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
    if (event.kind === 'lost') this.#samplesOutage.failed(event.because);
    this.request(event.kind === 'host-power' ? `host ${event.host} is ${event.power}` : event.kind);
  }

  async #take(reasons: readonly string[]): Promise<void> {
    const startedAtMs = performance.now();
    const fresh = await this.#reader.read();
    if (this.#running.closed) return;
    this.#adopt(fresh);
    if (this.#base === undefined) return;
    for (let slice = this.#buffer.next(SLICE_ROWS); slice; slice = this.#buffer.next(SLICE_ROWS)) this.#ingest(slice);
    this.#latest = this.#compose(this.#base, fresh !== undefined);
    this.#takingSeconds = (performance.now() - startedAtMs) / SECOND;
    this.#parts.log.debug(`Took snapshot ${this.#latest.version}.`, { reasons });
    this.#snapshots.next(this.#latest);
  }

  #adopt(base: Snapshot | undefined): void {
    if (base === undefined) return;
    const nowMs = this.#parts.clock.nowMs();
    this.#base = base;
    this.#changes.forgetAllBut(base);
    const hostNumbers = Uint32Array.from(base.hosts.ids, (id) => this.#interning.host(id));
    const vmNumbers = Uint32Array.from(base.vms.ids, (id) => this.#interning.vm(id));
    this.#hosts.list(hostNumbers, hostCeilings(base.hosts), nowMs);
    this.#vms.list(vmNumbers, vmCeilings(base.vms, base.hosts), nowMs);
  }

  #ingest(slice: Slice): void {
    const measured = slice.batch.kind === 'host' ? this.#hosts : this.#vms;
    measured.take(slice, this.#parts.clock.nowMs());
  }

  #compose(base: Snapshot, isFresh: boolean): Snapshot {
    const nowMs = this.#parts.clock.nowMs();
    this.#hosts.refresh();
    this.#vms.refresh();
    this.#judge(base, nowMs, isFresh);
    const observed = { hosts: this.#hosts, vms: this.#vms, changes: this.#changes };
    const version = (this.#latest?.version ?? 0) + 1;
    return sharedWith(this.#latest, compose(base, observed, version, nowMs));
  }

  /** Without a fresh inventory nobody knows what is where: nothing may be decided on that. */
  #judge({ hosts }: Snapshot, nowMs: number, isFresh: boolean): void {
    if (isFresh) {
      this.#hosts.judge(nowMs, (host) => !isQuiet(hosts.power[host]!));
      this.#vms.judge(nowMs, () => true);
    } else {
      this.#hosts.condemn(verdictOf('inventory-unreadable'), nowMs);
      this.#vms.condemn(verdictOf('inventory-unreadable'), nowMs);
    }
  }
}

function bothKinds(hosts: readonly CauseCount[], vms: readonly CauseCount[]): readonly UnknownCount[] {
  return [
    ...hosts.map(({ cause, count }) => ({ kind: 'host' as const, cause, count })),
    ...vms.map(({ cause, count }) => ({ kind: 'vm' as const, cause, count })),
  ];
}
