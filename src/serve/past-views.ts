/** How the past is shown: by a daemon that runs, and from a journal that one left behind. */
import type { Past } from '../daemon/queries.ts';
import { isAccepted } from '../domain/decision.ts';
import { decisionWords, someOf } from '../domain/decision-words.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { Plan } from '../domain/plan.ts';
import type { RecordedCycle } from '../ports/history.ts';
import type { RecordedStep } from '../ports/journal.ts';
import type { CycleDetail, CycleView, MigrationView, PastStep } from './api.ts';
import { decisionViews, plannedStep } from './views.ts';

const MOST_NAMED = 2;

export const cycleViews = (cycles: readonly RecordedCycle[], currency: string): CycleView[] =>
  cycles.map((recorded) => cycleView(recorded, currency));

function cycleView({ cycle, verdicts, hasCase }: RecordedCycle, currency: string): CycleView {
  const accepted = verdicts.decisions.filter(isAccepted);
  return {
    cycle,
    atMs: verdicts.atMs,
    accepted: accepted.length,
    refused: verdicts.decisions.length - accepted.length,
    hasCase,
    words: someOf(
      accepted.map((decision) => decisionWords(decision, currency)),
      MOST_NAMED,
      '; ',
    ),
  };
}

export function cycleDetail(past: Past, recorded: RecordedCycle, currency: string): CycleDetail {
  const plan = past.planOf(recorded.cycle);
  const steps = plan === undefined ? [] : past.stepsOf(plan.id);
  return {
    ...cycleView(recorded, currency),
    decisions: decisionViews(recorded.verdicts, currency),
    plan: plan === undefined ? null : planOnly(plan),
    planned: plan?.steps.map(plannedStep) ?? [],
    steps: steps.map(pastStep),
    hooks: past.hooksOf(steps.map(({ step }) => step.id)),
  };
}

const planOnly = ({ id, atMs, makespanMs, lowerBoundMs, impossible }: Plan) => ({
  id,
  atMs,
  makespanMs,
  lowerBoundMs,
  impossible,
});

const pastStep = ({ step, begunAtMs, outcome }: RecordedStep): PastStep => ({
  ...plannedStep(step),
  begunAtMs,
  outcome,
});

export const migrationViews = (entries: readonly LedgerEntry[]): MigrationView[] =>
  entries.map(({ step, atMs, move, predicted, realised }) => ({ step, atMs, ...move, predicted, realised }));
