import { isAccepted, type Verdicts } from '../domain/decision.ts';
import type { Plan } from '../domain/plan.ts';
import type { Violation } from '../domain/rule.ts';
import { SECOND } from '../domain/units.ts';
import { STAGES, type Stage } from './catalogue/loop.ts';
import { CATALOGUE } from './catalogue.ts';
import type { Instruments } from './instruments.ts';

export interface CycleEnded {
  /** Real time of each stage. */
  readonly seconds: Readonly<Record<Stage, number>>;
  readonly verdicts: Verdicts;
  readonly plan: Plan;
}

export function tellCycle(to: Instruments, { seconds, verdicts, plan }: CycleEnded): void {
  to.add(CATALOGUE.cycles, 1);
  for (const stage of STAGES) to.observe(CATALOGUE.cycleDuration, seconds[stage], { stage });
  to.add(CATALOGUE.limitsHit, verdicts.limitsHit.length);
  for (const { policy } of verdicts.skipped) to.add(CATALOGUE.policyErrors, 1, { policy });
  tellDecisions(to, verdicts);
  tellCosts(to, verdicts);
  tellPlan(to, plan);
}

function tellDecisions(to: Instruments, { decisions }: Verdicts): void {
  for (const decision of decisions) {
    const { phase, policy, refusal } = decision;
    to.add(CATALOGUE.decisions, 1, { phase, policy, verdict: refusal === undefined ? 'accepted' : 'refused' });
    if (refusal !== undefined) to.add(CATALOGUE.refusals, 1, { rule: refusal.rule, policy });
    if (isAccepted(decision)) to.add(CATALOGUE.onceCost, decision.onceCost);
  }
}

function tellCosts(to: Instruments, { terms, efficacy, violations, unrepaired }: Verdicts): void {
  to.replace(
    CATALOGUE.cost,
    terms.flatMap(({ term, beforePerHour, afterPerHour }) => [
      { labels: { term, moment: 'before' }, value: beforePerHour },
      { labels: { term, moment: 'after' }, value: afterPerHour },
    ]),
  );
  to.set(CATALOGUE.saving, efficacy.costBeforePerHour - efficacy.costAfterPerHour);
  to.set(CATALOGUE.changes, efficacy.moves, { kind: 'move' });
  to.set(CATALOGUE.changes, efficacy.switchedOn, { kind: 'power on' });
  to.set(CATALOGUE.changes, efficacy.switchedOff, { kind: 'power off' });
  to.replace(CATALOGUE.violations, [...violationRows(violations, 'before'), ...violationRows(unrepaired, 'after')]);
}

const violationRows = (violations: readonly Violation[], moment: 'before' | 'after') =>
  violations.map(({ rule }) => ({ labels: { rule, moment }, value: 1 }));

function tellPlan(to: Instruments, plan: Plan): void {
  if (plan.steps.length > 0) to.add(CATALOGUE.plans, 1);
  to.add(CATALOGUE.impossible, plan.impossible.length);
  to.set(CATALOGUE.planMakespan, plan.makespanMs / SECOND);
  to.set(CATALOGUE.planLowerBound, plan.lowerBoundMs / SECOND);
}
