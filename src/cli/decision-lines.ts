import { type Decision, isAccepted, type Verdicts } from '../domain/decision.ts';
import { decisionLine } from '../domain/decision-words.ts';
import { countRefusals, type RefusalCount } from '../domain/refusals.ts';
import type { Violation } from '../domain/rule.ts';
import { bytesWords, moneyWords, shareWords } from '../domain/words.ts';

const MOST_VIOLATIONS = 50;

/** A decision on one line, none of its changes left out. */
export function phasedLine(decision: Decision, currency: string): string {
  return `${decision.phase}: ${decisionLine(decision, currency, Number.POSITIVE_INFINITY)}`;
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
    ...staysOnLines(countRefusals(verdicts.staysOn.map(({ refusal }) => refusal))),
    ...verdicts.skipped.map(({ policy, because }) => `skipped     ${policy}: ${because}`),
    ...verdicts.limitsHit.map((limit) => `limit hit   ${limit}`),
  ];
}

export function violationLines(violations: readonly Violation[]): string[] {
  const lines = violations.slice(0, MOST_VIOLATIONS).map(({ rule, because }) => `${rule}: ${because}`);
  const more = violations.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more; --json lists all`] : lines;
}

/** Why hosts that are on are not switched off as well, one line for each rule that says so. */
export function staysOnLines(counts: readonly RefusalCount[]): string[] {
  return counts.map(({ rule, count, because }, n) => {
    return `${n === 0 ? 'stay on     ' : '            '}${count} for ${rule}: ${because}`;
  });
}
