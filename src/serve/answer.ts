/** What the server may say. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  /** In pieces where there may be very much of it; each piece is good until the next is asked for. */
  readonly body: string | Buffer | AsyncIterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
}

const JSON_TYPE = 'application/json; charset=utf-8';

export function json(value: unknown, status = 200): Answer {
  return { status, contentType: JSON_TYPE, body: `${JSON.stringify(value)}\n` };
}

/** An answer other than what was asked for, with one sentence that says why. */
export function refuse(status: number, error: string, more: Readonly<Record<string, unknown>> = {}): Answer {
  return json({ error, ...more }, status);
}

export function text(body: Answer['body'], contentType: string): Answer {
  return { status: 200, contentType, body };
}

/** False: it is sent in pieces, and nobody knows how long it will be. */
export function isWhole(body: Answer['body']): body is string | Buffer {
  return typeof body === 'string' || Buffer.isBuffer(body);
}

/** No script, style, image or connection but this server's own, and no page of others may frame it. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
};
