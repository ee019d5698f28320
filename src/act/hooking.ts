import { changeWords, type Move } from '../domain/change.ts';
import type { Hook, HookCall, HookFacts, Hooks, SessionsWait } from '../domain/hook.ts';
import { isSelected } from '../domain/selection.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { SECOND } from '../domain/units.ts';
import type { VmId } from '../domain/vm.ts';
import { spanWords } from '../domain/words.ts';
import type { Clock } from '../ports/clock.ts';
import type { HookAnswer, HookCaller } from '../ports/hook-caller.ts';
import type { RecordedHook } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import { CallSlots } from './call-slots.ts';
import { Halt } from './halt.ts';
import type { WriteAhead } from './write-ahead.ts';

export interface HookingParts {
  readonly hooks: Hooks;
  readonly caller: HookCaller;
  readonly clock: Clock;
  readonly log: Log;
  readonly writeAhead: WriteAhead;
  readonly snapshot: () => Snapshot | undefined;
  /** Nothing is tried again once everything comes to rest; what is owed then is done after the next start. */
  readonly isStopping: () => boolean;
  /** What was owed for a VM is done: it may be migrated again. */
  readonly ended: () => void;
}

/** What the calls of one hook are about. */
export type HookErrand = Omit<RecordedHook, 'begunAtMs' | 'outcome'>;

/** Says what is being waited for. */
export type Telling = (because: string) => void;

/** Where nobody is there to call for us, no call succeeds. */
export const NOBODY: HookCaller = {
  call: () => ({
    ended: Promise.resolve({ state: 'failed', because: 'nobody makes calls here' }),
    cancel: () => undefined,
  }),
};

const FIRST_RETRY_MS = 10 * SECOND;

/**
 * Calls what applications want called around migrations. A hook that has begun is in the journal until its call after is
 * over: whatever becomes of the migration, or of this process, that call is made; after a crash perhaps twice.
 */
export class Hooking {
  readonly #parts: HookingParts;
  readonly #slots: CallSlots;
  /** VMs whose migration is over, and the hook that is being called for it. */
  readonly #busy = new Map<VmId, string>();
  #hooks: Hooks;

  constructor(parts: HookingParts) {
    this.#parts = parts;
    this.#hooks = parts.hooks;
    this.#slots = new CallSlots(parts.caller, parts.hooks.mostAtOnce);
  }

  setHooks(hooks: Hooks): void {
    this.#hooks = hooks;
    this.#slots.setMost(hooks.mostAtOnce);
  }

  /** Those around a migration of this VM, in the order in which they are called before it. */
  around(id: VmId): readonly Hook[] {
    const snapshot = this.#parts.snapshot();
    const vm = snapshot?.vms.index.get(id);
    if (this.#hooks.around.length === 0 || snapshot === undefined || vm === undefined) return [];
    return this.#hooks.around.filter((hook) => isSelected(hook, vm, snapshot));
  }

  /** Why the migration must not begin; nothing when it may. What has begun is added to what is owed. */
  async before(
    hooks: readonly Hook[],
    { vm, from, to }: Move,
    orderId: string,
    owed: HookErrand[],
    halt: Halt,
    tell: Telling,
  ): Promise<string | undefined> {
    for (const hook of hooks) {
      const errand = { id: `${orderId}-${hook.id}`, hook: hook.id, step: orderId, vm, from, to };
      if (!this.#parts.writeAhead.beginHook(errand)) return 'the journal failed';
      owed.push(errand);
      const trouble = await this.#prepare(hook, errand, halt, tell);
      if (halt.isAsked) return 'cancelled';
      if (trouble === undefined) continue;
      const goesOn = hook.onFailure === 'go on';
      this.#parts.log.warn(`hook ${hook.id} before ${wordsOf(errand)}: ${trouble}${goesOn ? '; it goes on' : ''}`);
      if (!goesOn) return `hook ${hook.id}: ${trouble}`;
    }
    return undefined;
  }

  /** The hook that is still to be called for a migration of the VM that is over. */
  busyWith(vm: VmId): string | undefined {
    return this.#busy.get(vm);
  }

  /** All that is owed for one migration, the last begun first. */
  async after(owed: readonly HookErrand[], outcome: string, tell: Telling): Promise<void> {
    for (const errand of owed.toReversed()) {
      this.#busy.set(errand.vm, errand.hook);
      await this.#finish(errand, outcome, tell);
      this.#busy.delete(errand.vm);
    }
    this.#parts.ended();
  }

  async #prepare({ id, before, sessions, timeoutSeconds }: Hook, errand: HookErrand, halt: Halt, tell: Telling) {
    if (before !== undefined) {
      tell(`waits for hook ${id}${this.#queueWords()}`);
      const answer = await this.#call(before, factsOf(errand, 'before', ''), timeoutSeconds, halt);
      if (answer.state === 'failed') return answer.because;
    }
    if (sessions === undefined || halt.isAsked) return undefined;
    return this.#untilFew(id, sessions, errand, timeoutSeconds, halt, tell);
  }

  async #untilFew(
    id: string,
    wait: SessionsWait,
    errand: HookErrand,
    timeoutSeconds: number,
    halt: Halt,
    tell: Telling,
  ): Promise<string | undefined> {
    const { clock } = this.#parts;
    const untilMs = clock.nowMs() + wait.withinSeconds * SECOND;
    for (;;) {
      const sessions = await this.#count(wait.ask, errand, timeoutSeconds, halt);
      if (halt.isAsked || (typeof sessions === 'number' && sessions <= wait.most)) return undefined;
      const words = typeof sessions === 'number' ? `${sessions} sessions, at most ${wait.most} wanted` : sessions;
      const leftMs = untilMs - clock.nowMs();
      if (leftMs <= 0) return `${words} after ${spanWords(wait.withinSeconds * SECOND)}`;
      tell(`waits for hook ${id}: ${words}; for ${spanWords(leftMs)} at the longest`);
      await halt.pause(Math.min(leftMs, wait.everySeconds * SECOND), clock);
      if (halt.isAsked) return undefined;
    }
  }

  /** How many there are, or why nobody knows. */
  async #count(ask: HookCall | undefined, errand: HookErrand, timeoutSeconds: number, halt: Halt) {
    if (ask === undefined) return this.#measured(errand.vm);
    const answer = await this.#call(ask, factsOf(errand, 'sessions', ''), timeoutSeconds, halt);
    return answer.state === 'failed' ? answer.because : sessionsIn(answer.text);
  }

  #measured(id: VmId): number | string {
    const vms = this.#parts.snapshot()?.vms;
    const vm = vms?.index.get(id);
    return vms === undefined || vm === undefined ? `the sessions of ${id} are not measured` : vms.liveSessions[vm]!;
  }

  async #finish(errand: HookErrand, outcome: string, tell: Telling): Promise<void> {
    const { log, writeAhead } = this.#parts;
    const hook = this.#hooks.around.find(({ id }) => id === errand.hook);
    if (hook === undefined) {
      log.warn(`hook ${errand.hook} is not configured any more: what it began for ${wordsOf(errand)} is not ended`);
      writeAhead.endHook(errand.id, 'cancelled', 'it is not configured any more');
      return;
    }
    const trouble =
      hook.after === undefined ? undefined : await this.#tryAfter(hook, hook.after, errand, outcome, tell);
    if (trouble === undefined) writeAhead.endHook(errand.id, 'done', '');
    else if (this.#parts.isStopping())
      log.warn(`hook ${hook.id} after ${wordsOf(errand)}: ${trouble}; owed until the next start`);
    else {
      log.error(`hook ${hook.id} after ${wordsOf(errand)}: ${trouble}; that has to be done by hand`);
      writeAhead.endHook(errand.id, 'failed', trouble);
    }
  }

  async #tryAfter(hook: Hook, after: HookCall, errand: HookErrand, outcome: string, tell: Telling) {
    const { clock, isStopping } = this.#parts;
    for (let attempt = 1; ; attempt++) {
      tell(`waits for hook ${hook.id}, which comes after it${this.#queueWords()}`);
      const answer = await this.#call(after, factsOf(errand, 'after', outcome), hook.timeoutSeconds, new Halt());
      if (answer.state === 'done') return undefined;
      if (attempt >= hook.tries || isStopping()) return answer.because;
      const delayMs = FIRST_RETRY_MS * 2 ** (attempt - 1);
      tell(`waits for hook ${hook.id}, which comes after it: ${answer.because}; again in ${spanWords(delayMs)}`);
      await new Halt().pause(delayMs, clock);
    }
  }

  async #call(call: HookCall, facts: HookFacts, timeoutSeconds: number, halt: Halt): Promise<HookAnswer> {
    const run = this.#slots.call(call, facts, timeoutSeconds * SECOND);
    const forget = halt.whenAsked(() => run.cancel());
    return run.ended.finally(forget);
  }

  #queueWords(): string {
    const { ahead } = this.#slots;
    return ahead === 0 ? '' : `: ${ahead} calls come first`;
  }
}

const wordsOf = ({ vm, from, to }: HookErrand): string => changeWords({ kind: 'move', vm, from, to });

function factsOf({ hook, step, vm, from, to }: HookErrand, when: string, outcome: string): HookFacts {
  return { hook, step, vm, from, to, when, outcome };
}

/** A number, or JSON whose `sessions` is one. */
function sessionsIn(text: string): number | string {
  const plain = Number(text.trim() === '' ? Number.NaN : text);
  const count = Number.isNaN(plain) ? sessionsInJson(text) : plain;
  if (typeof count === 'number' && Number.isFinite(count) && count >= 0) return count;
  return `the answer ${JSON.stringify(text.slice(0, MOST_SHOWN))} is no number of sessions`;
}

const MOST_SHOWN = 60;

function sessionsInJson(text: string): unknown {
  try {
    return (JSON.parse(text) as { readonly sessions?: unknown } | null)?.sessions;
  } catch {
    return undefined;
  }
}
