import { MINUTE, SECOND } from '../../../src/domain/units.ts';
import type { Checker } from './checker.ts';

/** As the documentation has it: no progress for so long, or not done after so long for each GiB, of which there is at least one. */
const NO_PROGRESS_MS = 150 * SECOND;
const NOT_DONE_MS = 13 * MINUTE;

/** What gets on is not given up, whatever clocks say. */
export function patience(): Checker {
  const begunAtMs = new Map<string, number>();
  const heardAtMs = new Map<string, readonly [number, number]>();
  return {
    property: 'what gets on is not given up',
    judge(happening, { land }) {
      const nowMs = land.clock.nowMs();
      if (happening.kind === 'migration ordered') begunAtMs.set(happening.order.id, nowMs);
      if (happening.kind === 'migration heard') {
        const [last, before] = heardAtMs.get(happening.id) ?? [0, 0];
        heardAtMs.set(happening.id, [nowMs, last < nowMs ? last : before]);
      }
      if (happening.kind !== 'outcome') return [];
      const { id, outcome } = happening;
      const begunMs = begunAtMs.get(id);
      if (begunMs === undefined) return [];
      // What is heard at the very instant came too late: a driver that hangs for long tells all that it has at once.
      const [last, before] = heardAtMs.get(id) ?? [0, 0];
      const idleMs = nowMs - Math.max(begunMs, last < nowMs ? last : before);
      const wasQuick =
        (outcome.because.startsWith('no progress for') && idleMs < NO_PROGRESS_MS) ||
        (outcome.because.startsWith('not done after') && nowMs - begunMs < NOT_DONE_MS);
      return wasQuick
        ? [
            `${id} is given up (${outcome.because}) ${(nowMs - begunMs) / SECOND} s after its order, ${idleMs / SECOND} s after it got on`,
          ]
        : [];
    },
  };
}
