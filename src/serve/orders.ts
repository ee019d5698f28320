/** The routes by which persons order single things, and see what stands of that. Each can be tried with `dryRun`. */
import type { Operator, Reply } from '../daemon/operator.ts';
import type { DaemonQueries } from '../daemon/queries.ts';
import { type Answer, json, refuse } from './answer.ts';
import type { OrderView } from './api.ts';
import type { Ask, Route } from './router.ts';
import { plannedStep } from './views.ts';

type Give = (operator: Operator, id: string, dryRun: boolean) => Reply;

const HOST_VERBS: readonly [verb: string, about: string, give: Give][] = [
  ['drain', 'empty the host and keep it empty', (operator, id, dryRun) => operator.drain(id, dryRun)],
  ['undrain', 'let VMs onto the host again', (operator, id, dryRun) => operator.undrain(id, dryRun)],
  ['clear', 'trust a suspect host again', (operator, id, dryRun) => operator.clear(id, dryRun)],
  ['prove', 'switch the host off and on for a trial', (operator, id, dryRun) => operator.prove(id, dryRun)],
  ['vouch', 'answer for it that the host comes back', (operator, id, dryRun) => operator.vouch(id, dryRun)],
];

export function orderRoutes({ operator }: DaemonQueries): Route[] {
  const post = (path: string, about: string, give: (ask: Ask, dryRun: boolean) => Reply | Answer): Route => {
    return {
      method: 'POST',
      path: `/api/v1/${path}`,
      about: `${about}; {"dryRun": true} only tries it`,
      answer: (ask) => ordered(ask, give),
    };
  };
  return [
    {
      method: 'GET',
      path: '/api/v1/orders',
      about: 'what persons have ordered and stands',
      answer: () => json(operator.standing()),
    },
    ...HOST_VERBS.map(([verb, about, give]) =>
      post(`hosts/:id/${verb}`, about, ({ params }, dryRun) => give(operator, params.id!, dryRun)),
    ),
    post('hosts/:id/power', 'switch the host: {"to": "on" | "off"}', ({ params, body }, dryRun) => {
      const to = field(body, 'to');
      if (to !== 'on' && to !== 'off') return refuse(400, 'the body must say "to": "on" or "off"');
      return operator.power(params.id!, to, dryRun);
    }),
    post('vms/:id/migrate', 'migrate the VM: {"to": HOST}', ({ params, body }, dryRun) => {
      const to = field(body, 'to');
      if (typeof to !== 'string' || to === '') return refuse(400, 'the body must say "to": the name of a host');
      return operator.migrate(params.id!, to, dryRun);
    }),
    post('steps/:id/cancel', 'cancel a step', ({ params }, dryRun) => operator.cancel(params.id!, dryRun)),
    post('pause', 'start nothing any more', (_, dryRun) => operator.pause(dryRun)),
    post('resume', 'go on after a pause', (_, dryRun) => operator.resume(dryRun)),
  ];
}

function ordered(ask: Ask, give: (ask: Ask, dryRun: boolean) => Reply | Answer): Answer {
  const dryRun = readDryRun(ask.body);
  if (dryRun === undefined) return refuse(400, 'dryRun must be true or false');
  const reply = give(ask, dryRun);
  return 'status' in reply ? reply : orderAnswer(reply, dryRun);
}

/** What was done, or the sentence that says why not. */
export function orderAnswer(reply: Reply, dryRun: boolean): Answer {
  if ('refusal' in reply) return refuse(409, reply.refusal);
  const { words, steps, endsAtMs } = reply;
  const view: OrderView = { dryRun, words, steps: steps.map(plannedStep), endsAtMs };
  return json(view);
}

/** Undefined where it is neither true nor false. */
export function readDryRun(body: unknown): boolean | undefined {
  const dryRun = field(body, 'dryRun') ?? false;
  return typeof dryRun === 'boolean' ? dryRun : undefined;
}

function field(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}
