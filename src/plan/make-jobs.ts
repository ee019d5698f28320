import type { Move, PowerSwitch } from '../domain/change.ts';
import { BOOTING } from '../domain/power.ts';
import type { Limits } from '../domain/profile.ts';
import type { Flight, Snapshot } from '../domain/snapshot.ts';
import { SECOND } from '../domain/units.ts';
import { estimateMove, streamsAt } from './estimate.ts';
import type { MoveJob, SwitchJob, Wanted } from './jobs.ts';
import { notStarted } from './jobs.ts';

/** Makes jobs of what is wanted and of what is already under way, each with how long it will take. */
export class JobMaker {
  readonly #snapshot: Snapshot;
  readonly #limits: Limits;
  /** Migrations per host, at either end: those that may have to share its network. */
  readonly #migrationsAt: Int32Array;

  constructor(snapshot: Snapshot, limits: Limits, moves: readonly Wanted<Move>[]) {
    this.#snapshot = snapshot;
    this.#limits = limits;
    this.#migrationsAt = new Int32Array(snapshot.hosts.ids.length);
    for (const { change } of moves) {
      this.#migrationsAt[this.#host(change.from)]! += 1;
      this.#migrationsAt[this.#host(change.to)]! += 1;
    }
  }

  move(wanted: Wanted<Move>): MoveJob {
    return this.#migration(wanted, true, undefined);
  }

  /** The same move by way of a third host: there, and on. */
  moveVia({ decision, phase, change }: Wanted<Move>, via: number): [MoveJob, MoveJob] {
    const stop = this.#snapshot.hosts.ids[via]!;
    const there = this.#migration({ decision, phase, change: { ...change, to: stop } }, true, undefined);
    const on = this.#migration({ decision, phase, change: { ...change, from: stop } }, true, there);
    return [there, on];
  }

  switch({ decision, phase, change }: Wanted<PowerSwitch>): SwitchJob {
    return this.#switching({ decision, phase, change }, true);
  }

  /** What is in flight is taken to have just begun: nobody knows better. */
  flight({ vm, from, to }: Flight): MoveJob | undefined {
    const { hosts, vms } = this.#snapshot;
    if (!vms.index.has(vm) || !hosts.index.has(from) || !hosts.index.has(to)) return undefined;
    return this.#migration({ decision: '', phase: 'repair', change: { kind: 'move', vm, from, to } }, false, undefined);
  }

  boots(): SwitchJob[] {
    const { hosts } = this.#snapshot;
    return hosts.ids
      .filter((_, index) => hosts.power[index] === BOOTING)
      .map((host) =>
        this.#switching({ decision: '', phase: 'repair', change: { kind: 'power', host, to: 'on' } }, false),
      );
  }

  #migration(wanted: Wanted<Move>, own: boolean, previous: MoveJob | undefined): MoveJob {
    const { change } = wanted;
    const vm = this.#snapshot.vms.index.get(change.vm)!;
    const from = this.#host(change.from);
    const to = this.#host(change.to);
    const estimate = estimateMove(this.#snapshot, vm, Math.min(this.#streamBytesPerS(from), this.#streamBytesPerS(to)));
    const durationMs = Math.ceil(estimate.seconds * SECOND);
    return { ...wanted, ...notStarted(), kind: 'move', own, vm, from, to, estimate, durationMs, previous };
  }

  #switching(wanted: Wanted<PowerSwitch>, own: boolean): SwitchJob {
    const { hosts, pools } = this.#snapshot;
    const host = this.#host(wanted.change.host);
    const { bootSeconds, shutdownSeconds } = pools.powerModels[hosts.powerModel[host]!]!;
    const seconds = wanted.change.to === 'on' ? bootSeconds : shutdownSeconds;
    return { ...wanted, ...notStarted(), kind: 'switch', own, host, durationMs: Math.ceil(seconds * SECOND) };
  }

  #streamBytesPerS(host: number): number {
    return this.#snapshot.hosts.migrationBytesPerS[host]! / streamsAt(this.#limits, this.#migrationsAt[host]!);
  }

  #host(id: string): number {
    return this.#snapshot.hosts.index.get(id)!;
  }
}
