/** The routes that look back, farther than memory reaches: into the journal. */
import type { DaemonQueries } from '../daemon/queries.ts';
import type { RecordedCycle } from '../ports/history.ts';
import { type Answer, json, refuse, text } from './answer.ts';
import { cycleDetail, cycleViews, migrationViews } from './past-views.ts';
import { readSlice } from './query.ts';
import type { Ask, Route } from './router.ts';

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
      about(ask, (recorded) => json(cycleDetail(daemon.past, recorded, daemon.status().prices.currency))),
    ),
    get('/api/v1/migrations', 'what migrations were expected to take and took, newest first; ?limit=', (ask) =>
      migrations(daemon, ask),
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
  return json(cycleViews(cycles, currency));
}

function migrations(daemon: DaemonQueries, { query }: Ask): Answer {
  const slice = readSlice(query);
  return 'refusal' in slice ? slice.refusal : json(migrationViews(daemon.past.migrations(slice.limit)));
}
