import type { HookCall, HookFacts } from '../../domain/hook.ts';
import type { HookCaller, HookRun } from '../../ports/hook-caller.ts';
import { callCommand } from './command-call.ts';
import { callHttp } from './http-call.ts';

/** Of an answer so much is read. */
const MOST_ANSWER_BYTES = 65_536;
const SECOND = 1_000;

/** Calls what is outside of Drover, in real time. */
export class OutsideCaller implements HookCaller {
  call(call: HookCall, facts: HookFacts, timeoutMs: number): HookRun {
    const { signal, abort } = limited(timeoutMs);
    const ended =
      call.kind === 'http'
        ? callHttp(call, facts, signal, MOST_ANSWER_BYTES)
        : callCommand(call, facts, signal, MOST_ANSWER_BYTES);
    return { ended: ended.finally(() => abort('over')), cancel: () => abort('it was cancelled') };
  }
}

function limited(timeoutMs: number): { signal: AbortSignal; abort: (because: string) => void } {
  const controller = new AbortController();
  const abort = (because: string) => {
    clearTimeout(timer);
    if (!controller.signal.aborted) controller.abort(new DOMException(because, 'AbortError'));
  };
  const timer = setTimeout(() => abort(`no end within ${timeoutMs / SECOND} s`), timeoutMs);
  return { signal: controller.signal, abort };
}
