import { Script } from 'node:vm';

/** Work that was broken off at its deadline. */
export const TOO_LATE = Symbol('too late');

const HANDED_OVER = Symbol.for('drover work with a deadline');
const START = new Script(`globalThis[Symbol.for(${JSON.stringify(HANDED_OVER.description)})]()`);

/**
 * Work that is done here and now, but broken off when it takes too long, even where it loops without end and catches
 * whatever is thrown: V8 ends what a script has called. What the work had in hand is then in any state and must be
 * thrown away. It does not protect from work that eats all memory. Watching costs a thread, so an infinite deadline is
 * not watched.
 */
export function withDeadline<T>(deadlineMs: number, work: () => T): T | typeof TOO_LATE {
  if (deadlineMs === Number.POSITIVE_INFINITY) return work();
  const slot = globalThis as { [HANDED_OVER]?: () => T };
  const around = slot[HANDED_OVER];
  slot[HANDED_OVER] = work;
  try {
    return START.runInThisContext({ timeout: Math.max(1, Math.ceil(deadlineMs)) }) as T;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return TOO_LATE;
    throw thrown;
  } finally {
    if (around === undefined) delete slot[HANDED_OVER];
    else slot[HANDED_OVER] = around;
  }
}
