import type { Decision, Verdicts } from '../domain/decision.ts';
import type { Plan, StepStatus } from '../domain/plan.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Planner } from './course.ts';

const SUFFIX = '-orders';

export const isOfOrders = ({ plan }: StepStatus): boolean => plan.endsWith(SUFFIX);

export interface OrderedParts {
  readonly ordered: readonly Decision[];
  readonly queued: readonly StepStatus[];
  readonly snapshot: Snapshot;
  readonly verdicts: Verdicts;
  readonly planOf: Planner;
}

/** A plan for what persons have ordered, beside the steps that are queued for other reasons. */
export function planOfOrders({ ordered, queued, snapshot, verdicts, planOf }: OrderedParts): Plan {
  const confirmed = queued.filter((status) => !isOfOrders(status)).map(asDecision);
  const plan = planOf(snapshot, { ...verdicts, decisions: [...confirmed, ...ordered] });
  return { ...plan, id: `${plan.id}${SUFFIX}` };
}

function asDecision({ step }: StepStatus): Decision {
  return {
    id: step.decision,
    phase: step.phase,
    policy: 'core',
    policyVersion: '',
    changes: [step.change],
    terms: [],
    savingPerHour: 0,
    onceCost: 0,
    paybackMs: null,
    because: '',
  };
}
