import type { Limits } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Measured } from './measured.ts';
import type { NetChanges } from './net-changes.ts';

/** What is to be put in order of time. It holds nothing that is hopeless from the outset. */
export interface Task {
  readonly snapshot: Snapshot;
  readonly wanted: NetChanges;
  readonly limits: Limits;
  readonly measured: Measured;
  /** Which VMs may be saved and resumed elsewhere. */
  readonly mayQuick: (vm: number) => boolean;
}

/** How VMs get out of an impasse: by way of a third host, or quickly. */
export interface Detours {
  readonly stopOvers: ReadonlyMap<number, number>;
  readonly quick: ReadonlySet<number>;
}

/** What can be known of an order in time before there is one. */
export interface Foresight {
  readonly detours: Detours;
  /** Per VM, for each of its moves, how long the longest chain of moves is that begins with it. */
  readonly chainMs: ReadonlyMap<number, readonly number[]>;
}
