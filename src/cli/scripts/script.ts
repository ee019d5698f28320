import type { PlannedStep } from '../../serve/api.ts';

/** What a script is written from. */
export interface PlanToExport {
  readonly id: string;
  readonly steps: readonly PlannedStep[];
}

/**
 * One after the other, in the order in which the plan begins them: whoever makes room for another goes before it. A plan
 * lets those overlap that may; a person with a script need not.
 */
export function inOrder({ steps }: PlanToExport): readonly PlannedStep[] {
  return steps.toSorted((a, b) => a.startsAtMs - b.startsAtMs || a.endsAtMs - b.endsAtMs);
}

/** A comment must not end where the name of a VM wants it to. */
export const inComment = (text: string): string => text.replace(/[\r\n]+/g, ' ');
