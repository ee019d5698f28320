import { HOUR, SECOND } from '../domain/units.ts';
import type { DatacenterEvent } from './events.ts';

/** A move back to where the VM was before its last move undoes it, within this time. Later the world is another one. */
const UNDONE_WITHIN_MS = 4 * HOUR;

/** What was done in a datacenter, counted. */
export interface Tallied {
  readonly liveMigrations: number;
  readonly quickMigrations: number;
  /** Begun, and then failed or cancelled. */
  readonly brokenMigrations: number;
  readonly migratedBytes: number;
  readonly migrationSeconds: number;
  readonly blackoutSeconds: number;
  readonly sessionsMoved: number;
  readonly switchedOff: number;
  readonly failedBoots: number;
  /** Moves that brought a VM back to where it had just come from. */
  readonly oscillations: number;
}

type Counts = { -readonly [K in keyof Tallied]: Tallied[K] };

interface Departure {
  readonly from: string;
  readonly atMs: number;
}

/** Counts what happens, as it happens. */
export class Tally {
  readonly #sessionsOf: (vm: string) => number;
  readonly #departures = new Map<string, Departure>();
  readonly #counts: Counts = {
    liveMigrations: 0,
    quickMigrations: 0,
    brokenMigrations: 0,
    migratedBytes: 0,
    migrationSeconds: 0,
    blackoutSeconds: 0,
    sessionsMoved: 0,
    switchedOff: 0,
    failedBoots: 0,
    oscillations: 0,
  };

  constructor(sessionsOf: (vm: string) => number) {
    this.#sessionsOf = sessionsOf;
  }

  note(event: DatacenterEvent): void {
    if (event.kind === 'vm-moved') this.#noteMove(event);
    else if (event.kind === 'migration-ended') this.#noteEnd(event);
    else if (event.kind === 'host-power' && event.power === 'off') this.#noteOff(event.isBootFailure === true);
  }

  taken(): Tallied {
    return { ...this.#counts };
  }

  #noteMove({ vm, from, to, atMs }: Extract<DatacenterEvent, { kind: 'vm-moved' }>): void {
    const before = this.#departures.get(vm);
    if (before?.from === to && atMs - before.atMs <= UNDONE_WITHIN_MS) this.#counts.oscillations += 1;
    this.#departures.set(vm, { from, atMs });
    this.#counts.sessionsMoved += this.#sessionsOf(vm);
  }

  #noteEnd({ end, how }: Extract<DatacenterEvent, { kind: 'migration-ended' }>): void {
    if (end.state !== 'done') {
      this.#counts.brokenMigrations += 1;
      return;
    }
    if (how === 'live') this.#counts.liveMigrations += 1;
    else this.#counts.quickMigrations += 1;
    this.#counts.migratedBytes += end.bytes;
    this.#counts.migrationSeconds += end.seconds;
    this.#counts.blackoutSeconds += end.blackoutMs / SECOND;
  }

  #noteOff(isBootFailure: boolean): void {
    if (isBootFailure) this.#counts.failedBoots += 1;
    else this.#counts.switchedOff += 1;
  }
}
