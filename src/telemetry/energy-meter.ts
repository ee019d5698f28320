import { SECOND } from '../domain/units.ts';

export interface Energy {
  readonly drawnJoules: number;
  readonly savedJoules: number;
}

interface Reading {
  readonly atMs: number;
  readonly watts: number;
  readonly savedWatts: number;
}

/** Adds up power over datacenter time; between two readings power is taken to change evenly. */
export class EnergyMeter {
  #last: Reading | undefined;

  /** What was drawn and saved since the reading before. Readings out of order add nothing. */
  read(reading: Reading): Energy {
    const last = this.#last;
    if (last !== undefined && reading.atMs <= last.atMs) return { drawnJoules: 0, savedJoules: 0 };
    this.#last = reading;
    if (last === undefined) return { drawnJoules: 0, savedJoules: 0 };
    const seconds = (reading.atMs - last.atMs) / SECOND;
    return {
      drawnJoules: ((last.watts + reading.watts) / 2) * seconds,
      savedJoules: ((last.savedWatts + reading.savedWatts) / 2) * seconds,
    };
  }
}
