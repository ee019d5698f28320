/** What the server may say. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
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

export function text(body: string, contentType: string): Answer {
  return { status: 200, contentType, body };
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
