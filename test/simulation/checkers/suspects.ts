import type { PowerSwitch } from '../../../src/domain/change.ts';
import { MINUTE } from '../../../src/domain/units.ts';
import type { Land } from '../land.ts';
import type { Happening } from '../witness.ts';
import type { Checker } from './checker.ts';

/** By then it has been written down, unless that failed. */
const WRITTEN_WITHIN_MS = 2 * MINUTE;

/** What did not obey is left alone until a person clears it, over restarts too. */
export function suspects(): Checker {
  const suspect = new Map<string, number>();
  const switches = new Map<string, PowerSwitch>();
  let journalFailedAtMs = Number.NEGATIVE_INFINITY;
  return {
    property: 'suspect hosts are left alone',
    judge(happening, { land }) {
      const nowMs = land.clock.nowMs();
      if (happening.kind === 'fault' && happening.fault === 'journal-fails') journalFailedAtMs = nowMs;
      for (const host of disobedient(happening, switches)) suspect.set(host, nowMs);
      if (happening.kind === 'person') suspect.delete(/clear (\S+)$/.exec(happening.did)?.[1] ?? '');
      if (happening.kind === 'life') forgetUnwritten(suspect, land, journalFailedAtMs);
      return hostsIn(happening)
        .filter((host) => suspect.has(host))
        .map((host) => `${host} is suspect, and something is begun there`);
    },
  };
}

/** Whoever was told to come up and did not, or has not done as told in all the time that it had. */
function disobedient(happening: Happening, switches: Map<string, PowerSwitch>): readonly string[] {
  if (happening.kind === 'begun' && happening.step.change.kind === 'power')
    switches.set(happening.step.id, happening.step.change);
  const change = happening.kind === 'outcome' ? switches.get(happening.id) : undefined;
  if (happening.kind !== 'outcome' || happening.outcome.state !== 'failed' || change === undefined) return [];
  const { because } = happening.outcome;
  if (because.startsWith('interrupted by a restart')) return [];
  return change.to === 'on' || because.startsWith('not off after') ? [change.host] : [];
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
