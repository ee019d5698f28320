import type { HostId } from '../domain/host.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { MigrationMeasured, Step } from '../domain/plan.ts';
import type { Measured } from '../plan/measured.ts';
import { NOTHING_MEASURED } from '../plan/measured.ts';

export const MOST_ENTRIES = 500;
/** So many measurements weigh as much as the model's own word. */
const MODEL_WEIGHT = 5;
/** What is off by more than this is an accident and no lesson. */
const MOST_FACTOR = 5;

/** The last migrations that were carried out, oldest first, and what they teach. */
export class Ledger {
  readonly #entries: LedgerEntry[];
  #measured: Measured | undefined;

  /** What is known from earlier lives, oldest first. */
  constructor(entries: readonly LedgerEntry[] = []) {
    this.#entries = entries.slice(-MOST_ENTRIES);
  }

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  get measured(): Measured {
    this.#measured ??= this.#entries.length === 0 ? NOTHING_MEASURED : this.#sumUp();
    return this.#measured;
  }

  add(entry: LedgerEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > MOST_ENTRIES) this.#entries.shift();
    this.#measured = undefined;
  }

  #sumUp(): Measured {
    const factor = (key: keyof MigrationMeasured) =>
      correction(this.#entries.map(({ realised, modelled }) => realised[key] / modelled[key]));
    const streamBytesPerS = new Map<HostId, number>();
    for (const { move, realised, wasAlone } of this.#entries) {
      const { bytes, seconds } = realised;
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

/** What the ledger keeps of a migration; nothing of one that nobody made an estimate of. */
export function ledgerEntry(
  { id, migration, change }: Step,
  { seconds, bytes, blackoutMs }: MigrationMeasured,
  wasAlone: boolean,
  atMs: number,
): LedgerEntry | undefined {
  if (migration === undefined || change.kind !== 'move') return undefined;
  const predicted = {
    seconds: migration.seconds,
    bytes: migration.bytes,
    blackoutMs: migration.blackoutMs,
  };
  const realised = { seconds, bytes, blackoutMs };
  return { step: id, atMs, move: change, predicted, modelled: migration.modelled ?? predicted, realised, wasAlone };
}

/** The middle of what was measured, believed the more the more there is of it. */
function correction(ratios: readonly number[]): number {
  const usable = ratios.filter((ratio) => ratio > 0 && Number.isFinite(ratio)).sort((a, b) => a - b);
  if (usable.length === 0) return 1;
  const middle = Math.log(usable[Math.floor(usable.length / 2)]!);
  const believed = Math.exp((middle * usable.length) / (usable.length + MODEL_WEIGHT));
  return Math.min(MOST_FACTOR, Math.max(1 / MOST_FACTOR, believed));
}
