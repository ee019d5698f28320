import type { Move } from '../domain/change.ts';
import type { Hook } from '../domain/hook.ts';
import type { MigrationMeasured } from '../domain/plan.ts';
import { SECOND } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';
import { capBytesPerS } from '../plan/host-limits.ts';
import type { Migration, MigrationEnd } from '../ports/driver.ts';
import type { StepOutcome } from '../ports/journal.ts';
import type { Crew } from './crew.ts';
import { Halt } from './halt.ts';
import type { HookErrand } from './hooking.ts';
import { ledgerEntry } from './ledger.ts';
import { migrate } from './migrating.ts';
import { hostsOf } from './step-book.ts';
import type { MovingEnd, StepRun } from './step-run.ts';

type Outcome = Pick<StepOutcome, 'state' | 'because'>;

const CANCELLED: MigrationEnd = { state: 'cancelled' };

/** As long as hooks prepare a migration, cancelling it ends them. */
const cancelledBy = (halt: Halt): Migration => ({
  ended: Promise.resolve(CANCELLED),
  cancel: () => {
    halt.ask();
    return true;
  },
});

/** Carries moves out, and tries again what failed: later each time, and elsewhere where it only has to get away. */
export class Moving {
  readonly #crew: Crew;
  /** Migrations that met others on the link of a host. */
  readonly #inCompany = new Set<StepRun>();

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  async start(run: StepRun, move: Move): Promise<void> {
    const { gate, hooking, started, settle } = this.#crew;
    const hooks = hooking.around(move.vm);
    gate.moveStarts(move, run.how);
    started(run, 'preparing');
    if (hooks.length === 0) {
      const end = await this.#migrate(run, move);
      this.#conclude(run, move, this.#migrated(run, move, end, true));
    } else await this.#startHooked(run, move, hooks);
    settle();
  }

  /** Its hosts' tokens are held while hooks prepare it, so that a guest whose sessions were drained moves at once. */
  async #startHooked(run: StepRun, move: Move, hooks: readonly Hook[]): Promise<void> {
    const { clock, hooking, settle, concern, changed } = this.#crew;
    const tell = (because: string) => {
      run.tell(because);
      changed(run);
    };
    const halt = new Halt();
    const owed: HookErrand[] = [];
    run.migration = cancelledBy(halt);
    run.hookedUntilMs = Infinity;
    const trouble = await hooking.before(hooks, move, run.orderId, owed, halt, tell);
    run.migration = undefined;
    run.hookedUntilMs = clock.nowMs();
    tell('');
    const refusal = this.#refusal(run, move, halt, trouble);
    const outcome = this.#migrated(run, move, refusal ?? (await this.#migrate(run, move)), refusal === undefined);
    run.isOver = true;
    if (run.canBecome('finishing')) run.become('finishing', clock.nowMs());
    concern(run);
    settle();
    await hooking.after(owed, outcome.state, tell);
    this.#conclude(run, move, outcome);
  }

  /** How it ends without having begun; nothing when it may begin. */
  #refusal(run: StepRun, move: Move, halt: Halt, trouble: string | undefined): MigrationEnd | undefined {
    const stopped = this.#crew.stoppedBecause();
    if (stopped !== '' && !halt.isAsked) run.cancelledBecause = stopped;
    if (stopped !== '' || halt.isAsked) return CANCELLED;
    if (!run.isWanted) run.cancelledBecause = 'no longer wanted';
    if (!run.isWanted) return CANCELLED;
    const because = trouble ?? this.#crew.gate.lapsed(move);
    return because === undefined ? undefined : { state: 'failed', because };
  }

  #migrate(run: StepRun, move: Move): Promise<MovingEnd> {
    const { driver, clock, patience, gate, changed } = this.#crew;
    this.#noteCompany(run, move);
    return migrate(run, move, {
      driver,
      clock,
      patience,
      guest: gate.now.guest(move.vm),
      mostBytesPerS: capBytesPerS(gate.tokens.limits, move),
      changed: () => changed(run),
      saved: () => this.#isSaved(run, move),
    });
  }

  #noteCompany(run: StepRun, move: Move): void {
    const hosts = new Set([move.from, move.to]);
    for (const other of this.#crew.book.active) {
      if (other === run || other.step.change.kind !== 'move') continue;
      if (hostsOf(other.step.change).some((host) => hosts.has(host))) this.#inCompany.add(other).add(run);
    }
  }

  #isSaved(run: StepRun, move: Move): void {
    this.#crew.gate.now.guestSaved(move);
    this.#crew.concern(run);
    this.#crew.settle();
  }

  /** Gives back what it held, and takes note of how it went; not sent: its driver never heard of it. */
  #migrated(run: StepRun, move: Move, end: MovingEnd, wasSent: boolean): Outcome {
    const { clock, gate, writeAhead } = this.#crew;
    const nowMs = clock.nowMs();
    const outcome = run.outcomeOf(end);
    const { state, because } = outcome;
    gate.moveEnds(move, state === 'done', nowMs);
    writeAhead.end(run.orderId, state, because);
    const wasAlone = !this.#inCompany.delete(run);
    if (end.state === 'done') this.#learn(run, end, wasAlone);
    if (state === 'done') gate.wentWell(move);
    if (state === 'failed' && wasSent && !run.goesQuicklyNext) this.#noteFailure(move, nowMs);
    if (state === 'cancelled' && run.wasCancelledBySomebody) gate.setbacks.cancelled(move, nowMs);
    return outcome;
  }

  #conclude(run: StepRun, move: Move, { state, because }: Outcome): void {
    const { clock, gate, patience, stoppedBecause, ended } = this.#crew;
    const mayTry = run.isWanted && !run.isOutOfTries && run.tries < patience.mostTries && stoppedBecause() === '';
    if (state === 'failed' && mayTry) this.#tryAgain(run, move, because);
    else {
      if (state === 'failed') gate.setbacks.failed(move, clock.nowMs());
      ended(run, state, because);
    }
  }

  #learn(run: StepRun, measured: MigrationMeasured, wasAlone: boolean): void {
    const { clock, ledger, writeAhead } = this.#crew;
    run.measure(measured);
    const entry = run.how === 'live' ? ledgerEntry(run.step, measured, wasAlone, clock.nowMs()) : undefined;
    if (entry === undefined) return;
    ledger.add(entry);
    writeAhead.migrated(entry);
  }

  #noteFailure(move: Move, nowMs: number): void {
    const { gate, log, patience, settleAfter } = this.#crew;
    for (const host of gate.failed(move, nowMs)) {
      log.warn(`${host} rests for ${spanWords(patience.restMs)}: migrations failed there in a row`);
      settleAfter(patience.restMs);
    }
  }

  #tryAgain(run: StepRun, move: Move, because: string): void {
    const { book, clock, gate, patience, changed, concern, settleAfter } = this.#crew;
    const delayMs = run.goesQuicklyNext ? SECOND : patience.retryAfterMs * 2 ** (run.tries - 1);
    const elsewhere = run.goesQuicklyNext || book.isFollowed(run) ? undefined : gate.otherTarget(run.step, move);
    const where = elsewhere === undefined ? '' : `, to ${elsewhere} next`;
    book.leave(run);
    run.queueAgain(`${because}${where}`, clock.nowMs(), delayMs);
    if (elsewhere !== undefined) run.step = { ...run.step, change: { ...move, to: elsewhere } };
    book.requeued(run);
    concern(run);
    changed(run);
    settleAfter(delayMs);
  }
}
