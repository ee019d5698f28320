import { changeKey } from '../domain/change.ts';
import type { MigrationMeasured, MigrationProgress, Step, StepState, StepStatus } from '../domain/plan.ts';
import { ENDED } from '../domain/plan.ts';
import { MINUTE } from '../domain/units.ts';
import type { Migration, MigrationEnd } from '../ports/driver.ts';
import type { StepOutcome } from '../ports/journal.ts';

/** What may follow each state. A step that failed may be queued for a second try. */
const NEXT: Readonly<Record<StepState, readonly StepState[]>> = {
  queued: ['preparing', 'running', 'done', 'overtaken', 'failed', 'cancelled'],
  preparing: ['copying', 'switching', 'finishing', 'done', 'overtaken', 'failed', 'cancelled', 'queued'],
  copying: ['switching', 'finishing', 'done', 'overtaken', 'failed', 'cancelled', 'queued'],
  switching: ['finishing', 'done', 'overtaken', 'failed', 'cancelled', 'queued'],
  finishing: ['done', 'overtaken', 'failed', 'cancelled', 'queued'],
  running: ['done', 'overtaken', 'failed', 'cancelled'],
  done: [],
  overtaken: [],
  failed: [],
  cancelled: [],
};

const LATE_TIMES = 2;
const LATE_AT_LEAST_MS = MINUTE;

/** Found: the driver never said how it ended, but the guest is on its target, and nothing is on the way any more. */
export type MovingEnd = MigrationEnd | { readonly state: 'found' };

/** One step on its way through its states. */
export class StepRun {
  readonly plan: string;
  step: Step;
  /** Its place in the queue. */
  place = 0;
  tries = 0;
  /** It waits at least until then: a second try does not follow at once. */
  notBeforeMs = 0;
  /** Why the try before failed. */
  lastTrouble = '';
  migration: Migration | undefined;
  /** Why somebody had it cancelled, once it is being. */
  cancelledBecause = '';
  isCancelledByPerson = false;
  /** When it first came into the queue: what waits for long becomes more urgent. */
  queuedAtMs = 0;
  /** False: it must not be commanded any more if it has not been, nor tried again. */
  isWanted = true;
  /** Why it is being given up for lack of progress, once it is: it then counts as failed. */
  gaveUpBecause = '';
  /** Another try would be in vain. */
  isOutOfTries = false;
  how: 'live' | 'quick';
  /** The next try saves the guest instead of copying it while it runs. */
  goesQuicklyNext = false;
  /** Its migration has ended; what is left are the hooks that come after it. */
  isOver = false;
  /** What hooks took before the guest was copied does not count when it is late. */
  hookedUntilMs = 0;
  #state: StepState = 'queued';
  #because = '';
  #isLate = false;
  #startedAtMs: number | null = null;
  #endedAtMs: number | null = null;
  #progress: MigrationProgress | null = null;
  #measured: MigrationMeasured | undefined;

  constructor(step: Step, plan: string) {
    this.step = step;
    this.plan = plan;
    this.how = step.how ?? 'live';
  }

  get key(): string {
    return changeKey(this.step.change);
  }

  /** Of a quick migration: its guest is on no host. */
  get isSaved(): boolean {
    return this.how === 'quick' && !this.isOver && (this.#state === 'switching' || this.#state === 'finishing');
  }

  get state(): StepState {
    return this.#state;
  }

  get startedAtMs(): number | null {
    return this.#startedAtMs;
  }

  get isEnded(): boolean {
    return ENDED.has(this.#state);
  }

  /** Later steps rely on what a step was to bring about, whoever did. */
  get endedWell(): boolean {
    return this.#state === 'done' || this.#state === 'overtaken';
  }

  /** What driver and journal know this try by: each is told a name only once. */
  get orderId(): string {
    return this.tries <= 1 ? this.step.id : `${this.step.id}-try${this.tries}`;
  }

  /** By a person, through Drover or past it: not because Drover itself wanted something else. */
  get wasCancelledBySomebody(): boolean {
    return this.isCancelledByPerson || this.cancelledBecause === '';
  }

  canBecome(state: StepState): boolean {
    return NEXT[this.#state].includes(state);
  }

  become(state: StepState, atMs: number, because = ''): void {
    if (!this.canBecome(state)) throw new Error(`step ${this.step.id} is ${this.#state} and cannot become ${state}`);
    if (this.#state === 'queued' && !ENDED.has(state)) this.#startedAtMs = atMs;
    if (ENDED.has(state)) this.#endedAtMs = atMs;
    if (state === 'queued') this.#startedAtMs = null;
    this.#state = state;
    this.#because = because;
  }

  /** True once: it takes so much longer than planned that the plan no longer tells when things happen. */
  isNewlyLate(nowMs: number): boolean {
    const { startsAtMs, endsAtMs } = this.step;
    const begunAtMs = Math.max(this.hookedUntilMs, this.#startedAtMs ?? nowMs);
    const dueMs = begunAtMs + LATE_TIMES * (endsAtMs - startsAtMs) + LATE_AT_LEAST_MS;
    if (this.#isLate || this.isOver || nowMs <= dueMs) return false;
    this.#isLate = true;
    return true;
  }

  /** What a step that is under way waits for. */
  tell(because: string): void {
    this.#because = because;
  }

  /** False: nothing new was copied. */
  advance(progress: MigrationProgress): boolean {
    const before = this.#progress;
    this.#progress = progress;
    return before === null || progress.copiedBytes > before.copiedBytes || progress.round > before.round;
  }

  /** False: there is nothing to cancel, or it is too late. */
  cancel(because: string): boolean {
    if (this.migration?.cancel() !== true) return false;
    this.cancelledBecause = because;
    return true;
  }

  /** Stops it for good or until its next try. False: it is too late for that. */
  giveUp(because: string): boolean {
    if (this.migration?.cancel() !== true) return false;
    this.gaveUpBecause = because;
    return true;
  }

  /** A migration that was stopped for lack of progress has failed; one that somebody stopped was cancelled. */
  outcomeOf(end: MovingEnd): Pick<StepOutcome, 'state' | 'because'> {
    if (end.state === 'done') return { state: 'done', because: '' };
    if (end.state === 'found') return { state: 'done', because: 'found done: its driver never said how it ended' };
    if (end.state === 'failed') return { state: 'failed', because: end.because };
    if (this.cancelledBecause !== '') return { state: 'cancelled', because: this.cancelledBecause };
    if (this.gaveUpBecause !== '') return { state: 'failed', because: this.gaveUpBecause };
    return { state: 'cancelled', because: 'cancelled by somebody else' };
  }

  /** What its migration really took, as its driver measured it. */
  measure({ seconds, bytes, blackoutMs }: MigrationMeasured): void {
    this.#measured = { seconds, bytes, blackoutMs };
  }

  queueAgain(because: string, atMs: number, delayMs: number): void {
    this.become('queued', atMs, because);
    this.lastTrouble = because;
    this.notBeforeMs = atMs + delayMs;
    this.migration = undefined;
    this.gaveUpBecause = '';
    this.isOver = false;
    if (this.goesQuicklyNext) this.how = 'quick';
    this.goesQuicklyNext = false;
    this.#progress = null;
  }

  status(because = this.#because): StepStatus {
    return {
      step: this.step,
      plan: this.plan,
      state: this.#state,
      because,
      startedAtMs: this.#startedAtMs,
      endedAtMs: this.#endedAtMs,
      progress: this.#progress,
      ...(this.#measured !== undefined && { measured: this.#measured }),
    };
  }
}
