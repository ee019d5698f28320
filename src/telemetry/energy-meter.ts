import { SECOND } from '../domain/units.ts';

export type Watts = readonly number[];

interface Reading {
  readonly atMs: number;
  readonly watts: Watts;
}

/** Adds up powers over datacenter time; between two readings each is taken to change evenly. */
export class EnergyMeter {
  #last: Reading | undefined;

  /** Joules of each power since the reading before. Readings out of order add nothing. */
  read(reading: Reading): number[] {
    const last = this.#last;
    const nothing = reading.watts.map(() => 0);
    if (last !== undefined && reading.atMs <= last.atMs) return nothing;
    this.#last = reading;
    if (last === undefined) return nothing;
    const seconds = (reading.atMs - last.atMs) / SECOND;
    return reading.watts.map((watts, i) => ((last.watts[i]! + watts) / 2) * seconds);
  }
}
