import type { HookCall, HookFacts } from '../../src/domain/hook.ts';
import { SECOND } from '../../src/domain/units.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { HookAnswer, HookCaller, HookRun } from '../../src/ports/hook-caller.ts';

/** Answers as the test says, by the kind of call, on the test's clock; and takes note of everything. */
export class FakeCaller implements HookCaller {
  /** Each call with what it is about. */
  readonly calls: string[] = [];
  /** By `when`; the last counts for all that follow. Text: done. Nothing: done with no text. */
  readonly answers = new Map<string, (string | { readonly because: string } | 'hangs')[]>();
  secondsPerCall = 1;
  running = 0;
  mostRunning = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  call(call: HookCall, facts: HookFacts, timeoutMs: number): HookRun {
    const program = call.kind === 'command' ? call.command[0] : call.url;
    const outcome = facts.outcome === '' ? '' : ` ${facts.outcome}`;
    this.calls.push(`${program} ${facts.vm} ${facts.from} → ${facts.to}${outcome}`);
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    const { promise, resolve } = Promise.withResolvers<HookAnswer>();
    const end = (answer: HookAnswer) => {
      this.running -= 1;
      stop();
      resolve(answer);
    };
    const answer = this.#next(facts.when);
    const isLate = answer === 'hangs';
    const stop = this.#clock.after(isLate ? timeoutMs : this.secondsPerCall * SECOND, () => {
      if (isLate) end({ state: 'failed', because: 'no end' });
      else if (typeof answer === 'string') end({ state: 'done', text: answer });
      else end({ state: 'failed', because: answer.because });
    });
    return { ended: promise, cancel: () => end({ state: 'failed', because: 'it was cancelled' }) };
  }

  #next(when: string) {
    const answers = this.answers.get(when) ?? [];
    return (answers.length > 1 ? answers.shift() : answers[0]) ?? '';
  }
}
