import type { HostId } from '../domain/host.ts';

/** What migrations of this fleet have taught about those to come. */
export interface Measured {
  /** How many times over what the model says migrations take: in all, and what they carry. */
  readonly secondsFactor: number;
  readonly bytesFactor: number;
  readonly blackoutFactor: number;
  /** The most that one migration was seen to carry while it had the links of its hosts to itself. */
  readonly streamBytesPerS: ReadonlyMap<HostId, number>;
}

export const NOTHING_MEASURED: Measured = {
  secondsFactor: 1,
  bytesFactor: 1,
  blackoutFactor: 1,
  streamBytesPerS: new Map(),
};
