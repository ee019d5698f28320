import type { Move } from '../domain/change.ts';
import type { HostId } from '../domain/host.ts';
import type { MigrationMeasured, Step } from '../domain/plan.ts';
import type { Measured } from '../plan/measured.ts';
import { NOTHING_MEASURED } from '../plan/measured.ts';

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

interface Realised extends MigrationMeasured {
  /** Realised by modelled, whatever the prediction had been corrected to. */
  readonly ratios: Readonly<Record<keyof MigrationMeasured, number>>;
  readonly move: Move;
  /** Nobody else used the links of its hosts meanwhile. */
  readonly wasAlone: boolean;
}

const MOST_ENTRIES = 500;
/** So many measurements weigh as much as the model's own word. */
const MODEL_WEIGHT = 5;
/** What is off by more than this is an accident and no lesson. */
const MOST_FACTOR = 5;

/** The last migrations that were carried out, oldest first, and what they teach. */
export class Ledger {
  readonly #entries: LedgerEntry[] = [];
  readonly #realised: Realised[] = [];
  #measured: Measured | undefined;

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  get measured(): Measured {
    this.#measured ??= this.#realised.length === 0 ? NOTHING_MEASURED : this.#sumUp();
    return this.#measured;
  }

  record({ id, migration, change }: Step, realised: MigrationMeasured, wasAlone: boolean, atMs: number): void {
    if (migration === undefined || change.kind !== 'move') return;
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
    const model = migration.modelled ?? migration;
    const ratios = {
      seconds: realised.seconds / model.seconds,
      bytes: realised.bytes / model.bytes,
      blackoutMs: realised.blackoutMs / model.blackoutMs,
    };
    const { seconds, bytes, blackoutMs } = realised;
    this.#realised.push({ seconds, bytes, blackoutMs, ratios, move: change, wasAlone });
    if (this.#entries.length > MOST_ENTRIES) this.#entries.shift();
    if (this.#realised.length > MOST_ENTRIES) this.#realised.shift();
    this.#measured = undefined;
  }

  #sumUp(): Measured {
    const factor = (key: keyof MigrationMeasured) => correction(this.#realised.map(({ ratios }) => ratios[key]));
    const streamBytesPerS = new Map<HostId, number>();
    for (const { move, bytes, seconds, wasAlone } of this.#realised) {
      if (!wasAlone || !(seconds > 0)) continue;
      for (const host of [move.from, move.to]) {
        streamBytesPerS.set(host, Math.max(streamBytesPerS.get(host) ?? 0, bytes / seconds));
      }
    }
    return {
      secondsFactor: factor('seconds'),
      bytesFactor: factor('bytes'),
      blackoutFactor: factor('blackoutMs'),
      streamBytesPerS,
    };
  }
}

/** The middle of what was measured, believed the more the more there is of it. */
function correction(ratios: readonly number[]): number {
  const usable = ratios.filter((ratio) => ratio > 0 && Number.isFinite(ratio)).sort((a, b) => a - b);
  if (usable.length === 0) return 1;
  const middle = Math.log(usable[Math.floor(usable.length / 2)]!);
  const believed = Math.exp((middle * usable.length) / (usable.length + MODEL_WEIGHT));
  return Math.min(MOST_FACTOR, Math.max(1 / MOST_FACTOR, believed));
}
