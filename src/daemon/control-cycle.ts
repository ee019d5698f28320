import type { Settings } from '../config/settings.ts';
import type { DecideInput } from '../decide/decide.ts';
import type { Memory } from '../decide/memory.ts';
import type { Verdicts } from '../domain/decision.ts';
import type { Plan, StepStatus } from '../domain/plan.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { SECOND } from '../domain/units.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { Confirmation } from './confirmation.ts';
import { decideInTime } from './decide-in-time.ts';
import { PlanBook } from './plan-book.ts';
import { Recent } from './recent.ts';
import { decisionSentence, newDecisions, nothingToDo } from './sentences.ts';

export const VERDICTS_REMEMBERED = 60;
const PLANS_REMEMBERED = 60;
const DECISIONS_LOGGED = 10;

/** What steers a cycle and may change while the daemon runs. */
export type Course = Pick<Settings, 'mode' | 'power' | 'profile' | 'prices' | 'limits' | 'decideSeconds'>;

/** The executor, as far as a cycle needs it. */
export interface Hands {
  readonly steps: readonly StepStatus[];
  adopt(plan: Plan, snapshot: Snapshot): void;
}

export interface CycleParts {
  readonly hands: Hands;
  readonly journal: Pick<Journal, 'recordVerdicts' | 'recordPlan'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Pick<Telemetry, 'cycleEnded' | 'cycleFailed'>;
  readonly policies: () => DecideInput['policies'];
  /** A policy did not come to an end in time: it should not be asked again. */
  readonly suspend: (policy: string, because: string) => void;
  /** Real time that the newest snapshot took to make. */
  readonly observeSeconds: () => number;
  readonly course: () => Course;
}

/** One turn of the loop: from a snapshot to what is done about it. Never two at once; one that throws ends alone. */
export class ControlCycle {
  readonly verdicts = new Recent<Verdicts>(VERDICTS_REMEMBERED);
  readonly plans = new PlanBook(PLANS_REMEMBERED);
  readonly #parts: CycleParts;
  readonly #confirmation: Confirmation;
  #running = false;
  #cycles = 0;
  #lastCycleAtMs: number | null = null;
  #failure = '';
  #memory: Memory | undefined;
  #skippedBefore: Verdicts['skipped'] = [];

  constructor(parts: CycleParts) {
    this.#parts = parts;
    this.#confirmation = new Confirmation(this.plans, parts);
  }

  get cycles(): number {
    return this.#cycles;
  }

  get lastCycleAtMs(): number | null {
    return this.#lastCycleAtMs;
  }

  /** Why the last cycle failed; empty when it did not. */
  get failure(): string {
    return this.#failure;
  }

  run(snapshot: Snapshot): void {
    if (this.#running) {
      this.#parts.log.debug('a snapshot came while a cycle was running and was left out');
      return;
    }
    this.#running = true;
    try {
      this.#turn(snapshot, this.#parts.course());
      this.#failure = '';
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#cycles += 1;
      this.#lastCycleAtMs = snapshot.atMs;
      this.#running = false;
    }
  }

  confirm(planId: string, snapshot: Snapshot | undefined): string | undefined {
    return this.#confirmation.confirm(planId, snapshot);
  }

  reject(planId: string): string | undefined {
    return this.#confirmation.reject(planId);
  }

  /** What was decided under another course no longer stands: nothing queued is started, nothing shown waits. */
  forget(snapshot: Snapshot | undefined): void {
    this.plans.withdraw();
    const isQueued = this.#parts.hands.steps.some((status) => status.state === 'queued');
    if (snapshot === undefined || !isQueued) return;
    this.#parts.hands.adopt(emptyPlan(this.#parts.clock.nowMs()), snapshot);
  }

  #turn(snapshot: Snapshot, course: Course): void {
    if (course.mode === 'observe') return;
    const decided = timed(() => this.#decide(snapshot, course));
    const verdicts = decided.value;
    const planned = timed(() => this.#plan(snapshot, verdicts, course));
    const plan = planned.value;
    const seconds = { observe: this.#parts.observeSeconds(), decide: decided.seconds, plan: planned.seconds };
    this.#parts.telemetry.cycleEnded({ seconds, verdicts, plan });
    if (plan.steps.length === 0) this.#parts.log.debug(nothingToDo(verdicts));
    if (course.mode === 'recommend') this.#recommend(plan);
    else if (course.mode === 'confirm') this.#confirmation.putUp(plan, verdicts);
    else this.#adopt(plan, snapshot, verdicts);
  }

  #decide(snapshot: Snapshot, course: Course): Verdicts {
    const { policies, suspend, journal } = this.#parts;
    const { decideSeconds, power, profile, prices, limits } = course;
    const input = { snapshot, policies: policies(), profile, prices, limits, power };
    const { verdicts, memory } = decideInTime(input, this.#memory, decideSeconds * SECOND, suspend);
    this.#memory = memory;
    this.#tellSkipped(verdicts);
    if (verdicts.decisions.length > 0) journal.recordVerdicts(verdicts);
    this.verdicts.add(verdicts);
    return verdicts;
  }

  /** Once, and not again in every cycle in which it fails for the same reason. */
  #tellSkipped({ skipped }: Verdicts): void {
    const known = new Set(this.#skippedBefore.map(({ policy, because }) => `${policy}: ${because}`));
    const news = skipped.map(({ policy, because }) => `${policy}: ${because}`).filter((words) => !known.has(words));
    for (const words of news) this.#parts.log.warn(`policy ${words}; the cycle goes on without it`);
    this.#skippedBefore = skipped;
  }

  #plan(snapshot: Snapshot, verdicts: Verdicts, { limits }: Course): Plan {
    const plan = makePlan({ snapshot, verdicts, limits, atMs: this.#parts.clock.nowMs() });
    if (plan.steps.length > 0 || plan.impossible.length > 0) this.#parts.journal.recordPlan(plan);
    return plan;
  }

  #recommend(plan: Plan): void {
    if (plan.steps.length > 0) this.plans.add(plan, 'recommended');
    else this.plans.withdraw();
  }

  #adopt(plan: Plan, snapshot: Snapshot, verdicts: Verdicts): void {
    const { hands, log } = this.#parts;
    const news = newDecisions(verdicts, hands.steps);
    for (const decision of news.slice(0, DECISIONS_LOGGED))
      log.info(decisionSentence(decision), { decision: decision.id, phase: decision.phase });
    if (news.length > DECISIONS_LOGGED) log.info(`and ${news.length - DECISIONS_LOGGED} more`);
    hands.adopt(plan, snapshot);
    if (plan.steps.length > 0) this.plans.add(plan, 'under way');
  }

  #failed(error: unknown): void {
    this.#failure = error instanceof Error ? error.message : String(error);
    this.#parts.log.error(`a control cycle failed and was given up: ${this.#failure}`, {
      stack: error instanceof Error ? (error.stack ?? '') : '',
    });
    this.#parts.telemetry.cycleFailed();
  }
}

/** Real time, whatever the datacenter's clock does. */
function timed<T>(work: () => T): { readonly value: T; readonly seconds: number } {
  const startedAt = performance.now();
  const value = work();
  return { value, seconds: (performance.now() - startedAt) / SECOND };
}

const emptyPlan = (atMs: number): Plan => ({
  id: '',
  atMs,
  steps: [],
  impossible: [],
  makespanMs: 0,
  lowerBoundMs: 0,
});
