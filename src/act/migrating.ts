import type { Move } from '../domain/change.ts';
import type { MigrationProgress } from '../domain/plan.ts';
import { GIB } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Driver, MigrationEnd, MigrationState } from '../ports/driver.ts';
import type { Patience } from './patience.ts';
import type { StepRun } from './step-run.ts';

export interface MigratingParts {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly patience: Patience;
  /** Of the guest: how patient to be depends on it. */
  readonly memoryBytes: number;
  /** Called when the run's state or progress has changed. */
  readonly changed: () => void;
}

/** Commands one migration and watches it to its end; whatever the driver does, an end comes back as a value. */
export async function migrate(run: StepRun, move: Move, parts: MigratingParts): Promise<MigrationEnd> {
  const watch = new Watch(run, parts);
  try {
    const order = { id: run.orderId, vm: move.vm, from: move.from, to: move.to, how: 'live' } as const;
    run.migration = parts.driver.migrate(order, (state, progress) => watch.progressed(state, progress));
    return await run.migration.ended;
  } catch (error) {
    return { state: 'failed', because: error instanceof Error ? error.message : String(error) };
  } finally {
    watch.stop();
  }
}

/** Gives a migration up that no longer gets anywhere; what is switching is let go on, it cannot be stopped. */
class Watch {
  readonly #run: StepRun;
  readonly #parts: MigratingParts;
  readonly #ceilingMs: number;
  readonly #startedAtMs: number;
  #lastProgressMs: number;
  #isOver = false;
  #stopAlarm: Stop = () => undefined;

  constructor(run: StepRun, parts: MigratingParts) {
    this.#run = run;
    this.#parts = parts;
    this.#ceilingMs = parts.patience.msPerGib * Math.max(1, parts.memoryBytes / GIB);
    this.#startedAtMs = parts.clock.nowMs();
    this.#lastProgressMs = this.#startedAtMs;
    this.#wait();
  }

  stop(): void {
    this.#isOver = true;
    this.#stopAlarm();
  }

  progressed(state: MigrationState, progress: MigrationProgress): void {
    const { clock, changed } = this.#parts;
    if (this.#isOver) return;
    const isNew = this.#run.advance(progress);
    const isFurther = this.#run.state !== state && this.#run.canBecome(state);
    if (isFurther) this.#run.become(state, clock.nowMs());
    if (isNew || isFurther) this.#lastProgressMs = clock.nowMs();
    changed();
  }

  #wait(): void {
    const { clock, patience } = this.#parts;
    const dueMs = Math.min(this.#lastProgressMs + patience.noProgressMs, this.#startedAtMs + this.#ceilingMs);
    this.#stopAlarm = clock.after(Math.max(0, dueMs - clock.nowMs()), () => this.#look());
  }

  #look(): void {
    const { clock, patience } = this.#parts;
    const idleMs = clock.nowMs() - this.#lastProgressMs;
    const because =
      idleMs >= patience.noProgressMs
        ? `no progress for ${spanWords(idleMs)}`
        : `not done after ${spanWords(this.#ceilingMs)}: the guest writes faster than it can be copied`;
    const isTooLate = clock.nowMs() - this.#startedAtMs >= this.#ceilingMs;
    if (idleMs < patience.noProgressMs && !isTooLate) this.#wait();
    else if (this.#run.migration?.cancel()) this.#run.gaveUpBecause = because;
    else this.#stopAlarm = clock.after(patience.noProgressMs, () => this.#look());
  }
}
