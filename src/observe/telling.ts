import type { Log } from '../ports/log.ts';
import { doubtAt } from './doubts.ts';
import type { Measurements } from './measurements.ts';
import { causeOf } from './trust-gate.ts';

const MOST_NAMED = 5;

/** Who has become unknown, by why, and how many are known again: a sentence each, and none when nothing changed. */
export function tellStanding(
  log: Log,
  what: string,
  ids: readonly string[],
  { standing, rowAt }: Measurements,
  doubts: readonly string[],
): void {
  const byDoubt = new Map<string, { readonly cause: string; readonly ids: string[] }>();
  for (const index of standing.lost) {
    const row = rowAt[index]!;
    const verdict = standing.verdict[row]!;
    const doubt = doubts[doubtAt(verdict, standing.metric[row]!)]!;
    const alike = byDoubt.get(doubt);
    if (alike === undefined) byDoubt.set(doubt, { cause: causeOf(verdict) ?? '', ids: [ids[index]!] });
    else alike.ids.push(ids[index]!);
  }
  for (const [doubt, { cause, ids: lost }] of byDoubt)
    log.warn(`${counted(lost.length, what)} not known any more, since ${doubt}: ${names(lost)}.`, { cause });
  if (standing.regained > 0) log.info(`${counted(standing.regained, what)} known again.`);
}

const counted = (count: number, what: string) => (count === 1 ? `1 ${what} is` : `${count} ${what}s are`);

function names(ids: readonly string[]): string {
  const named = ids.slice(0, MOST_NAMED).join(', ');
  return ids.length <= MOST_NAMED ? named : `${named} and ${ids.length - MOST_NAMED} more`;
}
