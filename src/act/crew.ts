import type { StepState } from '../domain/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Driver } from '../ports/driver.ts';
import type { StepOutcome } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import type { Gate } from './gate.ts';
import type { Hooking } from './hooking.ts';
import type { Ledger } from './ledger.ts';
import type { Patience } from './patience.ts';
import type { StepBook } from './step-book.ts';
import type { StepRun } from './step-run.ts';
import type { WriteAhead } from './write-ahead.ts';

/** What carrying out a step needs of the executor around it. */
export interface Crew {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly log: Log;
  readonly patience: Patience;
  readonly gate: Gate;
  readonly book: StepBook;
  readonly ledger: Ledger;
  readonly hooking: Hooking;
  readonly writeAhead: WriteAhead;
  readonly started: (run: StepRun, state: StepState) => void;
  readonly ended: (run: StepRun, state: StepOutcome['state'], because: string) => void;
  /** Its state or progress has changed. */
  readonly changed: (run: StepRun) => void;
  /** What waits for it, or at its hosts, is to be looked at again. */
  readonly concern: (run: StepRun) => void;
  readonly settle: () => void;
  readonly settleAfter: (delayMs: number) => void;
  /** Empty as long as anything may be started. */
  readonly stoppedBecause: () => string;
  readonly isPaused: () => boolean;
}
