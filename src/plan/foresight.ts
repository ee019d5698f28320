import { Admission, groundOf } from './admission.ts';
import { Dependencies } from './dependencies.ts';
import { Estimator } from './estimate.ts';
import type { Impasse, WayOut } from './impasse.ts';
import { wayOut } from './impasse.ts';
import type { Job, MoveJob } from './jobs.ts';
import { lowerBoundMs } from './lower-bound.ts';
import { JobMaker } from './make-jobs.ts';
import { GUARANTEED, Occupancy } from './occupancy.ts';
import type { Foresight, Task } from './task.ts';

const NOTHING_FORESEEN: Foresight = { detours: { stopOvers: new Map(), quick: new Set() }, chainMs: new Map() };

/**
 * Makes the moves one after the other as far as room and rules let them, as if they took no time: who is stuck then will
 * be stuck, and gets his detour early; and who made room for whom tells what should not be put off.
 */
export function foresee(task: Task, whoStopsOver: Impasse['whoStopsOver'] = 'smallest'): Foresight {
  return hasRoomAnyway(task) ? NOTHING_FORESEEN : new Walk(task, whoStopsOver).run();
}

/** Of the lower bound: what is left is for whatever else its hosts have to do. */
const MOST_CYCLE_SHARE = 0.9;
/** Stop-overs that only save time cost migrations: at most one for so many moves. */
const MOVES_PER_BREAK = 6;

/** Whether all could arrive before anybody leaves. */
function hasRoomAnyway({ snapshot, wanted }: Task): boolean {
  const occupancy = new Occupancy(snapshot);
  const { hosts, vms } = snapshot;
  if (occupancy.crowds.all.length > 0) return false;
  const coming = GUARANTEED.map(() => new Float64Array(hosts.ids.length));
  for (const { change } of wanted.moves) {
    const [vm, to] = [vms.index.get(change.vm)!, hosts.index.get(change.to)!];
    GUARANTEED.forEach((resource, r) => {
      coming[r]![to]! += vms.demand[resource]![vm]!;
    });
  }
  return GUARANTEED.every((resource, r) =>
    coming[r]!.every((amount, host) => amount <= occupancy.free(resource, host)),
  );
}

class Walk {
  readonly #task: Task;
  readonly #maker: JobMaker;
  readonly #occupancy: Occupancy;
  readonly #dependencies: Dependencies;
  readonly #work: Float64Array;
  readonly #goingDown: ReadonlySet<string>;
  readonly #waiting = new Set<MoveJob>();
  /** By the host that they want to go to. */
  readonly #waitingFor = new Map<number, Set<MoveJob>>();
  readonly #stopOvers = new Map<number, number>();
  readonly #quick = new Set<number>();
  readonly #made: MoveJob[] = [];
  #boundMs = 0;
  #breaksLeft: number;
  readonly #whoStopsOver: Impasse['whoStopsOver'];

  constructor(task: Task, whoStopsOver: Impasse['whoStopsOver']) {
    this.#whoStopsOver = whoStopsOver;
    const { snapshot, wanted, limits, measured } = task;
    const moves = wanted.moves.map(({ change }) => change);
    const estimator = new Estimator(snapshot, limits, measured, moves);
    this.#task = task;
    this.#maker = new JobMaker(snapshot, estimator, new Admission(limits, groundOf(snapshot), measured), new Map());
    this.#occupancy = new Occupancy(snapshot);
    this.#dependencies = new Dependencies(snapshot, this.#occupancy);
    this.#breaksLeft = Math.floor(moves.length / MOVES_PER_BREAK);
    this.#work = new Float64Array(snapshot.hosts.ids.length);
    this.#goingDown = new Set(wanted.switches.flatMap(({ change }) => (change.to === 'off' ? [change.host] : [])));
  }

  run(): Foresight {
    const { snapshot, wanted } = this.#task;
    for (const flight of snapshot.flights) this.#land(snapshot.vms.index.get(flight.vm));
    for (const move of wanted.moves) {
      const job = this.#maker.move(move);
      for (const host of [job.from, job.to]) this.#work[host]! += job.durationMs;
      this.#queue(job);
    }
    this.#boundMs = lowerBoundMs([...this.#waiting]);
    this.#makeAll([...this.#waiting]);
    while (this.#waiting.size > 0) this.#makeAll(this.#takeWayOut());
    return { detours: { stopOvers: this.#stopOvers, quick: this.#quick }, chainMs: chains(this.#made) };
  }

  #land(vm: number | undefined): void {
    if (vm !== undefined && this.#occupancy.headedTo(vm) !== undefined) this.#occupancy.end(vm, true);
  }

  #queue(job: MoveJob): void {
    this.#waiting.add(job);
    const others = this.#waitingFor.get(job.to);
    if (others === undefined) this.#waitingFor.set(job.to, new Set([job]));
    else others.add(job);
  }

  #drop(job: MoveJob): void {
    this.#waiting.delete(job);
    this.#waitingFor.get(job.to)?.delete(job);
  }

  /** Each of these, and whoever it makes way for. Who has stopped over can wait: others may need that room to go on. */
  #makeAll(first: readonly MoveJob[]): void {
    const late: MoveJob[] = [];
    const jobs = [...first];
    for (let job = jobs.pop() ?? late.pop(); job !== undefined; job = jobs.pop() ?? late.pop()) {
      if (job.state !== 'waiting' || !this.#make(job)) continue;
      for (const other of this.#waitingFor.get(job.from) ?? [])
        (other.previous === undefined ? jobs : late).push(other);
    }
  }

  /**
   * Between two breaks a cycle is gone through move by move, after the one that got out of the way and before the one that
   * comes back: as few breaks as let it be done in time.
   */
  #breaks(cycle: readonly MoveJob[]): number {
    const meanMs = cycle.reduce((sum, { durationMs }) => sum + durationMs, 0) / cycle.length;
    const takesMs = (breaks: number) => (Math.ceil(cycle.length / breaks) + 1) * meanMs;
    const most = Math.min(cycle.length, 1 + this.#breaksLeft);
    let breaks = 1;
    while (breaks < most && takesMs(breaks) > this.#boundMs * MOST_CYCLE_SHARE) breaks += 1;
    while (breaks > 1 && takesMs(breaks - 1) === takesMs(breaks)) breaks -= 1;
    this.#breaksLeft -= breaks - 1;
    return breaks;
  }

  #make(job: MoveJob): boolean {
    const { previous, vm, to, quick } = job;
    if (previous !== undefined && previous.state !== 'ended') return false;
    if (quick === undefined && !this.#occupancy.accepts(vm, to)) return false;
    this.#drop(job);
    job.state = 'ended';
    Object.assign(job, this.#dependencies.moveStarts(job));
    this.#occupancy.begin(vm, to);
    this.#occupancy.end(vm, true);
    this.#dependencies.roomIsLeft(job);
    this.#dependencies.moveEnds(job);
    this.#made.push(job);
    return true;
  }

  #takeWayOut(): MoveJob[] {
    const { snapshot, mayQuick } = this.#task;
    const { stopOvers, quick, giveUp }: WayOut = wayOut({
      stuck: [...this.#waiting],
      occupancy: this.#occupancy,
      work: this.#work,
      mayStopOver: (host) => !this.#goingDown.has(snapshot.hosts.ids[host]!),
      hasStoppedOver: (vm) => this.#stopOvers.has(vm),
      mayQuick,
      breaks: (cycle) => this.#breaks(cycle),
      whoStopsOver: this.#whoStopsOver,
    });
    for (const { job } of giveUp) this.#drop(job);
    const detoured = [
      ...stopOvers.flatMap(({ job, via }) => this.#detour(job, this.#maker.moveVia(job, via), via).slice(0, 1)),
      ...quick.flatMap((job) => this.#detour(job, [this.#maker.quickMove(job)], undefined)),
    ];
    return [...detoured, ...this.#freedBy(giveUp.map(({ job }) => job))];
  }

  #detour(job: MoveJob, instead: readonly MoveJob[], via: number | undefined): readonly MoveJob[] {
    this.#drop(job);
    if (via === undefined) this.#quick.add(job.vm);
    else {
      this.#stopOvers.set(job.vm, via);
      this.#work[via]! += 2 * job.durationMs;
    }
    for (const other of instead) this.#queue(other);
    return instead;
  }

  /** Who gives up leaves nothing, but the second half of his way is gone with the first. */
  #freedBy(givenUp: readonly MoveJob[]): MoveJob[] {
    return givenUp.flatMap((job) => [...(this.#waitingFor.get(job.to) ?? [])]);
  }
}

/** In reverse: each job's chain is known before that of those who make way for it. */
function chains(made: readonly MoveJob[]): Map<number, number[]> {
  const longestAfter = new Map<Job, number>();
  const found = new Map<number, number[]>();
  for (const job of made.toReversed()) {
    const chainMs = job.durationMs + (longestAfter.get(job) ?? 0);
    found.set(job.vm, [chainMs, ...(found.get(job.vm) ?? [])]);
    for (const other of [...job.after, ...job.afterSaved])
      longestAfter.set(other, Math.max(longestAfter.get(other) ?? 0, chainMs));
  }
  return found;
}
