import type { MigrationProgress } from '../../domain/plan.ts';
import { SECOND } from '../../domain/units.ts';
import type { Clock, Stop } from '../../ports/clock.ts';
import type { MigrationEnd, MigrationOrder, MigrationState } from '../../ports/driver.ts';
import type { DomainEvent } from './events.ts';
import type { Sighting } from './host-link.ts';
import type { JobStats } from './hypervisor.ts';
import { numberOf } from './typed-parameters.ts';

/** A migration from its order to its end, of whichever kind. */
export interface Run {
  readonly order: MigrationOrder;
  /** Its guest while no host lists it: saved, and not resumed yet. */
  readonly saved: Sighting | undefined;
  carryOut(): Promise<MigrationEnd>;
  cancel(): boolean;
  /** Moves the guest now and its memory after it. */
  startPostCopy(): boolean;
  /** Looks after it no longer; the hosts go on by themselves. */
  abandon(because: string): void;
  /** What the source says of its VM. */
  hear(event: DomainEvent): void;
}

export type Progressed = (state: MigrationState, progress: MigrationProgress) => void;

const STATES: readonly MigrationState[] = ['preparing', 'copying', 'switching', 'finishing'];
const LOOK_EVERY_MS = SECOND / 2;

/** How far a migration is, told as it goes; and its waits, which end with it. */
export class RunCourse {
  readonly #clock: Clock;
  readonly #progressed: Progressed;
  readonly #stops = new Set<Stop>();
  #state: MigrationState = 'preparing';
  #progress: MigrationProgress = { round: 0, copiedBytes: 0, remainingBytes: 0, bytesPerS: 0 };
  #isOver = false;

  constructor(clock: Clock, progressed: Progressed) {
    this.#clock = clock;
    this.#progressed = progressed;
  }

  get state(): MigrationState {
    return this.#state;
  }

  get progress(): MigrationProgress {
    return this.#progress;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
    for (const stop of this.#stops) stop();
  }

  /** States only go on: what is told late does not turn them back. */
  become(state: MigrationState, progress = this.#progress): void {
    if (this.#isOver) return;
    if (STATES.indexOf(state) > STATES.indexOf(this.#state)) this.#state = state;
    this.#progress = progress;
    this.#progressed(this.#state, progress);
  }

  /** Looks at the job until the end. */
  follow(askJob: () => Promise<JobStats>): void {
    this.#after(LOOK_EVERY_MS, () => {
      askJob()
        .then((job) => this.#see(job))
        .catch(() => undefined)
        .finally(() => {
          if (!this.#isOver) this.follow(askJob);
        });
    });
  }

  pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#after(ms, resolve);
    return promise;
  }

  #see({ isRunning, values }: JobStats): void {
    if (!isRunning || this.#isOver) return;
    const copiedBytes = numberOf(values, 'memory_processed') ?? 0;
    const progress = {
      round: Math.max(this.#progress.round, numberOf(values, 'memory_iteration') ?? 0),
      copiedBytes: Math.max(this.#progress.copiedBytes, copiedBytes),
      remainingBytes: numberOf(values, 'memory_remaining') ?? 0,
      bytesPerS: numberOf(values, 'memory_bps') ?? 0,
    };
    this.become(copiedBytes > 0 ? 'copying' : this.#state, progress);
  }

  #after(ms: number, call: () => void): void {
    const stop = this.#clock.after(ms, () => {
      this.#stops.delete(stop);
      call();
    });
    this.#stops.add(stop);
  }
}
