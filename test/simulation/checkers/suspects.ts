import { MINUTE } from '../../../src/domain/units.ts';
import type { Land } from '../land.ts';
import type { Happening } from '../witness.ts';
import type { Checker } from './checker.ts';

const SUSPECT = /^(\S+) is suspect: /;
/** By then it has been written down, unless that failed. */
const WRITTEN_WITHIN_MS = 2 * MINUTE;

/** What did not obey is left alone until a person clears it, over restarts too. */
export function suspects(): Checker {
  const suspect = new Map<string, number>();
  let journalFailedAtMs = Number.NEGATIVE_INFINITY;
  return {
    property: 'suspect hosts are left alone',
    judge(happening, { land }) {
      const nowMs = land.clock.nowMs();
      if (happening.kind === 'fault' && happening.fault === 'journal-fails') journalFailedAtMs = nowMs;
      if (happening.kind === 'said') {
        const [, host] = SUSPECT.exec(happening.sentence) ?? [];
        if (host !== undefined && happening.level === 'error') suspect.set(host, nowMs);
      }
      if (happening.kind === 'person') suspect.delete(/clear (\S+)$/.exec(happening.did)?.[1] ?? '');
      if (happening.kind === 'life') forgetUnwritten(suspect, land, journalFailedAtMs);
      return hostsIn(happening)
        .filter((host) => suspect.has(host))
        .map((host) => `${host} is suspect, and something is begun there`);
    },
  };
}

/** Who is killed between seeing it and writing it down cannot know. */
function forgetUnwritten(suspect: Map<string, number>, { journal, clock }: Land, journalFailedAtMs: number): void {
  const written = journal.notes.all('suspects');
  for (const [host, saidAtMs] of suspect) {
    const isExcused = clock.nowMs() - saidAtMs < WRITTEN_WITHIN_MS || journalFailedAtMs >= saidAtMs;
    if (isExcused && !written.has(host)) suspect.delete(host);
  }
}

function hostsIn(happening: Happening): readonly string[] {
  if (happening.kind === 'switch ordered' && happening.by === 'drover') return [happening.host];
  if (happening.kind !== 'migration ordered' || happening.by !== 'drover') return [];
  return [happening.order.from, happening.order.to];
}
