import { type DrainOutlook, drainOutlook } from '../decide/drain-outlook.ts';
import type { DecideInput } from '../decide/input.ts';
import type { HostId } from '../domain/host.ts';
import type { Step } from '../domain/plan.ts';
import type { Planner } from './course.ts';
import { counted } from './sentences.ts';

export interface PlannedOutlook extends DrainOutlook {
  readonly steps: readonly Step[];
}

/** What would come of emptying a host now, and by which steps. */
export type Outlook = (input: DecideInput, host: HostId) => PlannedOutlook;

export const outlookBy =
  (planOf: Planner): Outlook =>
  (input, host) => {
    let steps: readonly Step[] = [];
    const outlook = drainOutlook(input, [host], (snapshot, verdicts) => {
      const plan = planOf(snapshot, verdicts);
      steps = plan.steps;
      return plan;
    });
    return { ...outlook, steps };
  };

const MOST_NAMED = 3;

/** Who cannot leave, and why; nothing when everybody can. */
export function stuckWords({ stuck, impossible }: DrainOutlook): string | undefined {
  const reasons = [
    ...stuck.map(({ vm, refusal }) => `${vm} (${refusal.because})`),
    ...impossible.map(({ change, because }) => `${change.kind === 'move' ? change.vm : change.host} (${because})`),
  ];
  if (reasons.length === 0) return undefined;
  const more = reasons.length > MOST_NAMED ? ` and ${reasons.length - MOST_NAMED} more` : '';
  return `${counted(reasons.length, 'VM')} cannot leave it: ${reasons.slice(0, MOST_NAMED).join(', ')}${more}`;
}
