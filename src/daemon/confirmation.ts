import { type Change, changeWords } from '../domain/change.ts';
import type { Decision, Verdicts } from '../domain/decision.ts';
import type { Plan } from '../domain/plan.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { MINUTE, SECOND } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Hands, Planner } from './course.ts';
import type { PlanBook } from './plan-book.ts';
import { counted } from './sentences.ts';
import { Standstill } from './standstill.ts';

/** A plan is not carried out on the strength of a snapshot older than this. */
const CONFIRMABLE_FOR_MS = 300 * SECOND;
/** A person needs time to read a plan: so long it stays up while another would be a little better. */
const STAYS_UP_MS = 10 * MINUTE;
/** Longer than others are given way to, as a rule: by then the datacenter is not what it was when a person said yes. */
const MOST_STANDSTILL_MS = 45 * MINUTE;

export interface ConfirmationParts {
  readonly hands: Hands;
  readonly clock: Clock;
  readonly log: Log;
  readonly planOf: Planner;
}

interface Waiting {
  readonly plan: Plan;
  readonly verdicts: Verdicts;
}

interface Checked {
  readonly plan: Plan;
  readonly seen: Snapshot;
}

/** Keeps the plan that waits for a person, and carries it out, planned anew, once one says so. */
export class Confirmation {
  readonly #plans: PlanBook;
  readonly #parts: ConfirmationParts;
  #waiting: Waiting | undefined;
  #rejected: Plan | undefined;
  readonly #standstill = new Standstill();

  constructor(plans: PlanBook, parts: ConfirmationParts) {
    this.#plans = plans;
    this.#parts = parts;
  }

  /**
   * A plan for the same changes as the one that waits does not take its place: its id stays good to confirm. Nor does
   * another for a while, unless the one that waits has become impossible, or leaves out what has to be repaired. A plan for
   * the same changes as the one rejected last is not put up again.
   */
  putUp(plan: Plan, verdicts: Verdicts, snapshot: Snapshot): void {
    const { underWay } = this.#plans;
    if (underWay !== undefined && !this.#isGivenUp(underWay.plan, snapshot)) return;
    const waiting = this.#plans.waiting === undefined ? undefined : this.#waiting;
    if (waiting !== undefined && sameChanges(waiting.plan, plan)) {
      this.#waiting = { plan: waiting.plan, verdicts };
      return;
    }
    if (waiting !== undefined && this.#staysUp(waiting, plan, snapshot)) return;
    this.#plans.withdraw();
    if (plan.steps.length === 0 || (this.#rejected !== undefined && sameChanges(this.#rejected, plan))) return;
    this.#waiting = { plan, verdicts };
    this.#plans.add(plan, 'waiting for confirmation');
    this.#parts.log.info(`plan ${plan.id} waits for confirmation: ${stepCount(plan)}, ${spanWords(plan.makespanMs)}`);
  }

  #staysUp({ plan, verdicts }: Waiting, next: Plan, snapshot: Snapshot): boolean {
    if (next.steps.length === 0 || snapshot.atMs - plan.atMs >= STAYS_UP_MS) return false;
    const known = new Set(plan.steps.map(({ change }) => changeWords(change)));
    const isNews = next.steps.some(({ phase, change }) => phase === 'repair' && !known.has(changeWords(change)));
    return !isNews && obstacleTo(this.#parts.planOf(snapshot, verdicts), plan) === undefined;
  }

  /** A plan of which nothing can begin any more would stand in the way of every other. */
  #isGivenUp(plan: Plan, snapshot: Snapshot): boolean {
    const { hands, clock, log } = this.#parts;
    const steps = hands.isPaused ? [] : hands.steps.filter((status) => status.plan === plan.id);
    if (this.#standstill.lastsMs(steps, clock.nowMs()) < MOST_STANDSTILL_MS) return false;
    const because = steps.find(({ state }) => state === 'queued')?.because;
    log.warn(
      `plan ${plan.id} is given up: nothing of it could begin for ${spanWords(MOST_STANDSTILL_MS)} (${because}); a new one is made`,
    );
    hands.adopt({ ...plan, steps: [], impossible: [] }, snapshot);
    this.#plans.mark(plan.id, 'ended');
    return true;
  }

  /** With names of decisions: only those of it; the rest is decided anew when they are carried out. */
  confirm(planId: string, snapshot: Snapshot | undefined, only: readonly string[] = []): string | undefined {
    const checked = this.#check(planId, snapshot, only);
    if (typeof checked === 'string') return checked;
    const { plan, seen } = checked;
    this.#parts.hands.adopt(plan, seen);
    this.#plans.add(plan, 'under way');
    this.#parts.log.info(`plan ${planId} was confirmed: ${stepCount(plan)}`);
    return undefined;
  }

  /** What `confirm` would answer, without doing it. */
  refusal(planId: string, snapshot: Snapshot | undefined, only: readonly string[] = []): string | undefined {
    const checked = this.#check(planId, snapshot, only);
    return typeof checked === 'string' ? checked : undefined;
  }

  #check(planId: string, seen: Snapshot | undefined, only: readonly string[]): Checked | string {
    const waiting = this.#waiting;
    const missing = this.notWaiting(planId);
    if (missing !== undefined || waiting === undefined) return missing ?? `no plan ${planId} waits`;
    if (seen === undefined || this.#parts.clock.nowMs() - seen.atMs > CONFIRMABLE_FOR_MS) {
      return `plan ${planId} cannot start: there is no snapshot from the last ${spanWords(CONFIRMABLE_FOR_MS)}`;
    }
    const stranger = only.find((id) => !waiting.plan.steps.some(({ decision }) => decision === id));
    if (stranger !== undefined) return `plan ${planId} has no steps for a decision ${stranger}`;
    const wanted = only.length === 0 ? waiting : partOf(waiting, only);
    const fresh = this.#parts.planOf(seen, wanted.verdicts);
    const obstacle = obstacleTo(fresh, wanted.plan);
    if (obstacle !== undefined) return `plan ${planId} is no longer good: ${obstacle}; a new one will be made`;
    return { plan: { ...fresh, id: planId }, seen };
  }

  reject(planId: string): string | undefined {
    const waiting = this.#plans.waiting;
    if (waiting?.plan.id !== planId) return this.notWaiting(planId);
    this.#rejected = waiting.plan;
    this.#plans.mark(planId, 'rejected');
    this.#parts.log.info(`plan ${planId} was rejected`);
    return undefined;
  }

  /** Why nobody can say yes or no to this plan; nothing when somebody can. */
  notWaiting(planId: string): string | undefined {
    const waiting = this.#plans.waiting;
    if (waiting?.plan.id === planId) return undefined;
    const hint = waiting === undefined ? 'none does' : `plan ${waiting.plan.id} does`;
    return `no plan ${planId} waits for confirmation; ${hint}`;
  }
}

/** The decisions may have other names by now: what they are about is still the same. */
function partOf({ plan, verdicts }: Waiting, only: readonly string[]): Waiting {
  const steps = plan.steps.filter(({ decision }) => only.includes(decision));
  const subjects = new Set(steps.map(({ change }) => subjectOf(change)));
  const isMeant = ({ changes }: Decision) => changes.some((change) => subjects.has(subjectOf(change)));
  return { plan: { ...plan, steps }, verdicts: { ...verdicts, decisions: verdicts.decisions.filter(isMeant) } };
}

const subjectOf = (change: Change): string => (change.kind === 'move' ? `VM ${change.vm}` : `host ${change.host}`);

function obstacleTo(fresh: Plan, waiting: Plan): string | undefined {
  const impossible = fresh.impossible[0];
  if (impossible !== undefined) return `${changeWords(impossible.change)}: ${impossible.because}`;
  return sameChanges(fresh, waiting) ? undefined : 'the datacenter has changed since';
}

function sameChanges(one: Plan, other: Plan): boolean {
  const known = new Set(one.steps.map((step) => changeWords(step.change)));
  return one.steps.length === other.steps.length && other.steps.every((step) => known.has(changeWords(step.change)));
}

const stepCount = (plan: Plan): string => counted(plan.steps.length, 'step');
