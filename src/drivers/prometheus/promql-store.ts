import { SECOND } from '../../domain/units.ts';
import { spanWords } from '../../domain/words.ts';
import type { Answer } from './answers.ts';
import { readAnswer, readRefusal } from './answers.ts';

export interface StoreAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** Asks a store over HTTP. What goes wrong is thrown as a sentence about the store. */
export class PromqlStore {
  readonly #address: StoreAddress;
  readonly #base: string;

  constructor(address: StoreAddress) {
    this.#address = address;
    this.#base = `${address.url.replace(/\/+$/, '')}/api/v1`;
  }

  /** As it is now, by the store's clock. */
  now(query: string): Promise<Answer> {
    return this.#ask('query', { query });
  }

  past(query: string, { fromMs, toMs, stepMs }: Span): Promise<Answer> {
    const inSeconds = (ms: number) => String(ms / SECOND);
    const span = { start: inSeconds(fromMs), end: inSeconds(toMs), step: inSeconds(stepMs) };
    return this.#ask('query_range', { query, ...span });
  }

  /** By POST, because queries can be longer than an address may be. */
  async #ask(path: string, parameters: Readonly<Record<string, string>>): Promise<Answer> {
    const { headers, timeoutSeconds } = this.#address;
    const request = {
      method: 'POST',
      headers,
      body: new URLSearchParams(parameters),
      signal: AbortSignal.timeout(timeoutSeconds * SECOND),
    };
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.#base}/${path}`, request);
      text = await response.text();
    } catch (error) {
      throw new Error(this.#outageWords(error));
    }
    if (!response.ok) throw new Error(this.#refusalWords(response.status, text));
    return readAnswer(text);
  }

  #outageWords(error: unknown): string {
    const { url, timeoutSeconds } = this.#address;
    if (error instanceof Error && error.name === 'TimeoutError') {
      return `${url} does not answer within ${spanWords(timeoutSeconds * SECOND)}`;
    }
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return `${url} cannot be reached: ${cause instanceof Error ? codeOf(cause) || cause.message : String(cause)}`;
  }

  #refusalWords(status: number, text: string): string {
    const { url } = this.#address;
    const because = readRefusal(text);
    if (status === UNAUTHORISED || status === FORBIDDEN)
      return `${url} wants to know who asks (${status}): set headers`;
    if (status === NOT_FOUND && because === undefined) return `there is no ${this.#base}: is the url right?`;
    return `${url} refuses (${status}): ${because ?? (text.trim().slice(0, MOST_QUOTED) || 'no reason given')}`;
  }
}

const UNAUTHORISED = 401;
const FORBIDDEN = 403;
const NOT_FOUND = 404;
const MOST_QUOTED = 200;

const CODE_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up',
  ECONNRESET: 'the connection broke off',
  UND_ERR_SOCKET: 'the connection broke off',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
};

/** An attempt by several addresses fails with several errors, of which the first says enough. */
function codeOf(error: Error): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && 'code' in first ? String(first.code) : '';
  return CODE_WORDS[code] ?? code;
}
