/** A PromQL store as small as can be: it answers on loopback with what the test gives it for each query. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Given {
  readonly status?: number;
  readonly text: string;
}

export interface FakeStore {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Undefined: it never answers. */
  give: (asked: Asked) => Given | undefined;
  close(): Promise<void>;
}

export async function openFakeStore(give: FakeStore['give']): Promise<FakeStore> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const question = { path: request.url ?? '', parameters: new URLSearchParams(body), headers: request.headers };
    asked.push(question);
    const given = store.give(question);
    if (given !== undefined) response.writeHead(given.status ?? 200).end(given.text);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((closed) => server.close(() => closed()));
  };
  const store: FakeStore = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, give, close };
  return store;
}

export type Series = readonly [labels: Readonly<Record<string, string>>, ...values: readonly string[]];

/** What a store says to an instant query, at this many seconds. */
export function vector(atS: number, series: readonly Series[], warnings?: readonly string[]): Given {
  const result = series.map(([metric, value]) => ({ metric, value: [atS, value] }));
  return { text: JSON.stringify({ status: 'success', warnings, data: { resultType: 'vector', result } }) };
}

export function matrix(startS: number, stepS: number, series: readonly Series[]): Given {
  const result = series.map(([metric, ...values]) => ({
    metric,
    values: values.map((value, place) => [startS + place * stepS, value]),
  }));
  return { text: JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }) };
}

export const refusal = (status: number, error: string): Given => ({
  status,
  text: JSON.stringify({ status: 'error', errorType: 'bad_data', error }),
});
