/**
 * Keeps pages of other origins from commanding or reading the daemon. A browser names the page's origin and the host it
 * believes to talk to; what neither an attacker's page nor a name that its DNS points here can send is let through.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { Answer } from './answer.ts';
import { refuse } from './answer.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

const isLoopback = (address: string): boolean => LOOPBACK.test(address);

export interface Approach {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** The address that the server was told to bind to. */
  readonly boundAddress: string;
}

/** Nothing when the request may pass. */
export function refuseForeign({ method, headers, boundAddress }: Approach): Answer | undefined {
  const commands = method !== 'GET' && method !== 'HEAD';
  const host = hostName(headers.host ?? '');
  const isOurs = host === boundAddress || isLoopback(host) || (isIP(host) > 0 && !isLoopback(boundAddress));
  if (!isOurs && (commands || isLoopback(boundAddress))) {
    return refuse(403, `this server is not asked by the name "${host}"; use its IP address or localhost`);
  }
  if (!commands) return undefined;
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) {
    return refuse(403, `pages of ${headers.origin} may not command this daemon`);
  }
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim();
  if (type !== 'application/json') {
    return refuse(
      415,
      `commands are sent with content-type application/json, not ${type === '' ? 'without one' : type}`,
    );
  }
  return undefined;
}

/** The name in a Host header, without port and brackets. */
function hostName(header: string): string {
  return header
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}
