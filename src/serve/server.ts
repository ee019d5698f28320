/**
 * serve: the HTTP API, the event stream and the console.
 *
 * May import: domain, ports, telemetry, and of daemon its queries only.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DaemonQueries } from '../daemon/queries.ts';
import { SECOND } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { type Answer, isWhole, refuse, SECURITY_HEADERS } from './answer.ts';
import { assetRoutes } from './assets.ts';
import { readBody } from './body.ts';
import { commandRoutes } from './commands.ts';
import { EventStreams, MOST_STREAMS } from './event-streams.ts';
import { refuseForeign } from './guard.ts';
import { History } from './history.ts';
import { orderRoutes } from './orders.ts';
import { pastRoutes } from './past.ts';
import { REAL_TIME } from './real-time.ts';
import { Router } from './router.ts';
import { readingRoutes } from './routes.ts';
import { sendPieces } from './send-pieces.ts';

const EVENTS_PATH = '/api/v1/events';
const MOST_CONNECTIONS = 512;

export interface ServeParts {
  readonly daemon: DaemonQueries;
  readonly telemetry: Telemetry;
  readonly address: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly log: Log;
  /** Paces the event stream; real time unless a test says otherwise. */
  readonly clock?: Clock;
}

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startServer(parts: ServeParts): Promise<RunningServer | { readonly refusal: string }> {
  const { daemon, telemetry } = parts;
  const streams = new EventStreams(daemon, telemetry, parts.clock ?? REAL_TIME);
  const history = new History();
  const router = new Router([
    ...readingRoutes({ daemon, telemetry, history: () => history.points }),
    ...commandRoutes(daemon),
    ...orderRoutes(daemon),
    ...pastRoutes(daemon),
    ...assetRoutes(),
  ]);
  const server = createServer((request, response) => void respond({ ...parts, router, streams }, request, response));
  limit(server);
  const refusal = await listening(server, parts);
  if (refusal !== undefined) return { refusal };
  const subscription = daemon.events.subscribe((event) => {
    const snapshot = event.kind === 'snapshot' ? daemon.snapshot() : undefined;
    if (snapshot !== undefined) history.add(snapshot);
    streams.heard(event);
  });
  return {
    url: urlOf(server, parts.address),
    close: () => {
      subscription.unsubscribe();
      streams.close();
      return closed(server);
    },
  };
}

interface Desk extends ServeParts {
  readonly router: Router;
  readonly streams: EventStreams;
}

async function respond(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await answerTo(desk, request, response).catch((error: unknown) => {
    desk.log.error(`answering ${request.method} ${request.url} failed: ${String(error)}`);
    return refuse(500, 'the daemon failed to answer; its log says why');
  });
  desk.telemetry.requestAnswered(answer?.status ?? 200);
  if (answer === undefined) return;
  response.writeHead(answer.status, {
    ...SECURITY_HEADERS,
    ...answer.headers,
    'content-type': answer.contentType,
    ...(isWhole(answer.body) && { 'content-length': Buffer.byteLength(answer.body) }),
  });
  if (request.method === 'HEAD') response.end();
  else if (isWhole(answer.body)) response.end(answer.body);
  else await sendPieces(answer.body, response, desk.log);
}

/** Nothing when the response has become an event stream. */
async function answerTo(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<Answer | undefined> {
  const { method = 'GET', headers } = request;
  const foreign = refuseForeign({ method, headers, boundAddress: desk.address });
  if (foreign !== undefined) return foreign;
  const [path, query] = splitUrl(request.url ?? '/');
  const { accept = '' } = headers;
  if (path === EVENTS_PATH && method === 'GET') {
    const refusal = `${MOST_STREAMS} clients follow the event stream already; close one and try again`;
    return desk.streams.add(response) ? undefined : refuse(503, refusal);
  }
  const match = desk.router.match(method, path);
  if ('refusal' in match) return match.refusal;
  const body = await readBody(request);
  if ('refusal' in body) return body.refusal;
  return match.route.answer({ params: match.params, query: new URLSearchParams(query), accept, body: body.value });
}

function splitUrl(url: string): [path: string, query: string] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}

function limit(server: Server): void {
  server.maxConnections = MOST_CONNECTIONS;
  server.headersTimeout = 10 * SECOND;
  server.requestTimeout = 30 * SECOND;
}

function listening(server: Server, { address, port }: ServeParts): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(refusalWords(error, address, port)));
    server.listen(port, address, () => resolve(undefined));
  });
}

function refusalWords(error: NodeJS.ErrnoException, address: string, port: number): string {
  const place = `${address}:${port}`;
  const known: Readonly<Record<string, string>> = {
    EADDRINUSE: `something else listens on ${place} already; stop it, or set listen.port to another port`,
    EACCES: `this user may not listen on ${place}; set listen.port to a port above 1023`,
    EADDRNOTAVAIL: `this machine has no address ${address}; set listen.address to one it has, 127.0.0.1 for instance`,
    ENOTFOUND: `listen.address "${address}" is neither an address nor a name that resolves; 127.0.0.1 would be right`,
  };
  return known[error.code ?? ''] ?? `listening on ${place} failed: ${error.message}`;
}

function urlOf(server: Server, address: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}/`;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
