import type { Log } from '../ports/log.ts';
import type { Measurements } from './measurements.ts';
import type { Cause } from './trust-gate.ts';

const MOST_NAMED = 5;

/** Who has become unknown, by cause, and how many are known again: a sentence each, and none when nothing changed. */
export function tellStanding(log: Log, what: string, ids: readonly string[], { standing, rowAt }: Measurements): void {
  const byCause = new Map<Cause, string[]>();
  for (const index of standing.lost) {
    const trust = standing.trust(rowAt[index]!);
    if (trust.known) continue;
    const named = byCause.get(trust.cause);
    if (named === undefined) byCause.set(trust.cause, [ids[index]!]);
    else named.push(ids[index]!);
  }
  for (const [cause, lost] of byCause)
    log.warn(`${counted(lost.length, what)} not known any more: ${names(lost)}.`, { cause });
  if (standing.regained > 0) log.info(`${counted(standing.regained, what)} known again.`);
}

const counted = (count: number, what: string) => (count === 1 ? `1 ${what} is` : `${count} ${what}s are`);

function names(ids: readonly string[]): string {
  const named = ids.slice(0, MOST_NAMED).join(', ');
  return ids.length <= MOST_NAMED ? named : `${named} and ${ids.length - MOST_NAMED} more`;
}
