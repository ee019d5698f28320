import type { HostId } from '../domain/host.ts';
import { MINUTE } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';
import type { Clock } from '../ports/clock.ts';
import type { Gate } from './gate.ts';
import type { Judgement } from './judge.ts';
import { hostsOf, type StepBook } from './step-book.ts';
import type { StepRun } from './step-run.ts';

/**
 * Who is to start first: the most urgent, and of those whose hosts have the most left to do, whatever was planned, since
 * what migrations really take shows only on the way. What waits becomes more urgent with time; what has waited longer than the most urgent ever
 * would is next at its hosts: nobody else takes the tokens there that it waits for, so that nothing starves.
 */
export class Line {
  readonly #gate: Gate;
  readonly #book: StepBook;
  readonly #clock: Clock;
  readonly #next = new Map<HostId, StepRun>();

  constructor(gate: Gate, book: StepBook, clock: Clock) {
    this.#gate = gate;
    this.#book = book;
    this.#clock = clock;
  }

  sorted(runs: Iterable<StepRun>): StepRun[] {
    const ranked = [...runs].map((run) => ({ run, rank: this.#rank(run), pressure: this.#book.pressureOf(run) }));
    return ranked
      .sort((a, b) => a.rank - b.rank || morePressed(a.pressure, b.pressure) || a.run.place - b.run.place)
      .map(({ run }) => run);
  }

  judge(run: StepRun): Judgement {
    const judgement = this.#gate.judge(run.step, run.how, this.#clock.nowMs());
    const hosts = hostsOf(run.step.change);
    if (judgement.kind === 'wait' && judgement.lacks === 'tokens' && this.#rank(run) < 0) {
      for (const host of hosts) if (!this.#next.has(host)) this.#next.set(host, run);
    }
    if (judgement.kind !== 'start') return judgement;
    const host = hosts.find((id) => (this.#next.get(id) ?? run) !== run);
    return host === undefined ? judgement : { kind: 'wait', because: this.#wordsOf(host), lacks: 'tokens' };
  }

  /** It has started, or is over. */
  leave(run: StepRun): void {
    for (const host of hostsOf(run.step.change)) if (this.#next.get(host) === run) this.#next.delete(host);
  }

  #rank(run: StepRun): number {
    const { ageingMinutes } = this.#gate.tokens.limits;
    const waitedMs = this.#clock.nowMs() - run.queuedAtMs;
    const aged = ageingMinutes === 0 ? 0 : Math.floor(waitedMs / (ageingMinutes * MINUTE));
    return this.#gate.urgencyOf(run.step) - aged;
  }

  #wordsOf(host: HostId): string {
    const { step, queuedAtMs } = this.#next.get(host)!;
    return `waits for ${host}: step ${step.id} has waited for ${spanWords(this.#clock.nowMs() - queuedAtMs)} and is next there`;
  }
}

/** The host with the most left decides, as in planning: it must not stand idle. */
const morePressed = (a: readonly [number, number], b: readonly [number, number]): number => b[0] - a[0] || b[1] - a[1];
