import { MINUTE, SECOND } from '../domain/units.ts';

/** How long things may take, and how often they may fail, in datacenter time. */
export interface Patience {
  /** A migration that copies nothing for so long is given up. */
  readonly noProgressMs: number;
  /** A migration that copies and copies is given up after so long per GiB of the guest's memory, at least after one GiB's. */
  readonly msPerGib: number;
  /** A power switch may take so many times what the host's model says, and at least the time below. */
  readonly powerFactor: number;
  readonly powerLeastMs: number;
  readonly mostTries: number;
  /** Before the second try; twice as long before the third. */
  readonly retryAfterMs: number;
  /** After so many failures in a row nothing is migrated from or to a host for a while. */
  readonly failuresInARow: number;
  readonly restMs: number;
  /** What somebody has cancelled is left alone for so long. */
  readonly respectMs: number;
  /** Nothing is begun by what was seen longer ago: a process that stood still knows less than it believes. */
  readonly oldestSightMs: number;
}

export const DEFAULT_PATIENCE: Patience = {
  noProgressMs: 150 * SECOND,
  msPerGib: 800 * SECOND,
  powerFactor: 3,
  powerLeastMs: 10 * MINUTE,
  mostTries: 3,
  retryAfterMs: 30 * SECOND,
  failuresInARow: 3,
  restMs: 10 * MINUTE,
  respectMs: 30 * MINUTE,
  oldestSightMs: 5 * MINUTE,
};
