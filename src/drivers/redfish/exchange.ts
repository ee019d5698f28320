import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecure, type TLSSocket } from 'node:tls';
import { MIB, SECOND } from '../../domain/units.ts';

/** Whom to believe that it is the BMC: the usual authorities, one of one's own, or one certificate alone. */
export type Trust =
  | { readonly kind: 'authorities' }
  | { readonly kind: 'authority'; readonly file: string }
  | { readonly kind: 'fingerprint'; readonly sha256: string };

export interface Question {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: unknown;
}

const MOST_MS = 20 * SECOND;
const MOST_BYTES = MIB;
const HTTPS_PORT = 443;
const HTTP_PORT = 80;

/** One question on a connection of its own: BMCs have few to give, and questions are rare. */
export async function exchange(base: URL, trust: Trust, question: Question): Promise<Answer> {
  const socket = await connected(base, trust);
  try {
    return await asked(base, socket, question);
  } finally {
    socket.destroy();
  }
}

function connected(base: URL, trust: Trust): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const isSecure = base.protocol === 'https:';
  const host = base.hostname.replace(/^\[|\]$/g, '');
  const port = base.port === '' ? (isSecure ? HTTPS_PORT : HTTP_PORT) : Number(base.port);
  const socket: Socket = isSecure ? secure(host, port, trust) : connectPlain({ host, port });
  socket.setTimeout(MOST_MS, () => socket.destroy(new Error(`does not answer within ${MOST_MS / SECOND} s`)));
  socket.once('error', (error) => reject(new Error(troubleOf(error))));
  socket.once('close', () => reject(new Error('hung up')));
  socket.once(isSecure ? 'secureConnect' : 'connect', () => {
    const doubt = isSecure ? doubtOf(socket as TLSSocket, trust) : undefined;
    if (doubt === undefined) return resolve(socket);
    socket.destroy();
    reject(new Error(doubt));
  });
  return promise;
}

function secure(host: string, port: number, trust: Trust): TLSSocket {
  const name = /^[\d.:]+$/.test(host) ? {} : { servername: host };
  const ca = trust.kind === 'authority' ? { ca: readFileSync(trust.file) } : {};
  return connectSecure({ host, port, ...name, ...ca, rejectUnauthorized: trust.kind !== 'fingerprint' });
}

/** A pinned certificate needs no authority and no name: it is the one, or it is not. */
function doubtOf(socket: TLSSocket, trust: Trust): string | undefined {
  if (trust.kind !== 'fingerprint') return undefined;
  const shown = socket.getPeerCertificate().fingerprint256 ?? '';
  if (plain(shown) === plain(trust.sha256)) return undefined;
  return `shows the certificate ${shown}, and not the one that is pinned`;
}

const plain = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();

function asked(base: URL, socket: Socket, { method, path, headers, body }: Question): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const text = body === undefined ? '' : JSON.stringify(body);
  const content =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  const asking = httpRequest(
    {
      ...{ method, path, createConnection: () => socket },
      headers: { host: base.host, accept: 'application/json', connection: 'close', ...content, ...headers },
    },
    (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MOST_BYTES) asking.destroy(new Error('answers with more than a BMC has to say'));
        else chunks.push(chunk);
      });
      response.on('error', (error) => reject(new Error(troubleOf(error))));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          header: (name) => response.headers[name]?.toString(),
          body: parsed(Buffer.concat(chunks).toString('utf8')),
        }),
      );
    },
  );
  asking.on('error', (error) => reject(new Error(troubleOf(error))));
  asking.end(text);
  return promise;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const TROUBLES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ENOTFOUND: 'is not known by that name',
  EAI_AGAIN: 'is not known by that name',
  ECONNRESET: 'hung up',
  CERT_HAS_EXPIRED: 'has a certificate that has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a certificate that it signed itself: pin it by its fingerprint',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a certificate of an authority that is not known: name its file as ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a certificate of an authority that is not known: name its file as ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'has a certificate of an authority that is not known: name its file as ca',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name: pin it by its fingerprint',
};

function troubleOf(error: Error & { code?: string }): string {
  if (error.code === 'ENOENT') return `cannot be verified: ${error.message}`;
  return TROUBLES[error.code ?? ''] ?? error.message;
}
