import type { DaemonQueries } from '../daemon/queries.ts';
import { changeKey } from '../domain/change.ts';
import type { StepStatus } from '../domain/plan.ts';
import type { DecisionDetail, DecisionView, StepView } from './api.ts';
import { plannedStep, planView, stepView } from './views.ts';

/** Everything that is known by the id of one decision; nothing where it is forgotten. Decisions come newest first. */
export function decisionDetail(
  daemon: DaemonQueries,
  decisions: readonly DecisionView[],
  id: string,
): DecisionDetail | undefined {
  const place = decisions.findIndex((decision) => decision.id === id);
  const decision = decisions[place];
  if (decision === undefined) return undefined;
  const plan = daemon.plans().find((status) => status.plan.steps.some((step) => step.decision === id));
  const later = decisions.slice(0, place).filter(({ snapshotVersion }) => snapshotVersion > decision.snapshotVersion);
  return {
    ...decision,
    oldestAgeMs: daemon.dataAgeMs(decision.snapshotVersion) ?? null,
    plan: plan === undefined ? null : planView(plan),
    planned: plan?.plan.steps.filter((step) => step.decision === id).map(plannedStep) ?? [],
    steps: stepViews(
      daemon,
      daemon.steps().filter(({ step }) => step.decision === id),
    ),
    repeatedAs: later.filter((other) => other.accepted && haveCommonChange(other, decision)).map((other) => other.id),
  };
}

export function stepViews(daemon: DaemonQueries, steps: readonly StepStatus[]): StepView[] {
  const { nowMs } = daemon.status();
  return steps.map((status) => stepView(status, nowMs));
}

function haveCommonChange(one: DecisionView, other: DecisionView): boolean {
  const keys = new Set(one.changes.map(changeKey));
  return other.changes.some((change) => keys.has(changeKey(change)));
}
