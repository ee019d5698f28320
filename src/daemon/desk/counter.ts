import type { Executor } from '../../act/executor.ts';
import { didYouMean } from '../../config/closest.ts';
import type { DecideInput } from '../../decide/input.ts';
import type { HostId } from '../../domain/host.ts';
import type { Step } from '../../domain/plan.ts';
import type { VmId } from '../../domain/vm.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Confirmation } from '../confirmation.ts';
import type { Planner } from '../course.ts';
import type { Notebook } from '../notebook.ts';
import type { Done, Reply } from '../operator.ts';
import type { Outlook } from '../outlook.ts';
import type { Trials } from '../trials.ts';

export interface DeskParts {
  readonly notebook: Notebook;
  readonly executor: Pick<Executor, 'steps' | 'cancel' | 'pause' | 'resume' | 'clearSuspect'>;
  readonly trials: Pick<Trials, 'begin'>;
  readonly confirmation: Pick<Confirmation, 'confirm' | 'refusal' | 'reject' | 'notWaiting'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly planOf: Planner;
  readonly outlook: Outlook;
  /** Why nothing can be ordered at all; nothing when it can. */
  readonly closedBecause: () => string | undefined;
  /** What a cycle would go by now; nothing before the first snapshot. */
  readonly input: () => DecideInput | undefined;
  /** How long it takes at most until a cycle that was asked for begins. */
  readonly leadMs: () => number;
  /** Hosts and VMs that automatic changes leave in peace for a while, since when. */
  readonly rests: Map<HostId | VmId, number>;
  /** Has the next cycle come soon. */
  readonly hurry: (reason: string) => void;
}

export const refuse = (refusal: string): Reply => ({ refusal });

export const done = (words: string, steps: readonly Step[] = [], endsAtMs: number | null = null): Done => ({
  words,
  steps,
  endsAtMs,
});

/** What all orders have in common: what they are about must be there, and what is written down is not forgotten. */
export class Counter {
  readonly parts: DeskParts;

  constructor(parts: DeskParts) {
    this.parts = parts;
  }

  get nowMs(): number {
    return this.parts.clock.nowMs();
  }

  /** Answers with what is known now, or says why nothing can be said. */
  withInput(answer: (input: DecideInput) => Reply): Reply {
    const closed = this.parts.closedBecause();
    if (closed !== undefined) return refuse(`this cannot be done now: ${closed}`);
    const input = this.parts.input();
    return input === undefined ? refuse('this cannot be done yet: no snapshot has been taken') : answer(input);
  }

  about(host: HostId, answer: (input: DecideInput, index: number) => Reply): Reply {
    return this.withInput((input) => {
      const { index, ids } = input.snapshot.hosts;
      const known = index.get(host);
      if (known === undefined) return refuse(`there is no host ${host}${didYouMean(host, ids)}`);
      return answer(input, known);
    });
  }

  /** Has it written down, unless it is only tried; what cannot be written down is not promised. */
  order(dryRun: boolean, reply: Done, write: () => void): Reply {
    if (dryRun) return reply;
    try {
      write();
    } catch (error) {
      return refuse(`this cannot be done: ${error instanceof Error ? error.message : String(error)}`);
    }
    return reply;
  }

  /** For orders that lead to steps. */
  get whilePaused(): string {
    return this.parts.notebook.pauses.size > 0 ? '; Drover is paused, so nothing starts before `drover resume`' : '';
  }
}
