import type { Change } from '../domain/change.ts';
import { PHASES } from '../domain/decision.ts';
import type { HostId } from '../domain/host.ts';
import type { Step } from '../domain/plan.ts';
import { StepRun } from './step-run.ts';

const MOST_ENDED = 200;

/** The steps of the executor: those that wait, those under way, and those that ended lately. One run per change. */
export class StepBook {
  readonly #queued = new Map<string, StepRun>();
  readonly #active = new Map<string, StepRun>();
  /** Newest first. */
  readonly #ended: StepRun[] = [];
  /** Steps that the queue may wait for and that have ended. */
  readonly #outcomes = new Map<string, StepRun>();
  readonly #waitingAt = new Map<HostId, Set<StepRun>>();
  readonly #waitingFor = new Map<string, Set<StepRun>>();
  /** Milliseconds of queued moves per host, at either end, as far as is expected. */
  readonly #load = new Map<HostId, number>();
  /** Grows with every step queued, so that what is tried again comes last. */
  #places = 0;

  /** In the order in which they may start: the most urgent phase first, then as planned. */
  get queued(): StepRun[] {
    return [...this.#queued.values()];
  }

  get active(): readonly StepRun[] {
    return [...this.#active.values()];
  }

  /** Nothing waits, and nothing is under way. */
  get isEmpty(): boolean {
    return this.#queued.size === 0 && this.#active.size === 0;
  }

  get ended(): readonly StepRun[] {
    return this.#ended;
  }

  /**
   * Makes these the queue. A queued step whose change is wanted again stays and keeps its id; what is under way already
   * is not queued again. Gives those that are no longer wanted, which the caller ends.
   */
  replaceQueue(steps: readonly Step[], plan: string, nowMs: number): StepRun[] {
    const before = new Map(this.#queued);
    const taken = new Set([...before.values(), ...this.#active.values(), ...this.#ended].map((run) => run.step.id));
    this.#clearQueue();
    const ids = new Map<string, string>();
    const kept: { run: StepRun; step: Step }[] = [];
    for (const step of steps) {
      const fresh = new StepRun(step, plan);
      fresh.queuedAtMs = nowMs;
      const standing = this.#active.get(fresh.key);
      const run = standing ?? before.get(fresh.key) ?? withOwnId(fresh, taken);
      ids.set(step.id, run.step.id);
      before.delete(fresh.key);
      if (standing === undefined) kept.push({ run, step });
      else standing.isWanted = true;
    }
    for (const { run, step } of kept) {
      const named = (list: readonly string[]) => list.map((id) => ids.get(id) ?? id);
      const { after, afterSaved } = step;
      run.step = {
        ...step,
        id: run.step.id,
        after: named(after),
        ...(afterSaved && { afterSaved: named(afterSaved) }),
      };
      if (run.tries === 0) run.how = step.how ?? 'live';
    }
    for (const phase of PHASES) for (const { run, step } of kept) if (step.phase === phase) this.#enqueue(run);
    return [...before.values()];
  }

  /** Gives those that were queued, which the caller ends. */
  withdraw(): readonly StepRun[] {
    for (const run of this.#active.values()) run.isWanted = false;
    return this.queued;
  }

  /** The first of the steps before it that has not ended, or that has ended badly; nothing when all went well. */
  pendingFor(run: StepRun): { readonly waits: string } | { readonly failed: StepRun } | undefined {
    for (const id of run.step.after) {
      const outcome = this.#outcomes.get(id);
      if (outcome === undefined) return { waits: id };
      if (!outcome.endedWell) return { failed: outcome };
    }
    for (const id of run.step.afterSaved ?? []) {
      const outcome = this.#outcomes.get(id);
      if (outcome === undefined && this.find(id)?.isSaved !== true) return { waits: id };
      if (outcome !== undefined && !outcome.endedWell) return { failed: outcome };
    }
    return undefined;
  }

  /** Queued runs that something at these hosts, or the end of this step, may concern. */
  concerned(hosts: readonly HostId[], stepId: string): StepRun[] {
    const found = new Set<StepRun>(this.#waitingFor.get(stepId));
    for (const host of hosts) for (const run of this.#waitingAt.get(host) ?? []) found.add(run);
    return [...found];
  }

  /** Something that was begun in an earlier life and that the world still works on. */
  takeOver(run: StepRun): void {
    this.#active.set(run.key, run);
  }

  find(stepId: string): StepRun | undefined {
    return [...this.#queued.values(), ...this.#active.values()].find(({ step }) => step.id === stepId);
  }

  started(run: StepRun): void {
    this.#dequeue(run);
    this.#active.set(run.key, run);
  }

  /** No longer under way; to be called before its change does. */
  leave(run: StepRun): void {
    this.#active.delete(run.key);
  }

  /** Into the queue for another try. */
  requeued(run: StepRun): void {
    this.#enqueue(run);
  }

  /** Whether another step goes on from where this one brings its VM. */
  isFollowed({ step }: StepRun): boolean {
    const { change } = step;
    return this.queued.some(
      ({ step: { change: next } }) => next.kind === 'move' && change.kind === 'move' && next.vm === change.vm,
    );
  }

  hasEnded(run: StepRun): void {
    this.#dequeue(run);
    if (this.#active.get(run.key) === run) this.#active.delete(run.key);
    this.#outcomes.set(run.step.id, run);
    this.#ended.unshift(run);
    if (this.#ended.length > MOST_ENDED) this.#ended.pop();
  }

  /** Outcomes are kept for as long as the queue may ask for them: until it is replaced. */
  #clearQueue(): void {
    this.#queued.clear();
    this.#outcomes.clear();
    this.#waitingAt.clear();
    this.#waitingFor.clear();
    this.#load.clear();
  }

  #enqueue(run: StepRun): void {
    run.place = this.#places++;
    this.#queued.set(run.key, run);
    this.#count(run, 1);
    for (const host of hostsOf(run.step.change)) addTo(this.#waitingAt, host, run);
    for (const id of waitedFor(run)) addTo(this.#waitingFor, id, run);
  }

  /** How much is left to do at the busier of its hosts, and then at the other. */
  pressureOf({ step }: StepRun): readonly [number, number] {
    const [a = 0, b = 0] = hostsOf(step.change).map((host) => this.#load.get(host) ?? 0);
    return a > b ? [a, b] : [b, a];
  }

  #count({ step: { change, startsAtMs, endsAtMs } }: StepRun, sign: 1 | -1): void {
    if (change.kind === 'power') return;
    for (const host of hostsOf(change)) {
      this.#load.set(host, (this.#load.get(host) ?? 0) + sign * (endsAtMs - startsAtMs));
    }
  }

  #dequeue(run: StepRun): void {
    if (this.#queued.get(run.key) !== run) return;
    this.#queued.delete(run.key);
    this.#count(run, -1);
    for (const host of hostsOf(run.step.change)) this.#waitingAt.get(host)?.delete(run);
    for (const id of waitedFor(run)) this.#waitingFor.get(id)?.delete(run);
  }
}

const waitedFor = ({ step }: StepRun): string[] => [...step.after, ...(step.afterSaved ?? [])];

export function hostsOf(change: Change): HostId[] {
  return change.kind === 'move' ? [change.from, change.to] : [change.host];
}

/** Two plans made from one snapshot give the same ids to different steps. */
function withOwnId(run: StepRun, taken: Set<string>): StepRun {
  let id = run.step.id;
  for (let again = 2; taken.has(id); again++) id = `${run.step.id}.${again}`;
  taken.add(id);
  run.step = { ...run.step, id };
  return run;
}

function addTo<K>(lists: Map<K, Set<StepRun>>, key: K, run: StepRun): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, new Set([run]));
  else list.add(run);
}
