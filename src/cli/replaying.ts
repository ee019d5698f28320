import { OPERATOR } from '../decide/ordered.ts';
import { changeWords } from '../domain/change.ts';
import type { Decision } from '../domain/decision.ts';

/** How the decisions of a cycle of the past compare with what would be decided now, on what it went by. */
export interface Comparison {
  readonly same: number;
  readonly onlyThen: readonly string[];
  readonly onlyNow: readonly string[];
  /** Policies of another version than then. */
  readonly changedPolicies: readonly string[];
}

/** Names of decisions do not matter, nor does their order; what persons ordered was not decided and is left out. */
export function compare(then: readonly Decision[], now: readonly Decision[]): Comparison {
  const decided = then.filter(({ policy }) => policy !== OPERATOR);
  const left = new Map<string, number>();
  for (const decision of decided) left.set(gist(decision), (left.get(gist(decision)) ?? 0) + 1);
  const onlyNow: string[] = [];
  let same = 0;
  for (const decision of now) {
    const count = left.get(gist(decision)) ?? 0;
    if (count === 0) onlyNow.push(gist(decision));
    else same += 1;
    left.set(gist(decision), Math.max(0, count - 1));
  }
  const onlyThen = [...left].flatMap(([words, count]) => Array.from({ length: count }, () => words));
  return { same, onlyThen, onlyNow, changedPolicies: changedPolicies(decided, now) };
}

function gist({ phase, changes, because, refusal }: Decision): string {
  const what = changes.length === 0 ? because : changes.map(changeWords).join(', ');
  return `${phase}: ${what}${refusal === undefined ? '' : `: refused by ${refusal.rule}: ${refusal.because}`}`;
}

function changedPolicies(then: readonly Decision[], now: readonly Decision[]): string[] {
  const versions = new Map(now.map(({ policy, policyVersion }) => [policy, policyVersion]));
  const changed = then.filter(({ policy, policyVersion }) => (versions.get(policy) ?? policyVersion) !== policyVersion);
  return [...new Set(changed.map(({ policy }) => policy))];
}
