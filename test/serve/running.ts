import { request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { LogFields } from '../../src/ports/log.ts';
import { type RunningServer, type ServeParts, startServer } from '../../src/serve/server.ts';
import type { Telemetry } from '../../src/telemetry/telemetry.ts';
import { telemetryOf } from '../telemetry/scrape.ts';
import { FakeDaemon } from './fake-daemon.ts';

export interface Served extends RunningServer {
  readonly daemon: FakeDaemon;
  readonly telemetry: Telemetry;
  readonly logged: string[];
}

/** A server on a free port of loopback, which closes when the test ends. */
export async function serve(parts: Partial<ServeParts> & { readonly daemon?: FakeDaemon } = {}): Promise<Served> {
  const daemon = parts.daemon ?? new FakeDaemon();
  const telemetry = telemetryOf();
  const logged: string[] = [];
  const log = { debug: note, info: note, warn: note, error: note };
  function note(sentence: string, _fields?: LogFields): void {
    logged.push(sentence);
  }
  const server = await startServer({ daemon, telemetry, address: '127.0.0.1', port: 0, log, ...parts });
  if ('refusal' in server) throw new Error(server.refusal);
  onTestFinished(() => server.close());
  return { ...server, daemon, telemetry, logged };
}

export interface Reply {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

/** `fetch` forbids to name another host than the one that is asked. */
export function ask(url: string, method = 'GET', headers: Record<string, string> = {}, body = ''): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
