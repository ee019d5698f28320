/** The routes that read: health, metrics and the API. */
import type { DaemonQueries } from '../daemon/queries.ts';
import type { Verdicts } from '../domain/decision.ts';
import { POWER_STATES } from '../domain/power.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { CONTENT_TYPE, formatFor } from '../telemetry/exposition.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { type Answer, json, refuse, text } from './answer.ts';
import type { DecisionView, HistoryPoint, RulesView, VmDetail } from './api.ts';
import { decisionDetail, stepViews } from './decision-detail.ts';
import { pageOf, readSlice } from './query.ts';
import type { Ask, Route } from './router.ts';
import { decisionViews, hostDetail, hostStatus, planDetail, planView, statusView, vmStatuses } from './views.ts';

export interface Sources {
  readonly daemon: DaemonQueries;
  readonly telemetry: Telemetry;
  readonly history: () => readonly HistoryPoint[];
}

export function readingRoutes(sources: Sources): Route[] {
  return [...healthRoutes(sources), ...fleetRoutes(sources), ...decisionRoutes(sources)];
}

function healthRoutes({ daemon, telemetry, history }: Sources): Route[] {
  return [
    get('/healthz', 'whether the process is alive', () => json({ alive: true })),
    get('/readyz', 'whether it does its work, and if not, why', () => {
      const { notReadyBecause } = daemon.status();
      return notReadyBecause === '' ? json({ ready: true }) : refuse(503, notReadyBecause);
    }),
    get('/metrics', 'metrics for Prometheus, as OpenMetrics for those who accept it', ({ accept }) => {
      const format = formatFor(accept);
      return text(telemetry.scrape(format), CONTENT_TYPE[format]);
    }),
    get('/api/v1/status', 'the daemon and the fleet in figures', () =>
      json(statusView(daemon.status(), daemon.snapshot(), daemon.verdicts()[0])),
    ),
    get('/api/v1/forecast', 'by which methods VMs are foreseen, and how many not yet', () =>
      json(daemon.forecastState()),
    ),
    get('/api/v1/policies', 'the policies that are loaded', () => json(daemon.policies())),
    get('/api/v1/history', 'the fleet over the last minutes', () => json(history())),
  ];
}

function fleetRoutes({ daemon }: Sources): Route[] {
  return [
    get('/api/v1/snapshot', 'the present situation as a case file', () => {
      const caseText = daemon.caseText();
      return caseText === undefined ? noSnapshot(daemon) : text(caseText, 'application/json; charset=utf-8');
    }),
    get('/api/v1/hosts', 'hosts; ?rack= ?power= ?limit= ?offset=', (ask) =>
      withSnapshot(daemon, (snapshot) => hostPage(snapshot, ask, daemon.verdicts()[0])),
    ),
    get('/api/v1/hosts/:id', 'one host with its VMs', ({ params }) =>
      withSnapshot(daemon, (snapshot) => {
        const h = snapshot.hosts.index.get(params.id!);
        return h === undefined
          ? refuse(404, `there is no host ${params.id}`)
          : json({ ...hostDetail(snapshot, h, daemon.verdicts()[0]), ...daemon.observed('host', params.id!) });
      }),
    ),
    get('/api/v1/vms', 'VMs; ?host= ?limit= ?offset=', (ask) =>
      withSnapshot(daemon, (snapshot) => vmPage(snapshot, ask)),
    ),
    get('/api/v1/vms/:id', 'one VM with the decisions and steps that concern it', ({ params }) =>
      withSnapshot(daemon, (snapshot) => {
        const v = snapshot.vms.index.get(params.id!);
        return v === undefined ? refuse(404, `there is no VM ${params.id}`) : json(vmDetail(daemon, snapshot, v));
      }),
    ),
    get('/api/v1/rules', 'declared rules, what breaks them, and what cannot be repaired', () =>
      withSnapshot(daemon, (snapshot) => {
        const newest = daemon.verdicts()[0];
        const view: RulesView = {
          rules: snapshot.rules,
          violations: newest?.violations ?? [],
          unrepaired: newest?.unrepaired ?? [],
        };
        return json(view);
      }),
    ),
  ];
}

function decisionRoutes({ daemon }: Sources): Route[] {
  return [
    get('/api/v1/decisions', 'decisions, newest first; ?verdict=accepted|refused ?vm= ?limit= ?offset=', (ask) =>
      decisionPage(daemon, ask),
    ),
    get('/api/v1/decisions/:id', 'one decision with its plan, its steps and how old its data was', ({ params }) => {
      const found = decisionDetail(daemon, allDecisions(daemon), params.id!);
      return found === undefined ? refuse(404, `there is no decision ${params.id} (any more)`) : json(found);
    }),
    get('/api/v1/plans', 'plans, newest first', () => json(daemon.plans().map(planView))),
    get('/api/v1/plans/:id', 'one plan with its steps and what they are for', ({ params }) => {
      const found = daemon.plans().find(({ plan }) => plan.id === params.id);
      if (found === undefined) return refuse(404, `there is no plan ${params.id} (any more)`);
      return json(planDetail(found, allDecisions(daemon)));
    }),
    get('/api/v1/steps', 'steps under way, queued and lately ended; ?limit= ?offset=', ({ query }) => {
      const slice = readSlice(query);
      return 'refusal' in slice
        ? slice.refusal
        : json(pageOf(daemon.steps(), slice, (steps) => stepViews(daemon, steps)));
    }),
  ];
}

function get(path: string, about: string, answer: Route['answer']): Route {
  return { method: 'GET', path, about, answer };
}

const noSnapshot = (daemon: DaemonQueries): Answer =>
  refuse(503, `${daemon.status().notReadyBecause}; try again in a moment`);

function withSnapshot(daemon: DaemonQueries, answer: (snapshot: Snapshot) => Answer): Answer {
  const snapshot = daemon.snapshot();
  return snapshot === undefined ? noSnapshot(daemon) : answer(snapshot);
}

function hostPage(snapshot: Snapshot, { query }: Ask, newest: Verdicts | undefined): Answer {
  const slice = readSlice(query);
  if ('refusal' in slice) return slice.refusal;
  const rack = query.get('rack');
  const power = query.get('power');
  const { hosts, pools } = snapshot;
  const isWanted = (h: number) =>
    (rack === null || pools.texts[hosts.rackText[h]!] === rack) &&
    (power === null || POWER_STATES[hosts.power[h]!] === power);
  const wanted = Array.from(hosts.ids.keys()).filter(isWanted);
  return json(pageOf(wanted, slice, (indices) => indices.map((h) => hostStatus(snapshot, h, newest))));
}

function vmPage(snapshot: Snapshot, { query }: Ask): Answer {
  const slice = readSlice(query);
  if ('refusal' in slice) return slice.refusal;
  const host = query.get('host');
  const h = host === null ? undefined : snapshot.hosts.index.get(host);
  if (host !== null && h === undefined) return refuse(404, `there is no host ${host}`);
  const { ids, host: hostOf } = snapshot.vms;
  const wanted = Array.from(ids.keys()).filter((v) => h === undefined || hostOf[v] === h);
  return json(pageOf(wanted, slice, (indices) => vmStatuses(snapshot, indices)));
}

function vmDetail(daemon: DaemonQueries, snapshot: Snapshot, v: number): VmDetail {
  const [vm] = vmStatuses(snapshot, [v]);
  const steps = daemon.steps().filter(({ step }) => step.change.kind === 'move' && step.change.vm === vm!.id);
  return {
    ...vm!,
    ...daemon.observed('vm', vm!.id),
    decisions: allDecisions(daemon).filter((one) => concerns(one, vm!.id)),
    steps: stepViews(daemon, steps),
  };
}

function decisionPage(daemon: DaemonQueries, { query }: Ask): Answer {
  const slice = readSlice(query);
  if ('refusal' in slice) return slice.refusal;
  const verdict = query.get('verdict');
  if (verdict !== null && verdict !== 'accepted' && verdict !== 'refused') {
    return refuse(400, `verdict must be accepted or refused, not "${verdict}"`);
  }
  const vm = query.get('vm');
  const wanted = allDecisions(daemon).filter(
    (one) => (verdict === null || one.accepted === (verdict === 'accepted')) && (vm === null || concerns(one, vm)),
  );
  return json(pageOf(wanted, slice, (items) => items));
}

function allDecisions(daemon: DaemonQueries): DecisionView[] {
  const { currency } = daemon.status().prices;
  return daemon.verdicts().flatMap((verdicts) => decisionViews(verdicts, currency));
}

const concerns = (decision: DecisionView, vm: string) =>
  decision.changes.some((change) => change.kind === 'move' && change.vm === vm);
