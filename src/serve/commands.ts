/** The routes that command: confirm and reject plans, set the mode. */
import type { DaemonQueries } from '../daemon/queries.ts';
import { MODES, type Mode } from '../domain/profile.ts';
import { type Answer, json, refuse } from './answer.ts';
import { orderAnswer, readDryRun } from './orders.ts';
import type { Ask, Route } from './router.ts';

export function commandRoutes(daemon: DaemonQueries): Route[] {
  return [
    {
      method: 'POST',
      path: '/api/v1/plans/:id/confirm',
      about: 'carry out a plan that waits for it; {"only": [DECISION, …]} no more of it than that',
      answer: (ask) => judgePlan(daemon, ask, 'confirm'),
    },
    {
      method: 'POST',
      path: '/api/v1/plans/:id/reject',
      about: 'drop a plan that waits for confirmation',
      answer: (ask) => judgePlan(daemon, ask, 'reject'),
    },
    {
      method: 'PUT',
      path: '/api/v1/mode',
      about: `set the mode: {"mode": "${MODES.join('" | "')}"}`,
      answer: ({ body }) => setMode(daemon, body),
    },
  ];
}

function judgePlan(daemon: DaemonQueries, { params, body }: Ask, verb: 'confirm' | 'reject'): Answer {
  const id = params.id!;
  if (!daemon.plans().some(({ plan }) => plan.id === id)) return refuse(404, `there is no plan ${id} (any more)`);
  const dryRun = readDryRun(body);
  if (dryRun === undefined) return refuse(400, 'dryRun must be true or false');
  const only = verb === 'confirm' ? readOnly(body) : [];
  if (only === undefined) return refuse(400, 'only must be a list of one or more ids of decisions');
  if (dryRun) return orderAnswer(daemon.operator[verb](id, true, only), true);
  const refusal = daemon[verb](id, only);
  return refusal === undefined ? json({ plan: id }) : refuse(409, refusal);
}

/** Empty: all of it. Undefined where it is no list of names. */
function readOnly(body: unknown): readonly string[] | undefined {
  if (typeof body !== 'object' || body === null || !('only' in body)) return [];
  const { only } = body;
  const isList = Array.isArray(only) && only.length > 0 && only.every((id) => typeof id === 'string');
  return isList ? only : undefined;
}

function setMode(daemon: DaemonQueries, body: unknown): Answer {
  const mode = readMode(body);
  if (mode === undefined) return refuse(400, `the body must be {"mode": …} with one of ${MODES.join(', ')}`);
  const refusal = daemon.setMode(mode);
  return refusal === undefined ? json({ mode }) : refuse(409, refusal);
}

function readMode(body: unknown): Mode | undefined {
  if (typeof body !== 'object' || body === null || !('mode' in body)) return undefined;
  return MODES.find((mode) => mode === body.mode);
}
