import type { Move } from '../domain/change.ts';
import { SECOND } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';
import { capBytesPerS } from '../plan/host-limits.ts';
import type { MigrationEnd } from '../ports/driver.ts';
import type { Crew } from './crew.ts';
import { migrate } from './migrating.ts';
import { hostsOf } from './step-book.ts';
import type { StepRun } from './step-run.ts';

/** Carries moves out, and tries again what failed: later each time, and elsewhere where it only has to get away. */
export class Moving {
  readonly #crew: Crew;
  /** Migrations that met others on the link of a host. */
  readonly #inCompany = new Set<StepRun>();

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  async start(run: StepRun, move: Move): Promise<void> {
    const { driver, clock, patience, gate, started, changed, settle } = this.#crew;
    gate.moveStarts(move, run.how);
    started(run, 'preparing');
    this.#noteCompany(run, move);
    const end = await migrate(run, move, {
      driver,
      clock,
      patience,
      guest: gate.now.guest(move.vm),
      mostBytesPerS: capBytesPerS(gate.tokens.limits, move),
      changed: () => changed(run),
      saved: () => this.#isSaved(run, move),
    });
    this.#ended(run, move, end);
    settle();
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

  #ended(run: StepRun, move: Move, end: MigrationEnd): void {
    const { clock, gate, ledger, writeAhead, patience, stoppedBecause, ended } = this.#crew;
    const nowMs = clock.nowMs();
    const { state, because } = run.outcomeOf(end);
    gate.moveEnds(move, end.state === 'done', nowMs);
    writeAhead.end(run.orderId, state, because);
    const wasAlone = !this.#inCompany.delete(run);
    if (end.state === 'done') {
      run.measure(end);
      if (run.how === 'live') ledger.record(run.step, end, wasAlone, nowMs);
    }
    if (state === 'done') gate.wentWell(move);
    if (state === 'failed' && !run.goesQuicklyNext) this.#noteFailure(move, nowMs);
    if (state === 'cancelled' && run.wasCancelledBySomebody) gate.setbacks.cancelled(move, nowMs);
    const mayTry = !run.isOutOfTries && run.tries < patience.mostTries && stoppedBecause() === '';
    const isTriedAgain = state === 'failed' && mayTry;
    if (isTriedAgain) this.#tryAgain(run, move, because);
    else {
      if (state === 'failed') gate.setbacks.failed(move, nowMs);
      ended(run, state, because);
    }
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
