import { isDeepStrictEqual } from 'node:util';
import { type Observable, Subject, Subscription } from 'rxjs';
import type { Executor } from '../act/executor.ts';
import { liveCaseText } from '../case/live-case.ts';
import { settingsDifference, takenOver } from '../config/difference.ts';
import type { Settings } from '../config/settings.ts';
import type { DecideInput } from '../decide/input.ts';
import type { Verdicts } from '../domain/decision.ts';
import { ENDED, type Plan, type StepStatus } from '../domain/plan.ts';
import type { Mode, Profile } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Shelf } from '../loading/library.ts';
import type { Observatory } from '../observe/observatory.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Driver } from '../ports/driver.ts';
import type { History } from '../ports/history.ts';
import type { Journal } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import type { Notes } from '../ports/notes.ts';
import type { Standing, Telemetry } from '../telemetry/telemetry.ts';
import { ControlCycle, VERDICTS_REMEMBERED } from './control-cycle.ts';
import type { Course, Planner } from './course.ts';
import { Helm } from './helm.ts';
import { ProfileWithHosts } from './hosts-wanted.ts';
import { Lifecycle } from './lifecycle.ts';
import { Office } from './office.ts';
import type { Operator } from './operator.ts';
import { PolicyTimes } from './policy-times.ts';
import type {
  DaemonEvent,
  DaemonQueries,
  DaemonStatus,
  ForecastState,
  LifecycleState,
  Observation,
  Past,
  PlanStatus,
  PolicyStatus,
} from './queries.ts';
import { Recent } from './recent.ts';
import { Repertoire } from './repertoire.ts';
import { drainSentence, noSnapshotWords, stepSentence } from './sentences.ts';

export interface DaemonParts {
  readonly version: string;
  readonly settings: Settings;
  readonly driver: Driver;
  readonly observatory: Observatory;
  readonly executor: Executor;
  readonly shelf: Shelf;
  readonly journal: Journal;
  readonly notes: Notes;
  readonly history: History;
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
  /** For persons who want something done. */
  readonly operator: Operator;
  readonly past: Past;
  readonly #parts: DaemonParts;
  readonly #lifecycle: Lifecycle;
  readonly #helm: Helm;
  readonly #office: Office;
  readonly #cycle: ControlCycle;
  readonly #events = new Subject<DaemonEvent>();
  readonly #subscriptions = new Subscription();
  readonly #startedAtMs: number;
  readonly #repertoire: Repertoire;
  readonly #times = new PolicyTimes(() => performance.now());
  readonly #ages = new Recent<DataAge>(VERDICTS_REMEMBERED);
  readonly #profile = new ProfileWithHosts();
  #settings: Settings;
  #snapshot: Snapshot | undefined;
  #droppedSamples = 0;

  constructor(parts: DaemonParts) {
    this.#parts = parts;
    this.past = parts.history;
    this.#settings = parts.settings;
    this.#repertoire = new Repertoire(parts.shelf, parts.settings.profile);
    this.#startedAtMs = parts.clock.nowMs();
    this.#lifecycle = new Lifecycle(() => this.#tellLifecycle());
    const settings = () => this.#settings;
    const changed = (reason: string) => this.#courseChanged(reason);
    const follow = (profile: Profile) => this.#repertoire.follow(profile);
    this.#helm = new Helm({ ...parts, settings, follow, changed });
    const planOf: Planner = (snapshot, verdicts) => this.#planOf(snapshot, verdicts);
    const input = () => this.presentSituation();
    this.#office = new Office({ ...parts, helm: this.#helm, planOf, settings, input, changed });
    this.#cycle = new ControlCycle({
      ...parts,
      hands: parts.executor,
      orders: this.#office.orders,
      archive: this.#office.archive,
      planOf,
      policies: () => this.#times.over(this.#repertoire.atWork),
      suspend: (policy, because) => this.#repertoire.suspend(policy, because),
      observeSeconds: () => parts.observatory.takingSeconds,
      course: () => this.#course(),
      leaveInPeace: (vms, atMs) => this.#office.leaveInPeace(vms, atMs),
    });
    const closedBecause = () => this.#closedBecause();
    const hurry = (reason: string) => parts.observatory.request(reason);
    this.operator = this.#office.openDesk(this.#cycle.confirmation, closedBecause, hurry);
    parts.telemetry.attend(() => this.#standing());
    this.#tellLifecycle();
  }

  get events(): Observable<DaemonEvent> {
    return this.#events;
  }

  async start(): Promise<void> {
    const { driver, executor, observatory } = this.#parts;
    try {
      this.#subscriptions.add(executor.changes.subscribe((status) => this.#stepChanged(status)));
      this.#subscriptions.add(observatory.snapshots.subscribe((taken) => this.#cycle.attempt(() => this.#see(taken))));
      this.#subscriptions.add(executor.drifts.subscribe((reason) => observatory.request(reason)));
      this.#subscriptions.add(driver.watch((event) => this.#office.coexistence.hear(event)));
      await executor.reconcile();
      await observatory.start();
    } catch (error) {
      if (this.#lifecycle.state === 'starting') this.#lifecycle.become('failed');
      throw error;
    }
    if (this.#lifecycle.state !== 'starting') return;
    this.#lifecycle.become('running');
    this.#helm.keepCalendar();
    observatory.request('Drover is running');
  }

  /** Says what it did with the work that was under way. */
  async stop(): Promise<string> {
    const { driver, executor, journal, observatory } = this.#parts;
    this.#lifecycle.become('draining');
    this.#helm.leaveCalendar();
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
    const problems = this.#repertoire.follow(this.#helm.profile(settings));
    if (problems.length > 0) return { refused: problems };
    const before = this.#settings;
    const changed = settingsDifference(before, settings);
    if (changed.length === 0) return { changed };
    this.#settings = takenOver(before, settings);
    this.#parts.executor.setHooks(settings.hooks);
    this.#parts.executor.setLimits(settings.limits);
    if (!isDeepStrictEqual(before.calendar, settings.calendar)) this.#helm.keepCalendar();
    this.#helm.steer({
      ...(before.mode !== settings.mode && { mode: settings.mode }),
      ...(before.power !== settings.power && { power: settings.power }),
    });
    this.#beginAnew('the configuration changed');
    return { changed };
  }

  status(): DaemonStatus {
    const { clock, driver, observatory, version } = this.#parts;
    return {
      cluster: this.#settings.cluster,
      version,
      driver: driver.name,
      state: this.#lifecycle.state,
      mode: this.#helm.mode,
      power: this.#helm.power,
      pausedSinceMs: this.#office.pausedSinceMs,
      prices: this.#settings.prices,
      nowMs: clock.nowMs(),
      startedAtMs: this.#startedAtMs,
      cycles: this.#cycle.cycles,
      lastCycleAtMs: this.#cycle.lastCycleAtMs,
      notReadyBecause: this.#notReadyBecause(),
      troubles: [...observatory.troubles, ...this.#office.coexistence.words, ...(driver.troubles ?? [])],
    };
  }

  snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  caseText(): string | undefined {
    const snapshot = this.snapshot();
    if (snapshot === undefined) return undefined;
    return liveCaseText(snapshot, this.#course());
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

  /** What is decided about now: policies can be tried on it; nothing before the first snapshot. */
  presentSituation(): DecideInput | undefined {
    const snapshot = this.#office.present;
    if (snapshot === undefined) return undefined;
    const { power, profile, prices, limits } = this.#course();
    return { snapshot, policies: this.#repertoire.atWork, power, profile, prices, limits };
  }

  observed(kind: 'host' | 'vm', id: string): Observation | undefined {
    const { observatory } = this.#parts;
    const [trust, cpu] = [observatory.trust(kind, id), observatory.signals(kind, id)];
    return trust === undefined || cpu === undefined ? undefined : { trust, cpu };
  }

  forecastState(): ForecastState {
    return this.#parts.observatory.forecastState();
  }

  dataAgeMs(snapshotVersion: number): number | undefined {
    return this.#ages.newestFirst.find((age) => age.snapshotVersion === snapshotVersion)?.oldestAgeMs;
  }

  setMode(mode: Mode): string | undefined {
    if (this.#lifecycle.state !== 'running') return `the mode cannot be set: Drover is ${this.#lifecycle.state}`;
    this.#helm.steer({ mode });
    return undefined;
  }

  confirm(planId: string, only: readonly string[] = []): string | undefined {
    const reply = this.operator.confirm(planId, false, only);
    this.#events.next({ kind: 'plan' });
    return 'refusal' in reply ? reply.refusal : undefined;
  }

  reject(planId: string): string | undefined {
    const reply = this.operator.reject(planId, false);
    this.#events.next({ kind: 'plan' });
    return 'refusal' in reply ? reply.refusal : undefined;
  }

  #course(): Course {
    const { prices, limits, decideSeconds } = this.#settings;
    const mode = this.#office.coexistence.modeUnder(this.#helm.mode);
    const profile = this.#profile.of(this.#repertoire.profile, this.#office.hostsWanted(this.#snapshot));
    return { mode, power: this.#helm.power, profile, prices, limits, decideSeconds };
  }

  #planOf(snapshot: Snapshot, verdicts: Parameters<Planner>[1]): Plan {
    const { limits } = this.#settings;
    const { clock, executor } = this.#parts;
    const { measured, mayQuick } = executor;
    return makePlan({ snapshot, verdicts, limits, atMs: clock.nowMs(), measured, mayQuick });
  }

  /** Why persons can order nothing; nothing when they can. */
  #closedBecause(): string | undefined {
    if (this.#lifecycle.state !== 'running') return `Drover is ${this.#lifecycle.state}`;
    if (this.#helm.mode === 'observe') return 'in mode observe nothing is done; `drover mode recommend` takes orders';
    const { stoppedBecause } = this.#parts.executor;
    return stoppedBecause === '' ? undefined : stoppedBecause;
  }

  #see(taken: Snapshot): void {
    const snapshot = this.#office.see(taken);
    this.#snapshot = snapshot;
    this.#tellSnapshot(snapshot);
    this.#events.next({ kind: 'snapshot' });
    if (this.#lifecycle.state !== 'running') return;
    this.#cycle.run(snapshot);
    this.#parts.telemetry.policiesTook(this.#times.take());
    this.#parts.executor.observe(snapshot);
    this.#office.afterCycle(this.verdicts()[0]);
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
    this.#office.stepChanged(status);
    if (ENDED.has(status.state)) this.#stepEnded(status);
    this.#events.next({ kind: 'step', status });
  }

  #stepEnded(status: StepStatus): void {
    const { executor, log, telemetry } = this.#parts;
    telemetry.stepEnded(status);
    const { decision, id: step } = status.step;
    log[levelOf(status)](stepSentence(status), { decision, step });
    const { underWay } = this.#cycle.plans;
    if (underWay === undefined || !executor.isAtRest()) return;
    this.#cycle.plans.mark(underWay.plan.id, 'ended');
    this.#events.next({ kind: 'plan' });
  }

  #standing(): Standing {
    const { clock, observatory } = this.#parts;
    const { profile, prices, limits } = this.#course();
    return {
      nowMs: clock.nowMs(),
      isReady: this.#notReadyBecause() === '',
      steps: this.#standingSteps(),
      plansWaiting: Number(this.#cycle.plans.waiting !== undefined),
      suspects: this.#office.suspects,
      troubles: { datacenter: this.#parts.driver.troubles?.length ?? 0, others: this.#office.coexistence.words.length },
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

  #courseChanged(reason: string): void {
    this.#beginAnew(reason);
    this.#tellLifecycle();
  }

  /** What was decided under other settings is not started any more; what to do instead is decided soon. */
  #beginAnew(reason: string): void {
    this.#cycle.forget();
    this.#parts.observatory.request(reason);
  }

  #tellLifecycle(): void {
    this.#parts.telemetry.lifecycle(this.#lifecycle.state, this.#helm.mode, this.#helm.power);
    this.#events.next({ kind: 'lifecycle' });
  }

  #notReadyBecause(): string {
    const state: LifecycleState = this.#lifecycle.state;
    if (state !== 'running') return `Drover is ${state}`;
    if (this.snapshot() === undefined) return noSnapshotWords(this.#parts.observatory.troubles);
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
