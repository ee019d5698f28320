import type { Decision, Verdicts } from '../domain/decision.ts';
import { isAccepted } from '../domain/decision.ts';
import type { Impossible, Plan, Step } from '../domain/plan.ts';
import type { Limits } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { bestTimetable, makespanOf } from './best-timetable.ts';
import type { Job, MoveJob } from './jobs.ts';
import { lowerBoundMs } from './lower-bound.ts';
import type { Measured } from './measured.ts';
import { NOTHING_MEASURED } from './measured.ts';
import type { NetChanges } from './net-changes.ts';
import { hopeless, netChanges } from './net-changes.ts';
import type { Task } from './task.ts';
import type { Timed } from './timetable.ts';

export interface PlanInput {
  readonly snapshot: Snapshot;
  readonly verdicts: Pick<Verdicts, 'decisions'>;
  readonly limits: Limits;
  readonly atMs: number;
  /** What migrations here have taught; absent: nothing yet. */
  readonly measured?: Measured;
  /** False: the driver cannot save guests and resume them elsewhere, even where they allow it. */
  readonly mayQuick?: boolean;
}

/** Quick migrations that never find room are given up for so many rounds, and all of them after that. */
const MOST_ROUNDS = 8;

/** Orders what was decided in time. A decision of which a part is impossible is left out whole, and the rest is done. */
export function makePlan(input: PlanInput): Plan {
  const { snapshot, verdicts, limits, atMs, measured = NOTHING_MEASURED, mayQuick = true } = input;
  const wanted = netChanges(snapshot, verdicts.decisions.filter(isAccepted));
  const isQuickAllowed = (vm: number) => mayQuick && snapshot.vms.quickAllowed[vm] === 1;
  const { timed, impossible } = wholeDecisions({ snapshot, wanted, limits, measured, mayQuick: isQuickAllowed });
  const id = `p${snapshot.version}`;
  const steps = stepsOf(id, atMs, timed.jobs);
  return {
    id,
    atMs,
    steps,
    impossible,
    makespanMs: makespanOf(timed),
    lowerBoundMs: lowerBoundMs(timed.jobs, timed.underWay),
  };
}

interface Outcome {
  readonly timed: Timed;
  readonly impossible: readonly Impossible[];
}

/** Giving up one decision can cost another its room: each round gives up at least one, until all that are left are whole. */
function wholeDecisions(task: Task): Outcome {
  const impossible: Impossible[] = [];
  let { wanted } = task;
  for (;;) {
    let failed = hopeless(task.snapshot, wanted);
    if (failed.length === 0) {
      const timed = soundTimetable({ ...task, wanted });
      failed = timed.givenUp.map(asImpossible);
      if (isWhole(timed, failed)) {
        return { timed, impossible: [...impossible, ...lost(wanted, failed, false)] };
      }
    }
    const dropped = lost(wanted, failed, true);
    impossible.push(...dropped);
    wanted = without(wanted, new Set(dropped.map(({ decision }) => decision)));
  }
}

/** Without the quick migrations that would never find room, and in the last resort without any. */
function soundTimetable(task: Task): Timed {
  const stranded = new Set<number>();
  for (let round = 1; round < MOST_ROUNDS; round++) {
    const timed = bestTimetable({ ...task, mayQuick: (vm) => task.mayQuick(vm) && !stranded.has(vm) });
    if (timed.stranded.length === 0) return timed;
    for (const vm of timed.stranded) stranded.add(vm);
  }
  return bestTimetable({ ...task, mayQuick: () => false });
}

const asImpossible = ({ job, because }: Timed['givenUp'][number]): Impossible => ({
  decision: job.decision,
  change: job.change,
  because,
});

/** True when no decision is carried out in part. */
function isWhole(timed: Timed, failed: readonly Impossible[]): boolean {
  const broken = new Set(failed.map(({ decision }) => decision));
  return !timed.jobs.some(({ decision }) => broken.has(decision));
}

/** The wanted changes that failed; on demand with the rest of their decisions. Each has a reason of its own, or that. */
function lost({ moves, switches }: NetChanges, failed: readonly Impossible[], isWholeDecision: boolean): Impossible[] {
  const causes = new Map<string, string>();
  const reasons = new Map<string, string>();
  for (const { decision, change, because } of failed) {
    if (!causes.has(decision)) causes.set(decision, because);
    if (!reasons.has(subject(change))) reasons.set(subject(change), because);
  }
  return [...moves, ...switches].flatMap(({ decision, change }) => {
    const cause = isWholeDecision ? causes.get(decision) : undefined;
    const because =
      reasons.get(subject(change)) ?? (cause && `decision ${decision} is carried out whole or not at all: ${cause}`);
    return because === undefined ? [] : [{ decision, change, because }];
  });
}

/** What a change is about: a move by way of a third host is about the same VM as the move that was wanted. */
const subject = (change: Decision['changes'][number]): string =>
  change.kind === 'move' ? `vm ${change.vm}` : `host ${change.host}`;

function without({ moves, switches }: NetChanges, decisions: ReadonlySet<string>): NetChanges {
  return {
    moves: moves.filter(({ decision }) => !decisions.has(decision)),
    switches: switches.filter(({ decision }) => !decisions.has(decision)),
  };
}

function stepsOf(plan: string, atMs: number, jobs: readonly Job[]): Step[] {
  const ids = new Map(jobs.map((job, index) => [job, `${plan}-s${index + 1}`]));
  return jobs.map((job) => ({
    id: ids.get(job)!,
    decision: job.decision,
    phase: job.phase,
    change: job.change,
    ...dependenciesOf(job, ids),
    startsAtMs: atMs + job.startMs,
    endsAtMs: atMs + job.endMs,
    ...(job.kind === 'move' && quickTimes(job, atMs)),
    ...(job.kind === 'move' && { migration: job.estimate }),
  }));
}

function quickTimes({ quick, startMs, endMs }: MoveJob, atMs: number) {
  if (quick === undefined) return {};
  const savedAtMs = atMs + startMs + quick.savingMs;
  return { how: 'quick' as const, savedAtMs, resumesAtMs: atMs + endMs - quick.resumingMs };
}

function dependenciesOf(job: Job, ids: ReadonlyMap<Job, string>): Pick<Step, 'after' | 'afterSaved'> {
  const named = (jobs: readonly Job[]) => (jobs.length === 0 ? [] : jobs.map((other) => ids.get(other)!));
  const afterSaved = job.kind === 'move' ? named(job.afterSaved) : [];
  return { after: named(job.after), ...(afterSaved.length > 0 && { afterSaved }) };
}
