import type { Observable } from 'rxjs';
import { Subject } from 'rxjs';
import { changeWords } from '../domain/change.ts';
import { type Hooks, NO_HOOKS } from '../domain/hook.ts';
import type { HostId } from '../domain/host.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { Plan, StepState, StepStatus } from '../domain/plan.ts';
import type { Limits } from '../domain/profile.ts';
import type { Flight, Snapshot } from '../domain/snapshot.ts';
import { spanWords } from '../domain/words.ts';
import type { Measured } from '../plan/measured.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Driver } from '../ports/driver.ts';
import { LIVE_ONLY } from '../ports/driver.ts';
import type { HookCaller } from '../ports/hook-caller.ts';
import type { Journal, StepOutcome } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import type { Crew } from './crew.ts';
import type { DrainReport } from './drain.ts';
import { Drain } from './drain.ts';
import { Gate } from './gate.ts';
import { Hooking, NOBODY } from './hooking.ts';
import { Ledger, MOST_ENTRIES } from './ledger.ts';
import { Leftovers } from './leftovers.ts';
import { Line } from './line.ts';
import { Moving } from './moving.ts';
import type { Patience } from './patience.ts';
import { DEFAULT_PATIENCE } from './patience.ts';
import { inventorySight, snapshotSight } from './reconcile.ts';
import { hostsOf, StepBook } from './step-book.ts';
import type { StepRun } from './step-run.ts';
import { Switching, type SwitchOffGuard } from './switching.ts';
import { WriteAhead } from './write-ahead.ts';

export type { DrainReport } from './drain.ts';

export interface ExecutorParts {
  readonly driver: Driver;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: Limits;
  readonly patience?: Patience;
  /** What applications want called around migrations, and who calls it. */
  readonly hooks?: Hooks;
  readonly caller?: HookCaller;
}

type EndState = StepOutcome['state'];

const STOPPING = 'Drover is stopping';
const BY_HAND = 'cancelled by a person';

/**
 * Carries plans out. There is no timetable: whenever something ends or is learnt, each step starts that may start now, the
 * most urgent first. Every command is in the journal before it is sent, and its outcome after it is known.
 */
export class Executor {
  readonly #driver: Driver;
  readonly #clock: Clock;
  readonly #writeAhead: WriteAhead;
  readonly #gate: Gate;
  readonly #moving: Moving;
  readonly #switching: Switching;
  readonly #book = new StepBook();
  readonly #ledger: Ledger;
  readonly #line: Line;
  readonly #changes = new Subject<StepStatus>();
  readonly #drifts = new Subject<string>();
  readonly #hooking: Hooking;
  readonly #leftovers: Leftovers;
  /** Queued runs that something which happened may concern. */
  readonly #agenda = new Set<StepRun>();
  readonly #alarms = new Set<Stop>();
  readonly #untold = new Set<StepRun>();
  #queuedStatuses: readonly StepStatus[] | undefined;
  #guard: SwitchOffGuard = () => undefined;
  readonly isAtRest = (): boolean => this.#book.isEmpty;
  readonly begun = (): StepStatus[] => [...this.#book.active, ...this.#book.ended].map((run) => run.status());
  #isPaused = false;
  #drain: Drain | undefined;

  constructor(parts: ExecutorParts) {
    const { driver, journal, clock, log, limits } = parts;
    const { patience = DEFAULT_PATIENCE, hooks = NO_HOOKS, caller = NOBODY } = parts;
    this.#driver = driver;
    this.#clock = clock;
    this.#ledger = new Ledger(journal.recentMigrations(MOST_ENTRIES).toReversed());
    this.#writeAhead = new WriteAhead(journal, clock, log);
    this.#gate = new Gate(limits, patience);
    this.#line = new Line(this.#gate, this.#book, clock);
    this.#hooking = new Hooking({
      hooks,
      caller,
      clock,
      log,
      writeAhead: this.#writeAhead,
      snapshot: () => this.#gate.now.snapshot,
      isStopping: () => this.#drain !== undefined,
      ended: () => this.#settleAll(),
    });
    const crew: Crew = {
      driver,
      clock,
      log,
      patience,
      gate: this.#gate,
      book: this.#book,
      ledger: this.#ledger,
      hooking: this.#hooking,
      writeAhead: this.#writeAhead,
      started: (run, state) => this.#started(run, state),
      ended: (run, state, because) => this.#end(run, state, because),
      changed: (run) => this.#changed(run),
      concern: (run) => this.#concern(run),
      settle: () => this.#settle(),
      settleAfter: (delayMs) => this.#settleAfter(delayMs),
      stoppedBecause: () => this.stoppedBecause,
      isPaused: () => this.#isPaused,
    };
    this.#moving = new Moving(crew);
    this.#switching = new Switching(crew);
    this.#leftovers = new Leftovers(crew, journal, this.#switching);
  }

  /** Each step whenever its state or its progress changes. */
  get changes(): Observable<StepStatus> {
    return this.#changes;
  }

  /** Why what is planned no longer fits the world: time to look and plan again. */
  get drifts(): Observable<string> {
    return this.#drifts;
  }

  /** What migrations here have taught about those to come. */
  get measured(): Measured {
    return this.#ledger.measured;
  }

  /** Whether guests can be saved here and resumed elsewhere. */
  get mayQuick(): boolean {
    return (this.#driver.abilities ?? LIVE_ONLY).quick;
  }

  /** Under way and queued, then those that ended lately, newest first. */
  get steps(): readonly StepStatus[] {
    this.#queuedStatuses ??= this.#book.queued.map((run) => run.status(this.#whyWaiting(run)));
    const [active, ended] = [this.#book.active, this.#book.ended].map((runs) => runs.map((run) => run.status()));
    return [...active!, ...this.#queuedStatuses, ...ended!];
  }

  /** Hosts that did not come up or did not go down in time: nothing is done with them until somebody clears them. */
  get suspects(): ReadonlySet<HostId> {
    return this.#gate.suspects;
  }

  /** What the last migrations were expected to take and what they took, oldest first. */
  get ledger(): readonly LedgerEntry[] {
    return this.#ledger.entries;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Why nothing is started any more; empty when all is well. */
  get stoppedBecause(): string {
    return this.#drain === undefined ? this.#writeAhead.brokenBecause : STOPPING;
  }

  flights(): Flight[] {
    return this.#book.active.flatMap(({ step: { change } }) =>
      change.kind === 'move' ? [{ vm: change.vm, from: change.from, to: change.to }] : [],
    );
  }

  /** The plan's steps become the queue. What is under way goes on; what is no longer wanted is cancelled. */
  adopt(plan: Plan, snapshot: Snapshot): void {
    if (this.#drain !== undefined) return;
    this.#learn(snapshot);
    this.#gate.tokens.setMeasured(this.measured);
    const dropped = this.#book.replaceQueue(plan.steps, plan.id, this.#clock.nowMs());
    const because = plan.steps.length === 0 ? 'no longer wanted' : `plan ${plan.id} no longer wants it`;
    for (const run of dropped) this.#end(run, 'cancelled', because);
    this.#settleAll();
  }

  /** What was planned no longer stands: nothing of it is commanded any more, or tried again. What is under way goes on. */
  withdraw(): void {
    for (const run of this.#book.withdraw()) this.#end(run, 'cancelled', 'no longer wanted');
    this.#settle();
  }

  observe(snapshot: Snapshot): void {
    this.#learn(snapshot);
    this.#settleAll();
    for (const run of this.#book.active) {
      if (run.isNewlyLate(this.#clock.nowMs()))
        this.#drifted(`${changeWords(run.step.change)} takes far longer than planned`);
    }
  }

  setHooks(hooks: Hooks): void {
    this.#hooking.setHooks(hooks);
  }

  setLimits(limits: Limits): void {
    this.#gate.tokens.setLimits(limits);
    this.#settleAll();
  }

  /** Asked once more before each switching off, beyond what is checked here: reserves are not this folder's business. */
  guardSwitchingOff(guard: SwitchOffGuard): void {
    this.#guard = guard;
  }

  /** Nothing is started until `resume`; what is under way goes on. */
  pause(): void {
    this.#isPaused = true;
    this.#settleAll();
  }

  resume(): void {
    this.#isPaused = false;
    this.#settleAll();
  }

  /** A person has looked after the host. */
  clearSuspect(host: HostId): void {
    this.#gate.suspects.delete(host);
    this.#settleAll();
  }

  /** Why the step cannot be cancelled; nothing when it is, or soon will be. */
  cancel(stepId: string): string | undefined {
    const run = this.#book.find(stepId);
    if (run === undefined) return `step ${stepId} is neither queued nor under way`;
    if (run.state === 'queued') this.#end(run, 'cancelled', BY_HAND);
    else if (run.isOver) return `step ${stepId} is over but for its hooks`;
    else if (run.migration === undefined) return `step ${stepId} is no migration that could be cancelled`;
    else if (!run.cancel(BY_HAND)) return `step ${stepId} is too far to be cancelled: the guest is being switched over`;
    else run.isCancelledByPerson = true;
    this.#settle();
    return undefined;
  }

  /** Cancels what can be cancelled and waits for the rest. Nothing is started any more. */
  drain(): Promise<DrainReport> {
    if (this.#drain !== undefined) return this.#drain.report;
    const queued = this.#book.queued;
    for (const run of queued) this.#end(run, 'cancelled', STOPPING);
    this.#drain = new Drain(queued.length);
    for (const run of this.#book.active) run.cancel(STOPPING);
    for (const stop of this.#alarms) stop();
    this.#settle();
    this.#checkDrained();
    return this.#drain.report;
  }

  /** Looks what became of what an earlier process left behind, once; what cannot be reached waits for a snapshot. */
  async reconcile(): Promise<void> {
    for (const run of this.#leftovers.takeOver()) this.#untold.add(run);
    if (this.#leftovers.isEmpty) return;
    const sight = await this.#driver.inventory().then(inventorySight, () => undefined);
    if (sight !== undefined) this.#leftovers.lookAfter(sight);
    this.#settle();
  }

  #learn(snapshot: Snapshot): void {
    this.#gate.observe(snapshot);
    if (!this.#leftovers.isEmpty) this.#leftovers.lookAfter(snapshotSight(snapshot));
  }

  #settleAll(): void {
    for (const run of this.#book.queued) this.#agenda.add(run);
    this.#settle();
  }

  /** Considers everything that is on the agenda, and what comes of that, then tells what has changed. */
  #settle(): void {
    while (this.#agenda.size > 0) {
      const runs = this.#line.sorted(this.#agenda);
      this.#agenda.clear();
      for (const run of runs) this.#consider(run);
    }
    this.#queuedStatuses = undefined;
    this.#tell();
  }

  #consider(run: StepRun): void {
    if (run.state !== 'queued') return;
    const pending = this.#book.pendingFor(run);
    if (pending !== undefined && 'failed' in pending) {
      this.#end(run, 'cancelled', `cancelled because ${pending.failed.step.id} ${pending.failed.state}`);
    } else if (pending === undefined && this.#holdingBack(run) === undefined) {
      const judgement = this.#line.judge(run);
      if (judgement.kind === 'end') this.#end(run, judgement.state, judgement.because);
      else if (judgement.kind === 'start') this.#start(run);
    }
  }

  /** What keeps a step from starting although nothing in the datacenter does. */
  #holdingBack({ notBeforeMs, lastTrouble, step: { change } }: StepRun): string | undefined {
    const hook = change.kind === 'move' ? this.#hooking.busyWith(change.vm) : undefined;
    if (hook !== undefined) return `waits for hook ${hook} of the migration before it`;
    if (this.stoppedBecause !== '') return `waits: ${this.stoppedBecause}`;
    if (this.#isPaused) return 'waits: Drover is paused';
    const waitsMs = notBeforeMs - this.#clock.nowMs();
    return waitsMs > 0 ? `tried again in ${spanWords(waitsMs)}: ${lastTrouble}` : undefined;
  }

  #whyWaiting(run: StepRun): string {
    const pending = this.#book.pendingFor(run);
    if (pending !== undefined && 'waits' in pending) return `waits for step ${pending.waits}`;
    const held = this.#holdingBack(run);
    if (held !== undefined) return held;
    const judgement = this.#line.judge(run);
    return judgement.kind === 'start' ? '' : judgement.because;
  }

  #start(run: StepRun): void {
    const { change } = run.step;
    run.tries += 1;
    if (change.kind === 'power') void this.#switching.start(run, change, this.#guard);
    else if (this.#writeAhead.begin(run)) void this.#moving.start(run, change);
  }

  #started(run: StepRun, state: StepState): void {
    this.#book.started(run);
    this.#line.leave(run);
    run.become(state, this.#clock.nowMs());
    this.#queuedStatuses = undefined;
    this.#untold.add(run);
  }

  #end(run: StepRun, state: EndState, because: string): void {
    run.become(state, this.#clock.nowMs(), because);
    this.#book.hasEnded(run);
    this.#line.leave(run);
    this.#queuedStatuses = undefined;
    if (!run.endedWell) this.#callBack(run);
    this.#concern(run);
    this.#untold.add(run);
    if (state === 'failed' || state === 'overtaken') this.#drifted(`${changeWords(run.step.change)} ${state}`);
    this.#drain?.count(state);
    this.#checkDrained();
  }

  /** Guests that were saved to make room for it need not wait for room that will not come. */
  #callBack({ step: { id: gone, afterSaved = [] } }: StepRun): void {
    const because = `step ${gone} did not come about, and with it no room`;
    for (const run of afterSaved.map((id) => this.#book.find(id))) {
      if (run === undefined) continue;
      run.isOutOfTries = true;
      if (run.state === 'queued') this.#end(run, 'cancelled', because);
      else run.giveUp(because);
    }
  }

  #drifted(reason: string): void {
    if (this.#drain === undefined && !this.#isPaused) this.#drifts.next(reason);
  }

  #changed(run: StepRun): void {
    this.#untold.add(run);
    this.#tell();
  }

  #concern(run: StepRun): void {
    const { change, id } = run.step;
    const concerned = this.#gate.tokens.areShared ? this.#book.queued : this.#book.concerned(hostsOf(change), id);
    for (const other of concerned) this.#agenda.add(other);
  }

  /** Leftovers are not waited for: they stay in the journal, and the next start looks after them. */
  #checkDrained(): void {
    if (this.#book.active.length <= this.#leftovers.size) this.#drain?.over();
  }

  #settleAfter(delayMs: number): void {
    const stop = this.#clock.after(delayMs, () => {
      this.#alarms.delete(stop);
      this.#settleAll();
    });
    this.#alarms.add(stop);
  }

  #tell(): void {
    const untold = [...this.#untold];
    this.#untold.clear();
    for (const run of untold)
      this.#changes.next(run.status(run.state === 'queued' ? this.#whyWaiting(run) : undefined));
  }
}
