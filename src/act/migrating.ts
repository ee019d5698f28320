import type { Move } from '../domain/change.ts';
import type { MigrationProgress } from '../domain/plan.ts';
import { GIB } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Driver, MigrationState } from '../ports/driver.ts';
import { LIVE_ONLY } from '../ports/driver.ts';
import { Convergence } from './convergence.ts';
import type { Guest } from './datacenter-now.ts';
import type { Patience } from './patience.ts';
import type { MovingEnd, StepRun } from './step-run.ts';
import { Stopwatch } from './stopwatch.ts';

export interface MigratingParts {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly patience: Patience;
  /** How patient to be, and what may be done to it, depends on the guest. */
  readonly guest: Guest;
  /** Bandwidth that it may take; Infinity: all there is. */
  readonly mostBytesPerS: number;
  /** Called when the run's state or progress has changed. */
  readonly changed: () => void;
  /** Called when the guest of a quick migration is saved, and has left its source. */
  readonly saved: () => void;
}

/** Commands one migration and watches it to its end; whatever the driver does, an end comes back as a value. */
export async function migrate(run: StepRun, move: Move, parts: MigratingParts): Promise<MovingEnd> {
  const watch = new Watch(run, move, parts);
  const { mostBytesPerS } = parts;
  try {
    const { vm, from, to } = move;
    const order = { id: run.orderId, vm, from, to, how: run.how };
    run.migration = parts.driver.migrate(
      { ...order, ...(mostBytesPerS < Infinity && { mostBytesPerS }) },
      (state, progress) => watch.progressed(state, progress),
    );
    return await Promise.race([run.migration.ended, watch.found]);
  } catch (error) {
    return { state: 'failed', because: error instanceof Error ? error.message : String(error) };
  } finally {
    watch.stop();
  }
}

/**
 * Gives a migration up that no longer gets anywhere; what is switching is let go on, it cannot be stopped. When nothing is
 * heard of it even after that, the datacenter is asked what came of it.
 */
class Watch {
  readonly found: Promise<MovingEnd>;
  readonly #run: StepRun;
  readonly #move: Move;
  readonly #hasFound: (end: MovingEnd) => void;
  readonly #parts: MigratingParts;
  readonly #ceilingMs: number;
  readonly #convergence: Convergence;
  readonly #stopwatch: Stopwatch;
  #countsFromMs = 0;
  #lastProgressMs = 0;
  #isOver = false;
  #isGivenUp = false;
  #isAsking = false;
  #stopAlarm: Stop = () => undefined;

  constructor(run: StepRun, move: Move, parts: MigratingParts) {
    const { clock, driver, guest, patience } = parts;
    const { promise, resolve } = Promise.withResolvers<MovingEnd>();
    this.found = promise;
    this.#hasFound = resolve;
    this.#run = run;
    this.#move = move;
    this.#parts = parts;
    this.#ceilingMs = patience.msPerGib * Math.max(1, guest.memoryBytes / GIB);
    this.#convergence = new Convergence(driver.abilities ?? LIVE_ONLY, guest);
    this.#stopwatch = new Stopwatch(clock);
    this.#wait();
  }

  stop(): void {
    this.#isOver = true;
    this.#stopAlarm();
  }

  progressed(state: MigrationState, progress: MigrationProgress): void {
    const { clock, changed, saved } = this.#parts;
    if (this.#isOver) return;
    const isNew = this.#run.advance(progress);
    const isFurther = this.#run.state !== state && this.#run.canBecome(state);
    if (isFurther) this.#run.become(state, clock.nowMs());
    if (isNew || isFurther) this.#lastProgressMs = this.#stopwatch.passedMs;
    if (isFurther && state === 'switching' && this.#run.how === 'quick') saved();
    if (state === 'copying' && this.#run.how === 'live' && this.#convergence.isLost(progress)) this.#hurry();
    changed();
  }

  #wait(): void {
    const { patience } = this.#parts;
    const ceilingMs = this.#countsFromMs + this.#ceilingMs;
    const dueMs = this.#run.isSaved ? ceilingMs : Math.min(this.#lastProgressMs + patience.noProgressMs, ceilingMs);
    this.#stopAlarm = this.#stopwatch.ringAt(dueMs, () => this.#look());
  }

  /** A guest that is saved makes no progress: it waits for others to leave. */
  #look(): void {
    const { patience } = this.#parts;
    const { passedMs } = this.#stopwatch;
    const idleMs = passedMs - this.#lastProgressMs;
    const isIdle = idleMs >= patience.noProgressMs && !this.#run.isSaved;
    const isTooLate = passedMs - this.#countsFromMs >= this.#ceilingMs;
    if (!isIdle && !isTooLate) this.#wait();
    else if (isTooLate && !isIdle && this.#hurry()) this.#beginAnew();
    else {
      if (this.#isGivenUp) void this.#findOut();
      this.#isGivenUp = true;
      this.#run.giveUp(isIdle ? `no progress for ${spanWords(idleMs)}` : this.#tooLongWords());
      this.#stopAlarm = this.#stopwatch.ringAt(passedMs + patience.noProgressMs, () => this.#look());
    }
  }

  async #findOut(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      const { vms, flights } = await this.#parts.driver.inventory();
      const { vm, to } = this.#move;
      if (flights.some((flight) => flight.vm === vm)) return;
      const place = vms.find(({ id }) => id === vm)?.host;
      const where = place === undefined ? 'gone' : `on ${place}`;
      const because = `its driver never said how it ended, and ${vm} is ${where}`;
      this.#hasFound(place === to ? { state: 'found' } : { state: 'failed', because });
    } catch {
      // Whoever reads the inventory for all tells of that outage; here it is asked again at the next look.
    } finally {
      this.#isAsking = false;
    }
  }

  #beginAnew(): void {
    this.#countsFromMs = this.#stopwatch.passedMs;
    this.#wait();
  }

  #tooLongWords(): string {
    const long = `not done after ${spanWords(this.#ceilingMs)}`;
    return this.#run.isSaved
      ? `${long}: no room has come for the guest that is saved`
      : `${long}: the guest writes faster than it can be copied`;
  }

  /** By the next means that driver and guest allow. False: there is none left. */
  #hurry(): boolean {
    const means = this.#convergence.nextMeans();
    if (means === undefined) return false;
    if (means !== 'quick') return this.#run.migration?.hurry?.(means) === true || this.#hurry();
    this.#run.goesQuicklyNext = this.#run.giveUp('the guest writes faster than it can be copied; it is saved instead');
    return this.#run.goesQuicklyNext;
  }
}
