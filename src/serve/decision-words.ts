import { changeWords } from '../domain/change.ts';
import type { Decision, TermChange } from '../domain/decision.ts';
import type { Plan } from '../domain/plan.ts';
import { moneyWords, spanWords } from '../domain/words.ts';

/** Terms that change less than this are left out of sentences: a millionth of the currency per hour. */
const LEAST_PER_HOUR = 1e-6;
const MOST_CHANGES = 3;

/** "web-17: h3 → h9: contention −0.42 €/h; costs 0.02 € once; pays back in 2 min 24 s". */
export function decisionWords(decision: Decision, currency: string): string {
  const what = changesWords(decision);
  if (decision.refusal !== undefined)
    return `${what}: refused by ${decision.refusal.rule}: ${decision.refusal.because}`;
  const effects = decision.terms.filter(isFelt).map((term) => termWords(term, currency));
  const worth = [
    ...(effects.length > 0 ? [effects.join(', ')] : []),
    ...(decision.onceCost > 0 ? [`costs ${moneyWords(decision.onceCost, currency)} once`] : []),
    ...(decision.paybackMs === null ? [] : [`pays back in ${spanWords(decision.paybackMs)}`]),
  ];
  return worth.length === 0 ? what : `${what}: ${worth.join('; ')}`;
}

export function planWords(plan: Plan): string {
  const moves = plan.steps.filter((step) => step.change.kind === 'move').length;
  const switches = plan.steps.length - moves;
  const parts = [counted(moves, 'migration'), counted(switches, 'power switch', 'power switches')].filter(Boolean);
  if (parts.length === 0) return 'nothing to do';
  return `${parts.join(' and ')} in ${spanWords(plan.makespanMs)}`;
}

function changesWords({ changes, because }: Decision): string {
  if (changes.length === 0) return because;
  const shown = changes.slice(0, MOST_CHANGES).map(changeWords).join(', ');
  const more = changes.length - MOST_CHANGES;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

const isFelt = (term: TermChange) => Math.abs(term.afterPerHour - term.beforePerHour) >= LEAST_PER_HOUR;

function termWords({ term, beforePerHour, afterPerHour }: TermChange, currency: string): string {
  const change = afterPerHour - beforePerHour;
  return `${term} ${change > 0 ? '+' : ''}${moneyWords(change, currency)}/h`;
}

function counted(count: number, one: string, several = `${one}s`): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : several}`;
}
