import type { HostId } from '../domain/host.ts';
import { MINUTE } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';
import type { Clock } from '../ports/clock.ts';
import type { Gate } from './gate.ts';
import type { Judgement } from './judge.ts';
import { hostsOf } from './step-book.ts';
import type { StepRun } from './step-run.ts';

/**
 * Who is to start first. What waits becomes more urgent with time; what has waited longer than the most urgent ever
 * would is next at its hosts: nobody else takes the tokens there that it waits for, so that nothing starves.
 */
export class Line {
  readonly #gate: Gate;
  readonly #clock: Clock;
  readonly #next = new Map<HostId, StepRun>();

  constructor(gate: Gate, clock: Clock) {
    this.#gate = gate;
    this.#clock = clock;
  }

  sorted(runs: Iterable<StepRun>): StepRun[] {
    const ranked = [...runs].map((run) => ({ run, rank: this.#rank(run) }));
    return ranked.sort((a, b) => a.rank - b.rank || a.run.place - b.run.place).map(({ run }) => run);
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
