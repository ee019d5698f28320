/** The routes that look back, farther than memory reaches: into the journal. */
import type { DaemonQueries } from '../daemon/queries.ts';
import { isAccepted } from '../domain/decision.ts';
import { decisionWords, someOf } from '../domain/decision-words.ts';
import type { Plan } from '../domain/plan.ts';
import type { RecordedCycle } from '../ports/history.ts';
import type { RecordedStep } from '../ports/journal.ts';
import { type Answer, json, refuse, text } from './answer.ts';
import type { CycleDetail, CycleView, PastStep } from './api.ts';
import { readSlice } from './query.ts';
import type { Ask, Route } from './router.ts';
import { decisionViews, plannedStep } from './views.ts';

const MOST_NAMED = 2;

export function pastRoutes(daemon: DaemonQueries): Route[] {
  const get = (path: string, about: string, answer: Route['answer']): Route => ({ method: 'GET', path, about, answer });
  const about = ({ params }: Ask, answer: (recorded: RecordedCycle) => Answer) => {
    const recorded = /^\d{1,15}$/.test(params.id!) ? daemon.past.cycle(Number(params.id)) : undefined;
    return recorded === undefined
      ? refuse(404, `there is no cycle ${params.id} in the history (any more)`)
      : answer(recorded);
  };
  return [
    get('/api/v1/cycles', 'cycles of the past, newest first; ?limit= ?before=', (ask) => page(daemon, ask)),
    get('/api/v1/cycles/:id', 'one cycle with its decisions, its plan, its steps and how they ended', (ask) =>
      about(ask, (recorded) => json(cycleDetail(daemon, recorded))),
    ),
    get('/api/v1/cycles/:id/case', 'what the cycle went by, as a case file', (ask) =>
      about(ask, ({ cycle }) => {
        const caseText = daemon.past.caseText(cycle);
        if (caseText === undefined) return refuse(404, `of cycle ${cycle} no case was kept`);
        return text(caseText, 'application/json; charset=utf-8');
      }),
    ),
  ];
}

function page(daemon: DaemonQueries, { query }: Ask): Answer {
  const slice = readSlice(query);
  if ('refusal' in slice) return slice.refusal;
  const before = query.get('before');
  if (before !== null && !/^\d{1,15}$/.test(before)) {
    return refuse(400, `before must be the number of a cycle, not "${before}"`);
  }
  const { currency } = daemon.status().prices;
  const cycles = daemon.past.cycles(slice.limit, before === null ? undefined : Number(before));
  return json(cycles.map((recorded) => cycleView(recorded, currency)));
}

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

function cycleDetail(daemon: DaemonQueries, recorded: RecordedCycle): CycleDetail {
  const { past } = daemon;
  const { currency } = daemon.status().prices;
  const plan = past.planOf(recorded.cycle);
  const steps = plan === undefined ? [] : past.stepsOf(plan.id);
  return {
    ...cycleView(recorded, currency),
    decisions: decisionViews(recorded.verdicts, currency),
    plan: plan === undefined ? null : planOnly(plan),
    planned: plan?.steps.map(plannedStep) ?? [],
    steps: steps.map(pastStep),
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
