import { changeWords } from '../domain/change.ts';
import { type Decision, isAccepted, type TermChange, type Verdicts } from '../domain/decision.ts';
import type { Violation } from '../domain/rule.ts';
import { bytesWords, moneyWords, shareWords, spanWords } from '../domain/words.ts';

/** Differences too small to be read are left out: a millionth of the currency per hour. */
const LEAST_PER_HOUR = 1e-6;
const MOST_VIOLATIONS = 50;

/** A decision on one line: what, what for, at which price. */
export function decisionLine(decision: Decision, currency: string): string {
  const what = `${decision.phase}: ${decision.changes.map(changeWords).join(', ')}`;
  if (decision.refusal !== undefined)
    return `${what}: refused by ${decision.refusal.rule}: ${decision.refusal.because}`;
  const payback = decision.paybackMs === null ? [] : [`pays back in ${spanWords(decision.paybackMs)}`];
  const once = `costs ${moneyWords(decision.onceCost, currency)} once`;
  const worth = [differenceWords(decision.terms, currency), once, ...payback];
  return `${what}: ${worth.filter(Boolean).join('; ')} (${decision.policy}: ${decision.because})`;
}

/** What changes per term: `contention −0.42 €/h, power +0.01 €/h`; empty when nothing does. */
export function differenceWords(terms: readonly TermChange[], currency: string): string {
  return terms
    .map(({ term, beforePerHour, afterPerHour }) => ({ term, difference: afterPerHour - beforePerHour }))
    .filter(({ difference }) => Math.abs(difference) >= LEAST_PER_HOUR)
    .map(({ term, difference }) => `${term} ${signedMoney(difference, currency)}/h`)
    .join(', ');
}

export function signedMoney(amount: number, currency: string): string {
  return `${amount > 0 ? '+' : ''}${moneyWords(amount, currency)}`;
}

export function summaryLines(verdicts: Verdicts, currency: string): string[] {
  const { efficacy, decisions, violations, unrepaired } = verdicts;
  const { costBeforePerHour: before, costAfterPerHour: after } = efficacy;
  const share = before > 0 ? ` (${after <= before ? '−' : '+'}${shareWords(Math.abs(after - before) / before)})` : '';
  const money = (amount: number) => moneyWords(amount, currency);
  const accepted = decisions.filter(isAccepted).length;
  return [
    `decisions   ${accepted} accepted, ${decisions.length - accepted} refused`,
    `cost        ${money(before)}/h → ${money(after)}/h${share}; ${money(efficacy.onceCost)} once`,
    ...verdicts.terms.map(
      (term) => `            ${term.term}: ${money(term.beforePerHour)}/h → ${money(term.afterPerHour)}/h`,
    ),
    `hosts on    ${efficacy.hostsOnBefore} → ${efficacy.hostsOnAfter} (${efficacy.switchedOn} on, ${efficacy.switchedOff} off)`,
    `moves       ${efficacy.moves} (${bytesWords(efficacy.bytesToCopy)} to copy)`,
    `violations  ${violations.length} found, ${unrepaired.length} still there afterwards`,
    ...violationLines(unrepaired).map((line) => `            ${line}`),
    ...verdicts.skipped.map(({ policy, because }) => `skipped     ${policy}: ${because}`),
    ...verdicts.limitsHit.map((limit) => `limit hit   ${limit}`),
  ];
}

export function violationLines(violations: readonly Violation[]): string[] {
  const lines = violations.slice(0, MOST_VIOLATIONS).map(({ rule, because }) => `${rule}: ${because}`);
  const more = violations.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more; --json lists all`] : lines;
}
