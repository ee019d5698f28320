/** What was decided and planned, as people read it: the same words in the CLI, the API, the console and the log. */
import { changeWords } from './change.ts';
import type { Decision, TermChange } from './decision.ts';
import type { Plan } from './plan.ts';
import type { Refusal } from './rule.ts';
import { moneyWords, spanWords } from './words.ts';

/** Differences too small to be read are left out: a millionth of the currency, per hour or once. */
const LEAST_READ = 1e-6;
const MOST_CHANGES = 3;

/** "web-17: h3 → h9: contention −0.42 €/h; costs 0.02 € once; pays back in 2 min 24 s". */
export function decisionWords(decision: Decision, currency: string, mostChanges = MOST_CHANGES): string {
  const what = changesWords(decision, mostChanges);
  if (decision.refusal !== undefined) return `${what}: refused by ${refusalWords(decision.refusal)}`;
  const worth = [
    differenceWords(decision.terms, currency),
    Math.abs(decision.onceCost) < LEAST_READ ? '' : `costs ${moneyWords(decision.onceCost, currency)} once`,
    decision.paybackMs === null ? '' : `pays back in ${spanWords(decision.paybackMs)}`,
  ];
  const words = worth.filter((each) => each !== '').join('; ');
  return words === '' ? what : `${what}: ${words}`;
}

/** The same with who wanted it and why: all that there is to say on one line. */
export function decisionLine(decision: Decision, currency: string, mostChanges = MOST_CHANGES): string {
  const words = decisionWords(decision, currency, mostChanges);
  const isSaid = decision.changes.length === 0;
  return isSaid ? words : `${words} (${decision.policy}: ${decision.because})`;
}

/** What changes per term: `contention −0.42 €/h, power +0.01 €/h`; empty when nothing does. */
export function differenceWords(terms: readonly TermChange[], currency: string): string {
  return terms
    .map(({ term, beforePerHour, afterPerHour }) => ({ term, difference: afterPerHour - beforePerHour }))
    .filter(({ difference }) => Math.abs(difference) >= LEAST_READ)
    .map(({ term, difference }) => `${term} ${signedMoney(difference, currency)}/h`)
    .join(', ');
}

export function signedMoney(amount: number, currency: string): string {
  return `${amount > 0 ? '+' : ''}${moneyWords(amount, currency)}`;
}

/** "capacity: h3 would be at 98 % of its memory; 95 % allowed — to allow it: h3 needs 4 GiB of memory more". */
export function refusalWords({ rule, because, remedy }: Refusal): string {
  return `${rule}: ${because}${remedy === undefined ? '' : ` — to allow it: ${remedy}`}`;
}

/** Where nothing changes, why it was thought of. */
function changesWords({ changes, because }: Decision, most: number): string {
  return changes.length === 0 ? because : someOf(changes.map(changeWords), most, ', ');
}

export function planWords(plan: Plan): string {
  const moves = plan.steps.filter((step) => step.change.kind === 'move').length;
  const switches = plan.steps.length - moves;
  const parts = [counted(moves, 'migration'), counted(switches, 'power switch', 'power switches')].filter(Boolean);
  if (parts.length === 0) return 'nothing to do';
  return `${parts.join(' and ')} in ${spanWords(plan.makespanMs)}`;
}

/** The first few, and how many more there are. */
export function someOf(words: readonly string[], most: number, separator: string): string {
  const named = words.slice(0, most).join(separator);
  return words.length <= most ? named : `${named} and ${words.length - most} more`;
}

function counted(count: number, one: string, several = `${one}s`): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : several}`;
}
