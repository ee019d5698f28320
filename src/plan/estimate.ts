import type { Move } from '../domain/change.ts';
import type { MigrationEstimate } from '../domain/plan.ts';
import { estimateLive, estimateQuick } from '../domain/precopy.ts';
import type { Limits } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { SECOND } from '../domain/units.ts';
import { capBytesPerS, slotsOf, streamsToFill } from './host-limits.ts';
import type { Measured } from './measured.ts';

/** A quick migration, waiting for room apart. */
export interface QuickEstimate {
  readonly estimate: MigrationEstimate;
  readonly savingMs: number;
  readonly resumingMs: number;
}

/** How long migrations take: by the model, at the bandwidth that each can have, corrected by what was measured. */
export class Estimator {
  readonly #snapshot: Snapshot;
  readonly #limits: Limits;
  readonly #measured: Measured;
  /** Migrations per host, at either end: those that may have to share its network. */
  readonly #migrationsAt: Int32Array;
  readonly #streams: Float64Array;

  constructor(snapshot: Snapshot, limits: Limits, measured: Measured, moves: readonly Move[]) {
    const { hosts } = snapshot;
    this.#snapshot = snapshot;
    this.#limits = limits;
    this.#measured = measured;
    this.#migrationsAt = new Int32Array(hosts.ids.length);
    for (const { from, to } of moves) {
      for (const host of [from, to]) this.#migrationsAt[hosts.index.get(host)!]! += 1;
    }
    this.#streams = Float64Array.from(hosts.ids, (_, host) => this.#streamsAt(host));
  }

  live(vm: number, from: number, to: number): MigrationEstimate {
    const bytesPerS = Math.min(this.#streamBytesPerS(from), this.#streamBytesPerS(to), this.#cap(from, to));
    return this.#corrected(estimateLive(this.#snapshot, vm, bytesPerS));
  }

  quick(vm: number, from: number, to: number): QuickEstimate {
    const cap = this.#cap(from, to);
    const [saving, resuming] = [from, to].map((host) => Math.min(this.#streamBytesPerS(host), cap));
    const { savingSeconds, resumingSeconds, bytes } = estimateQuick(this.#snapshot, vm, saving!, resuming!);
    const seconds = savingSeconds + resumingSeconds;
    const blackoutMs = seconds * SECOND;
    const estimate = this.#corrected({ seconds, bytes, rounds: 1, blackoutMs, converges: true });
    const msOf = (modelSeconds: number) => Math.ceil(modelSeconds * this.#measured.secondsFactor * SECOND);
    return { estimate, savingMs: msOf(savingSeconds), resumingMs: msOf(resumingSeconds) };
  }

  #corrected(model: MigrationEstimate): MigrationEstimate {
    const { secondsFactor, bytesFactor, blackoutFactor } = this.#measured;
    if (secondsFactor === 1 && bytesFactor === 1 && blackoutFactor === 1) return model;
    return {
      ...model,
      seconds: model.seconds * secondsFactor,
      bytes: model.bytes * bytesFactor,
      blackoutMs: model.blackoutMs * blackoutFactor,
      modelled: { seconds: model.seconds, bytes: model.bytes, blackoutMs: model.blackoutMs },
    };
  }

  #cap(from: number, to: number): number {
    const { ids } = this.#snapshot.hosts;
    return capBytesPerS(this.#limits, { from: ids[from]!, to: ids[to]! });
  }

  #streamBytesPerS(host: number): number {
    return this.#snapshot.hosts.migrationBytesPerS[host]! / this.#streams[host]!;
  }

  /** How many migrations share the host's network, where there is no limit all that are to take part in one there. */
  #streamsAt(host: number): number {
    const { ids, migrationBytesPerS } = this.#snapshot.hosts;
    const id = ids[host]!;
    const slots = slotsOf(
      this.#limits,
      id,
      streamsToFill(this.#limits, id, migrationBytesPerS[host]!, this.#measured),
    ).link;
    const migrations = this.#migrationsAt[host]!;
    return Math.max(1, slots === 0 ? migrations : Math.min(slots, migrations));
  }
}
