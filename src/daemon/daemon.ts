import { isDeepStrictEqual } from 'node:util';
import { type Observable, Subject, Subscription } from 'rxjs';
import type { Executor } from '../act/executor.ts';
import { writeCase } from '../case/write-case.ts';
import { settingsDifference, takenOver } from '../config/difference.ts';
import type { Settings } from '../config/settings.ts';
import type { Verdicts } from '../domain/decision.ts';
import { toInventory } from '../domain/inventory.ts';
import { ENDED, type StepStatus } from '../domain/plan.ts';
import type { Mode } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Shelf } from '../loading/library.ts';
import type { PresentSituation } from '../loading/try-out.ts';
import type { Observatory } from '../observe/observatory.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Driver } from '../ports/driver.ts';
import type { Journal } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import type { Standing, Telemetry } from '../telemetry/telemetry.ts';
import { Calendar, type CalendarWish } from './calendar.ts';
import { ControlCycle, type Course, VERDICTS_REMEMBERED } from './control-cycle.ts';
import { Lifecycle } from './lifecycle.ts';
import { PolicyTimes } from './policy-times.ts';
import type { DaemonEvent, DaemonQueries, DaemonStatus, LifecycleState, PlanStatus, PolicyStatus } from './queries.ts';
import { Recent } from './recent.ts';
import { Repertoire } from './repertoire.ts';
import { drainSentence, stepSentence } from './sentences.ts';

export interface DaemonParts {
  readonly version: string;
  readonly settings: Settings;
  readonly driver: Driver;
  readonly observatory: Observatory;
  readonly executor: Executor;
  readonly shelf: Shelf;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
}

/** How old the oldest datum was that a snapshot believed. */
interface DataAge {
  readonly snapshotVersion: number;
  readonly oldestAgeMs: number;
}

/** A sentence for each setting that changed, or for each thing that is wrong with the new ones. */
export type Reloaded = { readonly changed: readonly string[] } | { readonly refused: readonly string[] };

/** Drover itself: starts and stops the loop, keeps its course, and answers what is asked about it. */
export class Daemon implements DaemonQueries {
  readonly #parts: DaemonParts;
  readonly #lifecycle: Lifecycle;
  readonly #cycle: ControlCycle;
  readonly #events = new Subject<DaemonEvent>();
  readonly #subscriptions = new Subscription();
  readonly #startedAtMs: number;
  readonly #repertoire: Repertoire;
  readonly #times = new PolicyTimes(() => performance.now());
  readonly #ages = new Recent<DataAge>(VERDICTS_REMEMBERED);
  #settings: Settings;
  #mode: Mode;
  #power: boolean;
  #droppedSamples = 0;
  #stopCalendar: Stop = () => undefined;

  constructor(parts: DaemonParts) {
    this.#parts = parts;
    this.#settings = parts.settings;
    this.#repertoire = new Repertoire(parts.shelf, parts.settings.profile);
    this.#mode = parts.settings.mode;
    this.#power = parts.settings.power;
    this.#startedAtMs = parts.clock.nowMs();
    this.#lifecycle = new Lifecycle(() => this.#tellLifecycle());
    this.#cycle = new ControlCycle({
      ...parts,
      hands: parts.executor,
      policies: () => this.#times.over(this.#repertoire.atWork),
      suspend: (policy, because) => this.#repertoire.suspend(policy, because),
      observeSeconds: () => parts.observatory.takingSeconds,
      course: () => this.#course(),
    });
    parts.telemetry.attend(() => this.#standing());
    this.#tellLifecycle();
  }

  get events(): Observable<DaemonEvent> {
    return this.#events;
  }

  async start(): Promise<void> {
    const { executor, observatory } = this.#parts;
    try {
      this.#subscriptions.add(executor.changes.subscribe((status) => this.#stepChanged(status)));
      this.#subscriptions.add(observatory.snapshots.subscribe((snapshot) => this.#snapshotTaken(snapshot)));
      await executor.reconcile();
      await observatory.start();
    } catch (error) {
      if (this.#lifecycle.state === 'starting') this.#lifecycle.become('failed');
      throw error;
    }
    if (this.#lifecycle.state !== 'starting') return;
    this.#lifecycle.become('running');
    this.#keepCalendar();
    observatory.request('Drover is running');
  }

  /** Says what it did with the work that was under way. */
  async stop(): Promise<string> {
    const { driver, executor, journal, observatory } = this.#parts;
    this.#lifecycle.become('draining');
    this.#stopCalendar();
    observatory.stop();
    const report = await executor.drain();
    this.#subscriptions.unsubscribe();
    await driver.close();
    journal.close();
    this.#lifecycle.become('stopped');
    this.#events.complete();
    return drainSentence(report);
  }

  /** Takes over what a running daemon can. A profile that asks for what no policy offers changes nothing. */
  reload(settings: Settings): Reloaded {
    if (this.#lifecycle.state !== 'running') return { refused: [`Drover is ${this.#lifecycle.state}`] };
    const problems = this.#repertoire.follow(settings.profile);
    if (problems.length > 0) return { refused: problems };
    const before = this.#settings;
    const changed = settingsDifference(before, settings);
    if (changed.length === 0) return { changed };
    this.#settings = takenOver(before, settings);
    this.#parts.executor.setLimits(settings.limits);
    if (!isDeepStrictEqual(before.calendar, settings.calendar)) this.#keepCalendar();
    this.#steer({
      ...(before.mode !== settings.mode && { mode: settings.mode }),
      ...(before.power !== settings.power && { power: settings.power }),
    });
    this.#beginAnew('the configuration changed');
    return { changed };
  }

  status(): DaemonStatus {
    const { clock, driver, version } = this.#parts;
    return {
      cluster: this.#settings.cluster,
      version,
      driver: driver.name,
      state: this.#lifecycle.state,
      mode: this.#mode,
      power: this.#power,
      prices: this.#settings.prices,
      nowMs: clock.nowMs(),
      startedAtMs: this.#startedAtMs,
      cycles: this.#cycle.cycles,
      lastCycleAtMs: this.#cycle.lastCycleAtMs,
      notReadyBecause: this.#notReadyBecause(),
    };
  }

  snapshot(): Snapshot | undefined {
    return this.#parts.observatory.latest();
  }

  caseText(): string | undefined {
    const snapshot = this.snapshot();
    if (snapshot === undefined) return undefined;
    const { profile, prices, limits, power } = this.#course();
    return writeCase({ inventory: toInventory(snapshot), profile, prices, limits, power });
  }

  verdicts(): readonly Verdicts[] {
    return this.#cycle.verdicts.newestFirst;
  }

  plans(): readonly PlanStatus[] {
    return this.#cycle.plans.newestFirst;
  }

  steps(): readonly StepStatus[] {
    return this.#parts.executor.steps;
  }

  policies(): readonly PolicyStatus[] {
    return this.#repertoire.stand(this.verdicts()[0]?.skipped ?? []);
  }

  /** Goes by the policies as their files are now. */
  takePolicies(shelf: Shelf): void {
    const before = this.#repertoire.atWork;
    const news = this.#repertoire.take(shelf);
    for (const { level, sentence } of news) this.#parts.log[level](sentence);
    this.#parts.telemetry.policiesStand(this.policies());
    if (this.#lifecycle.state !== 'running' || before === this.#repertoire.atWork) return;
    this.#beginAnew('the policies changed');
  }

  /** What a policy could be tried on now; nothing before the first snapshot. */
  presentSituation(): PresentSituation | undefined {
    const snapshot = this.snapshot();
    if (snapshot === undefined) return undefined;
    const { power, profile, prices, limits } = this.#course();
    return { snapshot, power, profile, prices, limits };
  }

  dataAgeMs(snapshotVersion: number): number | undefined {
    return this.#ages.newestFirst.find((age) => age.snapshotVersion === snapshotVersion)?.oldestAgeMs;
  }

  setMode(mode: Mode): string | undefined {
    if (this.#lifecycle.state !== 'running') return `the mode cannot be set: Drover is ${this.#lifecycle.state}`;
    this.#steer({ mode });
    return undefined;
  }

  confirm(planId: string): string | undefined {
    if (this.#lifecycle.state !== 'running') return `plan ${planId} cannot start: Drover is ${this.#lifecycle.state}`;
    const refusal = this.#cycle.confirm(planId, this.snapshot());
    this.#events.next({ kind: 'plan' });
    return refusal;
  }

  reject(planId: string): string | undefined {
    const refusal = this.#cycle.reject(planId);
    this.#events.next({ kind: 'plan' });
    return refusal;
  }

  #course(): Course {
    const { prices, limits, decideSeconds } = this.#settings;
    const { profile } = this.#repertoire;
    return { mode: this.#mode, power: this.#power, profile, prices, limits, decideSeconds };
  }

  #snapshotTaken(snapshot: Snapshot): void {
    this.#tellSnapshot(snapshot);
    this.#events.next({ kind: 'snapshot' });
    if (this.#lifecycle.state !== 'running') return;
    this.#cycle.run(snapshot);
    this.#parts.telemetry.policiesTook(this.#times.take());
    this.#parts.executor.observe(snapshot);
    this.#parts.telemetry.policiesStand(this.policies());
    this.#events.next({ kind: 'verdicts' });
    this.#events.next({ kind: 'plan' });
  }

  #tellSnapshot(snapshot: Snapshot): void {
    const { observatory, telemetry } = this.#parts;
    const { droppedSamples } = observatory;
    const oldestAgeMs = observatory.ageMs();
    this.#ages.add({ snapshotVersion: snapshot.version, oldestAgeMs });
    telemetry.snapshotTaken({
      snapshot,
      oldestAgeMs,
      unknown: observatory.unknownByCause(),
      droppedSamples: droppedSamples - this.#droppedSamples,
    });
    this.#droppedSamples = droppedSamples;
  }

  #stepChanged(status: StepStatus): void {
    if (ENDED.has(status.state)) this.#stepEnded(status);
    this.#events.next({ kind: 'step', status });
  }

  #stepEnded(status: StepStatus): void {
    const { log, telemetry } = this.#parts;
    telemetry.stepEnded(status);
    const { decision, id: step } = status.step;
    log[levelOf(status)](stepSentence(status), { decision, step });
    const { underWay } = this.#cycle.plans;
    if (underWay === undefined || this.#standingSteps().length > 0) return;
    this.#cycle.plans.mark(underWay.plan.id, 'ended');
    this.#events.next({ kind: 'plan' });
  }

  #standing(): Standing {
    const { clock, executor, observatory } = this.#parts;
    const { profile, prices, limits } = this.#settings;
    return {
      nowMs: clock.nowMs(),
      isReady: this.#notReadyBecause() === '',
      steps: this.#standingSteps(),
      plansWaiting: Number(this.#cycle.plans.waiting !== undefined),
      suspects: executor.suspects.size,
      limits,
      spareHosts: profile.spareHosts,
      prices,
      refusedSamples: observatory.refusedByCause(),
      lostSamples: observatory.losses,
    };
  }

  #standingSteps(): readonly StepStatus[] {
    return this.#parts.executor.steps.filter((status) => !ENDED.has(status.state));
  }

  #keepCalendar(): void {
    const { clock } = this.#parts;
    this.#stopCalendar();
    const calendar = new Calendar(this.#settings.calendar);
    this.#steer(calendar.standingAt(clock.nowMs()));
    this.#stopCalendar = calendar.follow(clock, (wish) => this.#steer(wish));
  }

  #steer({ mode = this.#mode, power = this.#power }: CalendarWish): void {
    if (mode === this.#mode && power === this.#power) return;
    this.#mode = mode;
    this.#power = power;
    this.#parts.log.info(`mode is ${mode} now; hosts are ${power ? '' : 'not '}switched on and off`, { mode, power });
    this.#beginAnew('the course changed');
    this.#tellLifecycle();
  }

  /** What was decided under other settings is not started any more; what to do instead is decided soon. */
  #beginAnew(reason: string): void {
    this.#cycle.forget(this.snapshot());
    this.#parts.observatory.request(reason);
  }

  #tellLifecycle(): void {
    this.#parts.telemetry.lifecycle(this.#lifecycle.state, this.#mode, this.#power);
    this.#events.next({ kind: 'lifecycle' });
  }

  #notReadyBecause(): string {
    const state: LifecycleState = this.#lifecycle.state;
    if (state !== 'running') return `Drover is ${state}`;
    if (this.snapshot() === undefined) return 'no snapshot has been taken yet';
    const { stoppedBecause } = this.#parts.executor;
    if (stoppedBecause !== '') return `no step is started any more: ${stoppedBecause}`;
    return this.#cycle.failure === '' ? '' : `the last control cycle failed: ${this.#cycle.failure}`;
  }
}

/** What never began is no news: plans change with the load. */
function levelOf({ state, startedAtMs }: StepStatus): keyof Log {
  if (state === 'failed') return 'warn';
  return startedAtMs === null ? 'debug' : 'info';
}
