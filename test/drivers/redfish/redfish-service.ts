import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServiceTraits {
  readonly sessions?: boolean;
  readonly systems?: readonly string[];
  readonly resets?: readonly string[];
  readonly meter?: 'EnvironmentMetrics' | 'Power' | 'none';
}

const USER = 'drover';
export const PASSWORD = 'secret';
const BASIC = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
const SYSTEMS = '/redfish/v1/Systems';
const SESSIONS = '/redfish/v1/SessionService/Sessions';

/** A BMC as the standard describes it, small, on loopback. */
export class RedfishService {
  readonly told: string[] = [];
  power = 'On';
  watts = 187;
  #logins = 0;
  readonly #open = new Set<string>();
  readonly #traits: Required<ServiceTraits>;
  readonly #server: Server;

  constructor(traits: ServiceTraits = {}) {
    const usual = {
      sessions: true,
      systems: ['1'],
      resets: ['On', 'ForceOff', 'GracefulShutdown'],
      meter: 'Power',
    } as const;
    this.#traits = { ...usual, ...traits };
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async listen(): Promise<URL> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  get logins(): number {
    return this.#logins;
  }

  get openSessions(): number {
    return this.#open.size;
  }

  forgetSessions(): void {
    this.#open.clear();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body = text === '' ? undefined : (JSON.parse(text) as Record<string, string>);
    const [status, answer, headers] = this.#answerTo(request, body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(answer));
  }

  #answerTo(request: IncomingMessage, body?: Record<string, string>): [number, unknown, Record<string, string>?] {
    const { method, url = '' } = request;
    if (method === 'POST' && url === SESSIONS && this.#traits.sessions) return this.#login(body);
    if (!this.#isAllowed(request)) return [401, {}];
    if (method === 'DELETE') return [this.#open.delete(url.split('/').at(-1) ?? '') ? 204 : 404, {}];
    if (method === 'POST') return this.#reset(url, body?.ResetType ?? '');
    const found = this.#pages()[url];
    return found === undefined ? [404, {}] : [200, found];
  }

  #login(body?: Record<string, string>): [number, unknown, Record<string, string>?] {
    if (body?.UserName !== USER || body.Password !== PASSWORD) return [401, {}];
    const token = `t${++this.#logins}`;
    this.#open.add(token);
    return [201, {}, { 'x-auth-token': token, location: `http://bmc.example${SESSIONS}/${token}` }];
  }

  #isAllowed({ headers }: IncomingMessage): boolean {
    const token = headers['x-auth-token'];
    if (typeof token === 'string') return this.#open.has(token);
    return !this.#traits.sessions && headers.authorization === BASIC;
  }

  #reset(url: string, kind: string): [number, unknown] {
    this.told.push(`${url.split('/').at(4)} ${kind}`);
    if (!this.#traits.resets.includes(kind)) {
      return [400, { error: { '@Message.ExtendedInfo': [{ Message: `${kind} is not to be had` }] } }];
    }
    this.power = kind === 'On' ? 'On' : 'Off';
    return [204, {}];
  }

  #pages(): Record<string, unknown> {
    const { systems, resets, meter } = this.#traits;
    const link = (path: string) => ({ '@odata.id': path });
    const chassis = '/redfish/v1/Chassis/c';
    const pages: Record<string, unknown> = {
      [SYSTEMS]: { Members: systems.map((name) => link(`${SYSTEMS}/${name}`)) },
      [chassis]: meter === 'none' ? {} : { [meter]: link(`${chassis}/${meter}`) },
      [`${chassis}/Power`]: { PowerControl: [{ PowerConsumedWatts: this.watts }] },
      [`${chassis}/EnvironmentMetrics`]: { PowerWatts: { Reading: this.watts } },
    };
    for (const name of systems) {
      const target = `${SYSTEMS}/${name}/Actions/ComputerSystem.Reset`;
      pages[`${SYSTEMS}/${name}`] = {
        PowerState: this.power,
        Links: { Chassis: [link(chassis)] },
        Actions: { '#ComputerSystem.Reset': { target, 'ResetType@Redfish.AllowableValues': resets } },
      };
    }
    return pages;
  }
}
