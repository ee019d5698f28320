import type { Phase } from '../domain/decision.ts';
import { PHASES } from '../domain/decision.ts';
import { ON } from '../domain/power.ts';
import type { Limits } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { Admission } from './admission.ts';
import { Dependencies } from './dependencies.ts';
import { Heap } from './heap.ts';
import { wayOut } from './impasse.ts';
import type { GivenUp, Job, MoveJob, SwitchJob } from './jobs.ts';
import { JobMaker } from './make-jobs.ts';
import type { NetChanges } from './net-changes.ts';
import { Occupancy } from './occupancy.ts';
import { WaitingMoves } from './waiting-moves.ts';

/** VMs that go by way of a third host, and that host. */
export type StopOvers = ReadonlyMap<number, number>;

/** What earlier attempts at the same timetable have taught. */
export interface Hints {
  readonly stopOvers: StopOvers;
  /** Per host, how many times over its remaining work counts when it is decided who goes first. */
  readonly emphasis: Float64Array;
}

export interface Timed {
  /** In the order in which they start. */
  readonly jobs: readonly Job[];
  readonly givenUp: readonly GivenUp[];
  readonly stopOvers: StopOvers;
}

/** `wanted` holds nothing that is hopeless from the outset. Times count from the start of the plan. */
export function timetable(snapshot: Snapshot, wanted: NetChanges, limits: Limits, hints: Hints): Timed {
  return new Timetable(snapshot, wanted, limits, hints).run();
}

/**
 * List scheduling by events: whenever something ends, what its end can have made possible starts, the host with the most
 * work left choosing first, and choosing the partner with the most work left. No waves, no barriers.
 */
class Timetable {
  readonly #snapshot: Snapshot;
  readonly #maker: JobMaker;
  readonly #admission: Admission;
  readonly #occupancy: Occupancy;
  readonly #dependencies: Dependencies;
  readonly #waiting: WaitingMoves;
  readonly #switchOff = new Map<number, SwitchJob>();
  /** Switches that may start as soon as the cluster's limit lets them. */
  readonly #readySwitches: Heap<SwitchJob>;
  readonly #running = new Heap<Job>((a, b) => a.endMs < b.endMs);
  /** Hosts where something has changed since their waiting moves were last looked at. */
  readonly #woken = new Set<number>();
  readonly #isUp: Uint8Array;
  /** Hosts where no migration may start or end now: what admission says, at hand for the innermost loop. */
  readonly #isFull: Uint8Array;
  /** Waiting moves of VMs that a rule keeps apart: the end of one may let another start anywhere. */
  readonly #apart = new Map<number, MoveJob[]>();
  readonly #stopOvers: Map<number, number>;
  readonly #started: Job[] = [];
  readonly #givenUp: GivenUp[] = [];
  #nowMs = 0;

  constructor(snapshot: Snapshot, wanted: NetChanges, limits: Limits, hints: Hints) {
    this.#snapshot = snapshot;
    this.#maker = new JobMaker(snapshot, limits, wanted.moves);
    this.#admission = new Admission(limits);
    this.#occupancy = new Occupancy(snapshot);
    this.#dependencies = new Dependencies(snapshot, this.#occupancy);
    this.#waiting = new WaitingMoves(hints.emphasis);
    this.#readySwitches = new Heap<SwitchJob>((a, b) => this.#isMoreUrgentSwitch(a, b));
    this.#isUp = Uint8Array.from(snapshot.hosts.ids, (_, host) => Number(snapshot.hosts.power[host] === ON));
    this.#isFull = new Uint8Array(snapshot.hosts.ids.length);
    this.#stopOvers = new Map(hints.stopOvers);
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
    return { jobs: this.#started, givenUp: this.#givenUp, stopOvers: this.#stopOvers };
  }

  #takeUnderWay(): void {
    const flights = this.#snapshot.flights.flatMap((flight) => this.#maker.flight(flight) ?? []);
    for (const job of [...flights, ...this.#maker.boots()]) {
      this.#run(job);
    }
  }

  #queueMoves({ moves }: NetChanges): void {
    for (const wanted of moves) {
      const via = this.#stopOvers.get(this.#snapshot.vms.index.get(wanted.change.vm)!);
      const jobs = via === undefined ? [this.#maker.move(wanted)] : this.#maker.moveVia(wanted, via);
      for (const job of jobs) this.#queue(job);
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
    if (this.#occupancy.separation.groupsOf(job.vm).length > 0) {
      this.#apart.set(job.vm, [...(this.#apart.get(job.vm) ?? []), job]);
    }
    this.#wake(job.from);
    this.#wake(job.to);
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
    while (this.#readySwitches.size > 0 && this.#admission.admitsSwitches())
      this.#startSwitch(this.#readySwitches.pop()!);
    const { load } = this.#waiting;
    const byLoad = [...this.#woken].sort((a, b) => load[b]! - load[a]!);
    for (const phase of this.#waiting.phases()) {
      for (const host of byLoad) {
        while (this.#startOneAt(host, phase));
        if (!this.#admission.admitsMigrations()) return;
      }
    }
    this.#woken.clear();
  }

  #startOneAt(host: number, phase: Phase): boolean {
    if (this.#isFull[host] === 1) return false;
    const { load } = this.#waiting;
    let best: MoveJob | undefined;
    let bestLoad = -1;
    for (const job of this.#waiting.at(host, phase)) {
      const partner = job.from === host ? job.to : job.from;
      const partnerLoad = load[partner]!;
      if (this.#isFull[partner] === 1 || partnerLoad < bestLoad) continue;
      if (best !== undefined && partnerLoad === bestLoad && job.durationMs <= best.durationMs) continue;
      if (!this.#canStart(job)) continue;
      best = job;
      bestLoad = partnerLoad;
    }
    if (best !== undefined) this.#startMove(best);
    return best !== undefined;
  }

  #canStart(job: MoveJob): boolean {
    return (
      this.#isUp[job.to] === 1 &&
      this.#admission.admits(job.change) &&
      (job.previous === undefined || job.previous.state === 'ended') &&
      this.#occupancy.accepts(job.vm, job.to)
    );
  }

  #startMove(job: MoveJob): void {
    this.#waiting.delete(job);
    this.#occupancy.begin(job.vm, job.to);
    job.after = this.#dependencies.moveStarts(job);
    this.#started.push(job);
    this.#run(job);
  }

  #startSwitch(job: SwitchJob): void {
    job.after = this.#dependencies.switchStarts(job);
    this.#started.push(job);
    this.#run(job);
  }

  #run(job: Job): void {
    this.#admission.admit(job.change);
    if (job.kind === 'move') this.#noteTokens(job);
    job.state = 'running';
    job.startMs = this.#nowMs;
    job.endMs = this.#nowMs + job.durationMs;
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
      job.state = 'ended';
      this.#admission.release(job.change);
      if (job.kind === 'move') this.#noteTokens(job);
      if (job.kind === 'move') this.#moveEnds(job);
      else this.#switchEnds(job);
    }
  }

  #moveEnds(job: MoveJob): void {
    this.#occupancy.end(job.vm, true);
    this.#dependencies.moveEnds(job);
    this.#wake(job.from);
    this.#wake(job.to);
    for (const { rule } of this.#occupancy.separation.groupsOf(job.vm)) {
      for (const id of rule.vms) this.#wakeTargets(this.#snapshot.vms.index.get(id) ?? job.vm);
    }
  }

  #wakeTargets(vm: number): void {
    for (const job of this.#apart.get(vm) ?? []) if (job.state === 'waiting') this.#wake(job.to);
  }

  #switchEnds(job: SwitchJob): void {
    this.#dependencies.switchEnds(job);
    if (job.change.to === 'on') this.#isUp[job.host] = 1;
    this.#wake(job.host);
  }

  /** Nothing runs and nothing can start. False: nothing is left that could. */
  #breakImpasse(): boolean {
    if (this.#waiting.all.size === 0) return false;
    const { stopOvers, giveUp } = wayOut({
      stuck: [...this.#waiting.all],
      occupancy: this.#occupancy,
      load: this.#waiting.load,
      mayStopOver: (host) => this.#isUp[host] === 1 && !this.#switchOff.has(host),
      hasStoppedOver: (vm) => this.#stopOvers.has(vm),
    });
    for (const { job, because } of giveUp) this.#giveUpMove(job, because);
    for (const { job, via } of stopOvers) this.#stopOver(job, via);
    return true;
  }

  #stopOver(job: MoveJob, via: number): void {
    this.#waiting.delete(job);
    this.#stopOvers.set(job.vm, via);
    for (const half of this.#maker.moveVia(job, via)) this.#queue(half);
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
    const byPhase = PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase);
    if (byPhase !== 0) return byPhase < 0;
    return this.#waiting.load[a.host]! > this.#waiting.load[b.host]!;
  }
}
