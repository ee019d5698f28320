import type { Step } from '../domain/plan.ts';

/** What a migration was expected to take, and what it took. */
export interface LedgerEntry {
  readonly step: string;
  readonly atMs: number;
  readonly predictedSeconds: number;
  readonly realisedSeconds: number;
  readonly predictedBytes: number;
  readonly realisedBytes: number;
  readonly predictedBlackoutMs: number;
  readonly realisedBlackoutMs: number;
}

const MOST_ENTRIES = 500;

/** The last migrations that were carried out, oldest first. */
export class Ledger {
  readonly #entries: LedgerEntry[] = [];

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  record({ id, migration }: Step, realised: Realised, atMs: number): void {
    if (migration === undefined) return;
    this.#entries.push({
      step: id,
      atMs,
      predictedSeconds: migration.seconds,
      realisedSeconds: realised.seconds,
      predictedBytes: migration.bytes,
      realisedBytes: realised.bytes,
      predictedBlackoutMs: migration.blackoutMs,
      realisedBlackoutMs: realised.blackoutMs,
    });
    if (this.#entries.length > MOST_ENTRIES) this.#entries.shift();
  }
}

interface Realised {
  readonly seconds: number;
  readonly bytes: number;
  readonly blackoutMs: number;
}
