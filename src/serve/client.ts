/** The API from the other side: what the command line uses. */
import type { Standing } from '../daemon/operator.ts';
import type { Mode } from '../domain/profile.ts';
import type {
  CycleDetail,
  CycleView,
  DecisionView,
  HostDetail,
  HostStatus,
  MigrationView,
  OrderView,
  Page,
  PlanDetail,
  PlanView,
  PolicyStatus,
  RulesView,
  StatusView,
  StepView,
  VmDetail,
  VmStatus,
} from './api.ts';

/** Nobody answers there. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The daemon said no; the message is its sentence. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;

  constructor(sentence: string, status: number) {
    super(sentence);
    this.status = status;
  }
}

export interface PageQuery {
  readonly limit?: number;
  readonly offset?: number;
}

export interface HostQuery extends PageQuery {
  readonly rack?: string;
  readonly power?: string;
}

export interface VmQuery extends PageQuery {
  readonly host?: string;
}

export interface DecisionQuery extends PageQuery {
  readonly verdict?: 'accepted' | 'refused';
  readonly vm?: string;
}

export interface CycleQuery {
  readonly limit?: number;
  readonly before?: number;
}

export interface OrderBody {
  readonly dryRun: boolean;
}

export type HostVerb = 'drain' | 'undrain' | 'clear' | 'prove' | 'vouch';

export class Client {
  readonly #baseUrl: string;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  }

  status(): Promise<StatusView> {
    return this.#get('status');
  }

  hosts(query: HostQuery = {}): Promise<Page<HostStatus>> {
    return this.#get('hosts', query);
  }

  host(id: string): Promise<HostDetail> {
    return this.#get(`hosts/${encodeURIComponent(id)}`);
  }

  vms(query: VmQuery = {}): Promise<Page<VmStatus>> {
    return this.#get('vms', query);
  }

  vm(id: string): Promise<VmDetail> {
    return this.#get(`vms/${encodeURIComponent(id)}`);
  }

  decisions(query: DecisionQuery = {}): Promise<Page<DecisionView>> {
    return this.#get('decisions', query);
  }

  plans(): Promise<readonly PlanView[]> {
    return this.#get('plans');
  }

  plan(id: string): Promise<PlanDetail> {
    return this.#get(`plans/${encodeURIComponent(id)}`);
  }

  steps(query: PageQuery = {}): Promise<Page<StepView>> {
    return this.#get('steps', query);
  }

  policies(): Promise<readonly PolicyStatus[]> {
    return this.#get('policies');
  }

  rules(): Promise<RulesView> {
    return this.#get('rules');
  }

  /** The present situation as the text of a case file. */
  async caseText(): Promise<string> {
    return (await this.#fetch('snapshot')).text();
  }

  async confirm(planId: string, dryRun = false, only: readonly string[] = []): Promise<void> {
    const body = { ...(dryRun && { dryRun }), ...(only.length > 0 && { only }) };
    await this.#send('POST', `plans/${encodeURIComponent(planId)}/confirm`, body);
  }

  async reject(planId: string, dryRun = false): Promise<void> {
    await this.#send('POST', `plans/${encodeURIComponent(planId)}/reject`, dryRun ? { dryRun } : {});
  }

  orders(): Promise<Standing> {
    return this.#get('orders');
  }

  /** An order about one host. */
  async orderHost(verb: HostVerb, host: string, body: OrderBody): Promise<OrderView> {
    return this.#order(`hosts/${encodeURIComponent(host)}/${verb}`, body);
  }

  async migrate(vm: string, to: string, body: OrderBody): Promise<OrderView> {
    return this.#order(`vms/${encodeURIComponent(vm)}/migrate`, { ...body, to });
  }

  async power(host: string, to: 'on' | 'off', body: OrderBody): Promise<OrderView> {
    return this.#order(`hosts/${encodeURIComponent(host)}/power`, { ...body, to });
  }

  async cancel(step: string, body: OrderBody): Promise<OrderView> {
    return this.#order(`steps/${encodeURIComponent(step)}/cancel`, body);
  }

  async pause(body: OrderBody): Promise<OrderView> {
    return this.#order('pause', body);
  }

  async resume(body: OrderBody): Promise<OrderView> {
    return this.#order('resume', body);
  }

  cycles(query: CycleQuery = {}): Promise<readonly CycleView[]> {
    return this.#get('cycles', query);
  }

  cycle(cycle: string): Promise<CycleDetail> {
    return this.#get(`cycles/${encodeURIComponent(cycle)}`);
  }

  migrations(query: PageQuery = {}): Promise<readonly MigrationView[]> {
    return this.#get('migrations', query);
  }

  /** What a cycle of the past went by, as the text of a case file. */
  async cycleCase(cycle: string): Promise<string> {
    return (await this.#fetch(`cycles/${encodeURIComponent(cycle)}/case`)).text();
  }

  async setMode(mode: Mode): Promise<void> {
    await this.#send('PUT', 'mode', { mode });
  }

  async #get<T>(path: string, query: object = {}): Promise<T> {
    const search = new URLSearchParams(
      Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
    ).toString();
    return (await this.#fetch(search === '' ? path : `${path}?${search}`)).json() as Promise<T>;
  }

  async #order(path: string, body: object): Promise<OrderView> {
    return (await this.#send('POST', path, body)).json() as Promise<OrderView>;
  }

  #send(method: 'POST' | 'PUT', path: string, body: object): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return this.#fetch(path, { method, headers, body: JSON.stringify(body) });
  }

  async #fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(`${this.#baseUrl}api/v1/${path}`, init).catch(() => {
      throw new Unreachable(
        `no daemon answers at ${this.#baseUrl}; start one with \`npm start\` or name another with --url`,
      );
    });
    if (!response.ok) throw new Refused(await sentenceOf(response), response.status);
    return response;
  }
}

async function sentenceOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  if (typeof body === 'object' && body !== null && 'error' in body) return String(body.error);
  return `${response.url} answered ${response.status} and is probably no Drover`;
}
