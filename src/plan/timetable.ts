import type { Crowd } from '../domain/crowds.ts';
import { Heap } from '../domain/heap.ts';
import { ON } from '../domain/power.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Counter } from './admission.ts';
import { Admission, groundOf } from './admission.ts';
import { Dependencies } from './dependencies.ts';
import { Estimator } from './estimate.ts';
import { wayOut } from './impasse.ts';
import type { GivenUp, Job, MoveJob, SwitchJob } from './jobs.ts';
import { lowerBoundMs } from './lower-bound.ts';
import { JobMaker } from './make-jobs.ts';
import type { NetChanges } from './net-changes.ts';
import { Occupancy } from './occupancy.ts';
import type { Foresight, Task } from './task.ts';
import type { Turn } from './turns.ts';
import { WaitingMoves } from './waiting-moves.ts';

/** What earlier attempts at the same timetable have taught. */
export interface Hints extends Foresight {
  /** Per host, how many times over its remaining work counts when it is decided who goes first. */
  readonly emphasis: Float64Array;
  /**
   * A host whose remaining work leaves less slack than this share of the lower bound takes whatever there is for it; the
   * others take what is most urgent. One: urgency counts for nothing.
   */
  readonly haste: number;
  /** Absent: whoever can start, does. */
  readonly order?: readonly Turn[];
}

export interface Timed {
  /** In the order in which they start. */
  readonly jobs: readonly Job[];
  /** Begun before, and in the way at first. */
  readonly underWay: readonly Job[];
  readonly givenUp: readonly GivenUp[];
  /** VMs that were saved and for which no room came: others rely on theirs, so that this is no timetable. */
  readonly stranded: readonly number[];
  readonly detours: Foresight['detours'];
}

/** Times count from the start of the plan. */
export function timetable(task: Task, hints: Hints): Timed {
  return new Timetable(task, hints).run();
}

/**
 * List scheduling by events: whenever something ends, what its end can have made possible starts, the host with the most
 * work left choosing first, and choosing the partner with the most work left. No waves, no barriers.
 */
class Timetable {
  readonly #snapshot: Snapshot;
  readonly #mayQuick: (vm: number) => boolean;
  readonly #haste: number;
  readonly #maker: JobMaker;
  readonly #admission: Admission;
  readonly #occupancy: Occupancy;
  readonly #dependencies: Dependencies;
  readonly #waiting: WaitingMoves;
  readonly #switchOff = new Map<number, SwitchJob>();
  /** Switches that may start as soon as the cluster's limit lets them. */
  readonly #readySwitches: Heap<SwitchJob>;
  readonly #running = new Heap<Job>((a, b) => a.endMs < b.endMs);
  /** Quick migrations whose guests wait for room. */
  readonly #saved = new Set<MoveJob>();
  /** Hosts where something has changed since their waiting moves were last looked at. */
  readonly #woken = new Set<number>();
  readonly #isUp: Uint8Array;
  /** Hosts where no migration may start or end now: what admission says, at hand for the innermost loop. */
  readonly #isFull: Uint8Array;
  /** How many of ours are on their way to each host. */
  readonly #coming: Int32Array;
  /** Per host, the longest chain of moves that begins there. */
  readonly #chainMs: Float64Array;
  /** How many migrations each host's work is spread over. */
  readonly #slots: Float64Array;
  /** Hosts that found no token left of something that is not theirs alone. */
  readonly #shortOf = new Map<Counter, Set<number>>();
  /** Waiting moves of VMs whose crowding a rule limits by rack or site: the end of one may let another start anywhere. */
  readonly #apart = new Map<number, MoveJob[]>();
  readonly #stopOvers: Map<number, number>;
  readonly #quick: Set<number>;
  readonly #started: Job[] = [];
  readonly #underWay: Job[] = [];
  readonly #givenUp: GivenUp[] = [];
  /** Absent where all is equally urgent: nobody asks. */
  #boundMs: number | undefined;
  #nowMs = 0;

  constructor(
    { snapshot, wanted, limits, measured, mayQuick }: Task,
    { detours, chainMs, emphasis, haste, order }: Hints,
  ) {
    const { hosts } = snapshot;
    this.#snapshot = snapshot;
    this.#mayQuick = mayQuick;
    this.#haste = haste;
    this.#admission = new Admission(limits, groundOf(snapshot), measured);
    const moves = wanted.moves.map(({ change }) => change);
    this.#maker = new JobMaker(snapshot, new Estimator(snapshot, limits, measured, moves), this.#admission, chainMs);
    this.#occupancy = new Occupancy(snapshot);
    this.#dependencies = new Dependencies(snapshot, this.#occupancy);
    this.#waiting = new WaitingMoves(emphasis, order);
    this.#readySwitches = new Heap<SwitchJob>((a, b) => this.#isMoreUrgentSwitch(a, b));
    this.#isUp = Uint8Array.from(hosts.ids, (_, host) => Number(hosts.power[host] === ON));
    this.#isFull = new Uint8Array(hosts.ids.length);
    this.#coming = new Int32Array(hosts.ids.length);
    this.#chainMs = new Float64Array(hosts.ids.length);
    this.#slots = Float64Array.from(hosts.ids, (id) => this.#admission.slotsAt(id));
    this.#stopOvers = new Map(detours.stopOvers);
    this.#quick = new Set(detours.quick);
    this.#takeUnderWay();
    this.#queueMoves(wanted);
    this.#queueSwitches(wanted);
  }

  run(): Timed {
    do {
      for (;;) {
        this.#startAll();
        if (this.#running.size === 0) break;
        this.#endNext();
      }
    } while (this.#breakImpasse());
    for (const job of this.#switchOff.values()) this.#giveUpSwitch(job);
    const stranded = [...this.#saved].map(({ vm }) => vm);
    const detours = { stopOvers: this.#stopOvers, quick: this.#quick };
    return { jobs: this.#started, underWay: this.#underWay, givenUp: this.#givenUp, stranded, detours };
  }

  #takeUnderWay(): void {
    const flights = this.#snapshot.flights.flatMap((flight) => this.#maker.flight(flight) ?? []);
    this.#underWay.push(...flights, ...this.#maker.boots());
    for (const job of this.#underWay) this.#run(job);
  }

  #queueMoves({ moves }: NetChanges): void {
    for (const wanted of moves) {
      const vm = this.#snapshot.vms.index.get(wanted.change.vm)!;
      const via = this.#stopOvers.get(vm);
      if (via !== undefined) for (const half of this.#maker.moveVia(wanted, via)) this.#queue(half);
      else this.#queue(this.#quick.has(vm) ? this.#maker.quickMove(wanted) : this.#maker.move(wanted));
    }
  }

  #queueSwitches({ switches }: NetChanges): void {
    for (const wanted of switches) {
      const job = this.#maker.switch(wanted);
      if (wanted.change.to === 'on') this.#readySwitches.push(job);
      else {
        this.#switchOff.set(job.host, job);
        this.#wake(job.host);
      }
    }
  }

  #queue(job: MoveJob): void {
    this.#waiting.add(job);
    if (this.#crowdsBeyondHosts(job.vm).length > 0) {
      this.#apart.set(job.vm, [...(this.#apart.get(job.vm) ?? []), job]);
    }
    for (const host of [job.from, job.to]) {
      this.#chainMs[host] = Math.max(this.#chainMs[host]!, job.chainMs);
      this.#wake(host);
    }
  }

  #wake(host: number): void {
    this.#woken.add(host);
    const off = this.#switchOff.get(host);
    if (off === undefined || this.#occupancy.guests(host) > 0 || this.#waiting.arrivalsWaiting(host) > 0) return;
    this.#switchOff.delete(host);
    this.#isUp[host] = 0;
    this.#readySwitches.push(off);
  }

  #startAll(): void {
    while (this.#readySwitches.size > 0 && this.#admission.admitsSwitches()) {
      this.#startSwitch(this.#readySwitches.pop()!);
    }
    const { load } = this.#waiting;
    const pressure = (host: number) => Math.max(load[host]!, this.#chainMs[host]!);
    const byLoad = [...this.#woken].sort((a, b) => pressure(b) - pressure(a));
    const urgencies = this.#waiting.urgencies();
    if (urgencies.length > 1) {
      const isPressed = (host: number) => this.#isPressed(host);
      if (!this.#startAt(byLoad.filter(isPressed), urgencies)) return;
    }
    for (const urgency of urgencies) if (!this.#startAt(byLoad, [urgency])) return;
    this.#woken.clear();
  }

  /** Whether the host could hardly wait and still be done when the lower bound says. */
  #isPressed(host: number): boolean {
    this.#boundMs ??= lowerBoundMs([...this.#waiting.all]);
    const waitingMs = this.#waiting.load[host]!;
    const slots = this.#slots[host]!;
    const leftMs = Math.max(waitingMs / slots, this.#chainMs[host]!);
    return this.#boundMs - this.#nowMs - leftMs <= this.#haste * this.#boundMs;
  }

  /** False: the cluster has no token left. */
  #startAt(hosts: readonly number[], urgencies: readonly number[]): boolean {
    for (const host of hosts) {
      while (this.#startOneAt(host, urgencies));
      if (!this.#admission.admitsMigrations()) return false;
    }
    return true;
  }

  #startOneAt(host: number, urgencies: readonly number[]): boolean {
    if (this.#isFull[host] === 1) return false;
    const { load } = this.#waiting;
    let best: MoveJob | undefined;
    let bestLoad = -1;
    for (const urgency of urgencies) {
      for (const job of this.#waiting.at(host, urgency)) {
        const partner = job.from === host ? job.to : job.from;
        const partnerLoad = Math.max(load[partner]!, job.chainMs);
        if (this.#isFull[partner] === 1 || partnerLoad < bestLoad) continue;
        if (best !== undefined && partnerLoad === bestLoad && job.durationMs <= best.durationMs) continue;
        if (!this.#canStart(job, host)) continue;
        best = job;
        bestLoad = partnerLoad;
      }
    }
    if (best !== undefined) this.#startMove(best);
    return best !== undefined;
  }

  #canStart(job: MoveJob, host: number): boolean {
    return (
      this.#isUp[job.to] === 1 &&
      (job.previous === undefined || job.previous.state === 'ended') &&
      this.#hasTokens(job, host) &&
      (job.quick === undefined
        ? this.#occupancy.accepts(job.vm, job.to)
        : this.#coming[job.to] === 0 && this.#occupancy.conflict(job.vm, job.to) === undefined)
    );
  }

  #hasTokens(job: MoveJob, host: number): boolean {
    const short = this.#admission.shortage(job.passage);
    if (short?.isShared) this.#shortOf.set(short, (this.#shortOf.get(short) ?? new Set<number>()).add(host));
    return short === undefined;
  }

  #startMove(job: MoveJob): void {
    this.#waiting.delete(job);
    this.#occupancy.begin(job.vm, job.to);
    Object.assign(job, this.#dependencies.moveStarts(job));
    this.#coming[job.to]! += 1;
    this.#started.push(job);
    this.#run(job);
  }

  #startSwitch(job: SwitchJob): void {
    job.after = this.#dependencies.switchStarts(job);
    this.#started.push(job);
    this.#run(job);
  }

  #run(job: Job): void {
    this.#admission.admit(job.passage);
    if (job.kind === 'move') this.#noteTokens(job);
    const quick = job.kind === 'move' ? job.quick : undefined;
    job.state = quick === undefined ? 'running' : 'saving';
    job.startMs = this.#nowMs;
    job.endMs = this.#nowMs + (quick?.savingMs ?? job.durationMs);
    this.#running.push(job);
  }

  #noteTokens({ from, to, change }: MoveJob): void {
    this.#isFull[from] = Number(this.#admission.isFull(change.from));
    this.#isFull[to] = Number(this.#admission.isFull(change.to));
  }

  /** Everything that ends at the next instant at which anything does. */
  #endNext(): void {
    this.#nowMs = this.#running.first()!.endMs;
    while (this.#running.first()?.endMs === this.#nowMs) {
      const job = this.#running.pop()!;
      if (job.kind === 'switch') this.#switchEnds(job);
      else if (job.state === 'saving') this.#isSaved(job);
      else this.#moveEnds(job);
    }
    for (const job of this.#saved) if (this.#occupancy.hasRoomForAll(job.to)) this.#resume(job);
  }

  #isSaved(job: MoveJob): void {
    job.state = 'saved';
    this.#saved.add(job);
    this.#occupancy.save(job.vm);
    this.#dependencies.roomIsLeft(job);
    this.#wakeAround(job);
  }

  #resume(job: MoveJob): void {
    this.#saved.delete(job);
    job.state = 'running';
    job.endMs = this.#nowMs + (job.quick?.resumingMs ?? 0);
    this.#running.push(job);
  }

  #moveEnds(job: MoveJob): void {
    this.#endsPassage(job);
    this.#noteTokens(job);
    this.#occupancy.end(job.vm, true);
    if (job.own) this.#coming[job.to]! -= 1;
    if (job.quick === undefined) this.#dependencies.roomIsLeft(job);
    this.#dependencies.moveEnds(job);
    this.#wakeAround(job);
  }

  #endsPassage(job: Job): void {
    job.state = 'ended';
    this.#admission.release(job.passage);
    for (const counter of job.passage.counters) {
      if (!counter.isShared) continue;
      for (const host of this.#shortOf.get(counter) ?? []) this.#wake(host);
      this.#shortOf.delete(counter);
    }
  }

  #wakeAround(job: MoveJob): void {
    this.#wake(job.from);
    this.#wake(job.to);
    for (const { members } of this.#crowdsBeyondHosts(job.vm)) {
      const others = members.flatMap((vm) => this.#apart.get(vm) ?? []);
      for (const other of others) if (other.state === 'waiting') this.#wake(other.to);
    }
  }

  /** Where a place is more than a host, leaving one host may let another be entered. */
  #crowdsBeyondHosts(vm: number): readonly Crowd[] {
    const crowds = this.#occupancy.crowds.crowdsOf(vm);
    return crowds.length === 0 ? crowds : crowds.filter(({ level }) => level !== 'host');
  }

  #switchEnds(job: SwitchJob): void {
    this.#endsPassage(job);
    this.#dependencies.switchEnds(job);
    if (job.change.to === 'on') this.#isUp[job.host] = 1;
    this.#wake(job.host);
  }

  /** Nothing runs and nothing can start. False: nothing is left that could. */
  #breakImpasse(): boolean {
    if (this.#waiting.all.size === 0) return false;
    const { stopOvers, quick, giveUp } = wayOut({
      stuck: [...this.#waiting.all],
      occupancy: this.#occupancy,
      work: this.#waiting.work,
      mayStopOver: (host) => this.#isUp[host] === 1 && !this.#switchOff.has(host),
      hasStoppedOver: (vm) => this.#stopOvers.has(vm),
      mayQuick: this.#mayQuick,
      breaks: () => 1,
      whoStopsOver: 'smallest',
    });
    for (const { job, because } of giveUp) this.#giveUpMove(job, because);
    for (const { job, via } of stopOvers) this.#stopOver(job, via);
    for (const job of quick) this.#goQuickly(job);
    return true;
  }

  #stopOver(job: MoveJob, via: number): void {
    this.#waiting.delete(job);
    this.#stopOvers.set(job.vm, via);
    for (const half of this.#maker.moveVia(job, via)) this.#queue(half);
  }

  #goQuickly(job: MoveJob): void {
    this.#waiting.delete(job);
    this.#quick.add(job.vm);
    this.#queue(this.#maker.quickMove(job));
  }

  #giveUpMove(job: MoveJob, because: string): void {
    job.state = 'given up';
    this.#waiting.delete(job);
    this.#givenUp.push({ job, because });
    this.#wake(job.to);
  }

  #giveUpSwitch(job: SwitchJob): void {
    job.state = 'given up';
    const { hosts, vms } = this.#snapshot;
    const staying = vms.ids.find((_, vm) => this.#occupancy.placeOf(vm) === job.host);
    this.#givenUp.push({ job, because: `${hosts.ids[job.host]} cannot be emptied: ${staying} stays` });
  }

  #isMoreUrgentSwitch(a: SwitchJob, b: SwitchJob): boolean {
    if (a.urgency !== b.urgency) return a.urgency < b.urgency;
    return this.#waiting.load[a.host]! > this.#waiting.load[b.host]!;
  }
}
