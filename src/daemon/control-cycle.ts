import type { DecideInput } from '../decide/decide.ts';
import type { Memory } from '../decide/memory.ts';
import { decideOrders } from '../decide/ordered.ts';
import { wakesFor } from '../decide/wakes-for.ts';
import type { Decision, Verdicts } from '../domain/decision.ts';
import { decisionLine } from '../domain/decision-words.ts';
import type { Plan } from '../domain/plan.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { SECOND } from '../domain/units.ts';
import type { VmId } from '../domain/vm.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import { JournalUnreadable, JournalUnwritable } from '../store/journal-trouble.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Archive } from './archive.ts';
import { Confirmation } from './confirmation.ts';
import type { Course, Hands, Planner } from './course.ts';
import { decideInTime } from './decide-in-time.ts';
import { inTheWay } from './in-the-way.ts';
import { isOfOrders, planOfOrders } from './order-plan.ts';
import type { Orders } from './orders.ts';
import { PlanBook } from './plan-book.ts';
import { Recent } from './recent.ts';
import { newDecisions, nothingToDo } from './sentences.ts';

export const VERDICTS_REMEMBERED = 60;
const PLANS_REMEMBERED = 60;
const DECISIONS_LOGGED = 10;

export interface CycleParts {
  readonly hands: Hands;
  readonly journal: Pick<Journal, 'recordVerdicts' | 'recordPlan'>;
  readonly archive: Pick<Archive, 'keep'>;
  readonly orders: Pick<Orders, 'due' | 'judged' | 'isOrdered'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Pick<Telemetry, 'cycleEnded' | 'cycleFailed'>;
  readonly policies: () => DecideInput['policies'];
  /** A policy did not come to an end in time: it should not be asked again. */
  readonly suspend: (policy: string, because: string) => void;
  /** Real time that the newest snapshot took to make. */
  readonly observeSeconds: () => number;
  readonly course: () => Course;
  readonly planOf: Planner;
  /** VMs that no policy is to move for a while. */
  readonly leaveInPeace: (vms: readonly VmId[], atMs: number) => void;
}

/** One turn of the loop: from a snapshot to what is done about it. Never two at once; one that throws ends alone. */
export class ControlCycle {
  readonly verdicts = new Recent<Verdicts>(VERDICTS_REMEMBERED);
  readonly plans = new PlanBook(PLANS_REMEMBERED);
  readonly confirmation: Confirmation;
  readonly #parts: CycleParts;
  #running = false;
  #cycles = 0;
  #lastCycleAtMs: number | null = null;
  #failure = '';
  #memory: Memory | undefined;
  #skippedBefore: Verdicts['skipped'] = [];

  constructor(parts: CycleParts) {
    this.#parts = parts;
    this.confirmation = new Confirmation(this.plans, parts);
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

  /** What goes wrong around a cycle is told like what goes wrong in it, and ends with it. */
  attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failed(error);
    }
  }

  run(snapshot: Snapshot): void {
    if (this.#running) {
      this.#parts.log.debug('a snapshot came while a cycle was running and was left out');
      return;
    }
    this.#running = true;
    try {
      this.#turn(snapshot, this.#parts.course());
      this.#succeeded();
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#cycles += 1;
      this.#lastCycleAtMs = snapshot.atMs;
      this.#running = false;
    }
  }

  /** What was decided under another course no longer stands: nothing more is commanded, nothing shown waits. */
  forget(): void {
    this.plans.withdraw();
    this.#parts.hands.withdraw();
  }

  #turn(snapshot: Snapshot, course: Course): void {
    if (course.mode === 'observe') return;
    const decided = timed(() => this.#decide(snapshot, course));
    const verdicts = decided.value;
    const planned = timed(() => this.#plan(snapshot, verdicts));
    const plan = planned.value;
    const seconds = { observe: this.#parts.observeSeconds(), decide: decided.seconds, plan: planned.seconds };
    this.#parts.telemetry.cycleEnded({ seconds, verdicts, plan });
    if (plan.steps.length === 0) this.#parts.log.debug(nothingToDo(verdicts));
    this.#parts.leaveInPeace(inTheWay(plan, verdicts), snapshot.atMs);
    if (course.mode === 'auto') this.#adopt(plan, snapshot, verdicts);
    else this.#show(plan, snapshot, verdicts, course.mode);
  }

  /** What persons have ordered comes first, and the rest is decided as if that were done. */
  #decide(snapshot: Snapshot, course: Course): Verdicts {
    const { policies, suspend, journal, orders, archive } = this.#parts;
    const { decideSeconds, power, profile, prices, limits } = course;
    const situation = { snapshot, policies: policies(), profile, prices, limits, power };
    const due = orders.due(snapshot);
    const { decisions, input } = due.length === 0 ? { decisions: [], input: situation } : decideOrders(situation, due);
    orders.judged(decisions, snapshot.atMs);
    const decided = decideInTime(input, this.#memory, decideSeconds * SECOND, suspend);
    this.#memory = decided.memory;
    const verdicts = { ...decided.verdicts, decisions: [...decisions, ...decided.verdicts.decisions] };
    this.#tellSkipped(verdicts);
    this.verdicts.add(verdicts);
    if (verdicts.decisions.length > 0) journal.recordVerdicts(verdicts);
    archive.keep(input, verdicts);
    return verdicts;
  }

  /** Once, and not again in every cycle in which it fails for the same reason. */
  #tellSkipped({ skipped }: Verdicts): void {
    const known = new Set(this.#skippedBefore.map(({ policy, because }) => `${policy}: ${because}`));
    const news = skipped.map(({ policy, because }) => `${policy}: ${because}`).filter((words) => !known.has(words));
    for (const words of news) this.#parts.log.warn(`policy ${words}; the cycle goes on without it`);
    this.#skippedBefore = skipped;
  }

  #plan(snapshot: Snapshot, verdicts: Verdicts): Plan {
    const plan = this.#parts.planOf(snapshot, verdicts);
    if (plan.steps.length > 0 || plan.impossible.length > 0) this.#parts.journal.recordPlan(plan);
    return plan;
  }

  /** Short of auto, only what persons have ordered is done, and what that takes; the rest is put before them. */
  #show(all: Plan, snapshot: Snapshot, verdicts: Verdicts, mode: 'recommend' | 'confirm'): void {
    const { orders, planOf } = this.#parts;
    const asked = verdicts.decisions.filter((decision) => orders.isOrdered(decision));
    const ordered = [...wakesFor(asked, verdicts.decisions), ...asked];
    this.#carryOut(ordered, snapshot, verdicts);
    const others = { ...verdicts, decisions: verdicts.decisions.filter((decision) => !ordered.includes(decision)) };
    const plan = ordered.length === 0 ? all : planOf(snapshot, others);
    if (mode === 'confirm') this.confirmation.putUp(plan, others, snapshot);
    else if (plan.steps.length > 0) this.plans.add(plan, 'recommended');
    else this.plans.withdraw();
  }

  /** Beside what is queued already because somebody has confirmed it. */
  #carryOut(ordered: readonly Decision[], snapshot: Snapshot, verdicts: Verdicts): void {
    const { hands, journal, planOf } = this.#parts;
    const queued = hands.steps.filter((status) => status.state === 'queued');
    if (ordered.length === 0 && !queued.some(isOfOrders)) return;
    const plan = planOfOrders({ ordered, queued, snapshot, verdicts, planOf });
    this.#tellNews({ ...verdicts, decisions: ordered });
    if (plan.steps.length > 0) journal.recordPlan(plan);
    hands.adopt(plan, snapshot);
  }

  #adopt(plan: Plan, snapshot: Snapshot, verdicts: Verdicts): void {
    this.#tellNews(verdicts);
    this.#parts.hands.adopt(plan, snapshot);
    if (plan.steps.length > 0) this.plans.add(plan, 'under way');
  }

  #tellNews(verdicts: Verdicts): void {
    const { hands, log, course } = this.#parts;
    const { currency } = course().prices;
    const news = newDecisions(verdicts, hands.steps);
    for (const decision of news.slice(0, DECISIONS_LOGGED))
      log.info(decisionLine(decision, currency), { decision: decision.id, phase: decision.phase });
    if (news.length > DECISIONS_LOGGED) log.info(`and ${news.length - DECISIONS_LOGGED} more`);
  }

  /** Told once, and not again in every cycle that fails for the same reason. */
  #failed(error: unknown): void {
    const before = this.#failure;
    this.#failure = error instanceof Error ? error.message : String(error);
    const words = `a control cycle failed and was given up: ${this.#failure}`;
    if (before !== this.#failure) this.#parts.log.error(words, stackOfBug(error));
    this.#parts.telemetry.cycleFailed();
  }

  #succeeded(): void {
    if (this.#failure !== '') this.#parts.log.info('control cycles succeed again');
    this.#failure = '';
  }
}

/** Where an outage was noticed in the code is of no use to anybody. */
function stackOfBug(error: unknown): { readonly stack?: string } {
  const isOutage = error instanceof JournalUnwritable || error instanceof JournalUnreadable;
  return error instanceof Error && !isOutage ? { stack: error.stack ?? '' } : {};
}

/** Real time, whatever the datacenter's clock does. */
function timed<T>(work: () => T): { readonly value: T; readonly seconds: number } {
  const startedAt = performance.now();
  const value = work();
  return { value, seconds: (performance.now() - startedAt) / SECOND };
}
