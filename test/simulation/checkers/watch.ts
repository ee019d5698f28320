import { MINUTE } from '../../../src/domain/units.ts';
import type { Checker } from './checker.ts';

/** Longer than any cycle, and than a start. */
const LOOKS_WITHIN_MS = 6 * MINUTE;
/** What keeps it from looking, and the time after it in which it may not have looked yet. */
const BLINDING = ['inventory-hangs', 'inventory-fails', 'process-stands-still', 'journal-fails'] as const;

/** A daemon that runs looks at its datacenter all the time, whatever its clock says. */
export function watch(): Checker {
  let excusedAtMs = 0;
  return {
    property: 'Drover keeps watch',
    judge(happening, { land, lives }) {
      const nowMs = land.clock.nowMs();
      if (happening.kind === 'life' || BLINDING.some((fault) => land.board.isAt(fault))) excusedAtMs = nowMs;
      if (happening.kind !== 'tick' || lives.running === undefined) return [];
      const lookedAtMs = Math.max(excusedAtMs, land.sight.lastReadAtMs);
      if (nowMs - lookedAtMs <= LOOKS_WITHIN_MS) return [];
      return [`nobody has looked for ${Math.round((nowMs - lookedAtMs) / MINUTE)} minutes`];
    },
  };
}
