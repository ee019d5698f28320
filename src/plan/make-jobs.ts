import type { Move, PowerSwitch } from '../domain/change.ts';
import { BOOTING } from '../domain/power.ts';
import type { Flight, Snapshot } from '../domain/snapshot.ts';
import { SECOND } from '../domain/units.ts';
import type { Admission } from './admission.ts';
import type { Estimator } from './estimate.ts';
import type { MoveJob, SwitchJob, Wanted } from './jobs.ts';
import { notStarted } from './jobs.ts';
import type { Foresight } from './task.ts';
import { urgencyOf } from './urgency.ts';

const NONE: readonly never[] = [];

/** Makes jobs of what is wanted and of what is already under way, each with how long it will take. */
export class JobMaker {
  readonly #snapshot: Snapshot;
  readonly #estimator: Estimator;
  readonly #admission: Admission;
  readonly #chainMs: Foresight['chainMs'];

  constructor(snapshot: Snapshot, estimator: Estimator, admission: Admission, chainMs: Foresight['chainMs']) {
    this.#snapshot = snapshot;
    this.#estimator = estimator;
    this.#admission = admission;
    this.#chainMs = chainMs;
  }

  move(wanted: Wanted<Move>): MoveJob {
    return this.#live(wanted, true, undefined);
  }

  /** The same move by way of a third host: there, and on. */
  moveVia({ decision, phase, change }: Wanted<Move>, via: number): [MoveJob, MoveJob] {
    const stop = this.#snapshot.hosts.ids[via]!;
    const there = this.#live({ decision, phase, change: { ...change, to: stop } }, true, undefined);
    const on = this.#live({ decision, phase, change: { ...change, from: stop } }, true, there);
    return [there, on];
  }

  quickMove({ decision, phase, change }: Wanted<Move>): MoveJob {
    return this.#quick({ decision, phase, change }, true);
  }

  switch({ decision, phase, change }: Wanted<PowerSwitch>): SwitchJob {
    return this.#switching({ decision, phase, change }, true);
  }

  /** What is in flight is taken to have just begun: nobody knows better. */
  flight({ vm, from, to, quick }: Flight): MoveJob | undefined {
    const { hosts, vms } = this.#snapshot;
    if (!vms.index.has(vm) || !hosts.index.has(from) || !hosts.index.has(to)) return undefined;
    const wanted = { decision: '', phase: 'repair', change: { kind: 'move', vm, from, to } } as const;
    if (quick === undefined) return this.#live(wanted, false, undefined);
    const job = this.#quick(wanted, false);
    const resumingMs = job.quick?.resumingMs ?? 0;
    return quick === 'saving' ? job : { ...job, durationMs: resumingMs, quick: { savingMs: 0, resumingMs } };
  }

  boots(): SwitchJob[] {
    const { hosts } = this.#snapshot;
    return hosts.ids
      .filter((_, index) => hosts.power[index] === BOOTING)
      .map((host) =>
        this.#switching({ decision: '', phase: 'repair', change: { kind: 'power', host, to: 'on' } }, false),
      );
  }

  #live({ decision, phase, change }: Wanted<Move>, own: boolean, previous: MoveJob | undefined): MoveJob {
    const { vm, from, to } = this.#ends(change);
    const estimate = this.#estimator.live(vm, from, to);
    return {
      kind: 'move',
      own,
      decision,
      phase,
      change,
      passage: this.#admission.passage(change),
      urgency: urgencyOf(phase, change, this.#snapshot),
      chainMs: this.#chainMs.get(vm)?.[previous === undefined ? 0 : 1] ?? 0,
      state: 'waiting',
      startMs: 0,
      endMs: 0,
      after: NONE,
      vm,
      from,
      to,
      estimate,
      durationMs: Math.ceil(estimate.seconds * SECOND),
      previous,
      afterSaved: NONE,
    };
  }

  #quick({ decision, phase, change }: Wanted<Move>, own: boolean): MoveJob {
    const ends = this.#ends(change);
    const { estimate, savingMs, resumingMs } = this.#estimator.quick(ends.vm, ends.from, ends.to);
    const passage = this.#admission.passage(change, 'quick');
    const urgency = urgencyOf(phase, change, this.#snapshot);
    const chainMs = this.#chainMs.get(ends.vm)?.[0] ?? 0;
    const job = {
      kind: 'move' as const,
      own,
      decision,
      phase,
      change,
      passage,
      urgency,
      chainMs,
      ...notStarted(),
      ...ends,
    };
    return {
      ...job,
      estimate,
      durationMs: savingMs + resumingMs,
      previous: undefined,
      afterSaved: [],
      quick: { savingMs, resumingMs },
    };
  }

  #switching({ decision, phase, change }: Wanted<PowerSwitch>, own: boolean): SwitchJob {
    const { hosts, pools } = this.#snapshot;
    const host = hosts.index.get(change.host)!;
    const { bootSeconds, shutdownSeconds } = pools.powerModels[hosts.powerModel[host]!]!;
    const durationMs = Math.ceil((change.to === 'on' ? bootSeconds : shutdownSeconds) * SECOND);
    const passage = this.#admission.passage(change);
    const urgency = urgencyOf(phase, change, this.#snapshot);
    return { kind: 'switch', own, decision, phase, change, passage, urgency, ...notStarted(), host, durationMs };
  }

  #ends({ vm, from, to }: Move): Pick<MoveJob, 'vm' | 'from' | 'to'> {
    const { hosts, vms } = this.#snapshot;
    return { vm: vms.index.get(vm)!, from: hosts.index.get(from)!, to: hosts.index.get(to)! };
  }
}
