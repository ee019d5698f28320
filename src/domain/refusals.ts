import type { Refusal } from './rule.ts';

/** How often a rule said no, with one of its reasons. */
export interface RefusalCount extends Refusal {
  readonly count: number;
}

/** Per rule, the commonest first. */
export function countRefusals(refusals: readonly Refusal[]): RefusalCount[] {
  const byRule = new Map<string, RefusalCount>();
  for (const refusal of refusals) {
    const known = byRule.get(refusal.rule) ?? { ...refusal, count: 0 };
    byRule.set(refusal.rule, { ...known, count: known.count + 1 });
  }
  return [...byRule.values()].sort((a, b) => b.count - a.count);
}
