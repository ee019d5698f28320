import { Client } from '../serve/client.ts';
import type { Call } from './command.ts';

const DEFAULT_URL = 'http://127.0.0.1:7070';

/** For commands that ask the daemon. */
export const DAEMON_OPTIONS = {
  url: { kind: 'text', placeholder: 'URL', about: `Where the daemon is; otherwise $DROVER_URL, or ${DEFAULT_URL}` },
} as const;

export const PAGE_OPTIONS = {
  ...DAEMON_OPTIONS,
  limit: { kind: 'number', placeholder: 'N', about: 'At most so many, newest or first ones' },
} as const;

export function clientOf({
  options,
  io,
}: { options: { readonly url: string | undefined } } & Pick<Call, 'io'>): Client {
  const [name, url] = options.url === undefined ? ['$DROVER_URL', io.env.DROVER_URL] : ['--url', options.url];
  if (url !== undefined && !isAddress(url)) throw new WrongAddress(name, url);
  return new Client(url ?? DEFAULT_URL);
}

/** Asking there can lead to nothing, whether a daemon runs or not. */
export class WrongAddress extends Error {
  override readonly name = 'WrongAddress';

  constructor(what: string, given: string) {
    super(`${what} is "${given}", should be an address such as ${DEFAULT_URL}`);
  }
}

const isAddress = (url: string): boolean => /^https?:$/.test(URL.parse(url)?.protocol ?? '');

/** What was asked for, without what was not. */
export function asked<T extends object>(query: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** Below a table that does not show everything. */
export function moreLine(shown: number, total: number): string[] {
  return shown < total ? [`… ${total - shown} more; --limit N shows more of them`] : [];
}
