import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { Endpoint, SshEndpoint } from './uri.ts';

/** As much as is kept of what ssh complains about. */
const MOST_SAID = 2_000;

/** Files of a client certificate, where hosts are reached by TLS. */
export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

type TcpEndpoint = Extract<Endpoint, { readonly by: 'tcp' | 'tls' }>;

/** A stream that is being opened. Whoever no longer waits gives it up: a host without power never answers. */
export interface OpeningTransport {
  readonly stream: Duplex;
  readonly opened: Promise<unknown>;
}

/** A stream of bytes to a hypervisor; it may still fail, which its `error` and `close` tell. */
export function openTransport(endpoint: Endpoint, tls: TlsFiles | undefined): OpeningTransport {
  if (endpoint.by === 'ssh') return overSsh(endpoint);
  if (endpoint.by === 'tls') return overTls(endpoint, tls);
  const stream =
    endpoint.by === 'unix' ? connect(endpoint.path) : connect({ ...endpoint, noDelay: true, keepAlive: true });
  return { stream, opened: settled(stream, 'connect') };
}

function settled(socket: Duplex, opened: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once(opened, () => resolve());
  socket.on('error', reject);
  socket.once('close', () => reject(new Error('closed before it was open')));
  return promise;
}

/** A file that the configuration names and that is not there, or not for us. */
export class UnreadableFile extends Error {}

function readNamed(name: keyof TlsFiles, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new UnreadableFile(`tls.${name} is ${file}, which ${isMissing ? 'is not there' : 'cannot be read'}`);
  }
}

/** What its certificate says of itself nobody vouches for whom we believe. */
const isUnproven = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /VERIFY|SELF_SIGNED|UNABLE_TO_GET/.test(String(error.code));

const unprovenWords = (files: TlsFiles | undefined): string =>
  files === undefined
    ? 'its certificate is by no authority that is known here: name the hosts’ own in the configuration, as tls.ca'
    : `its certificate is not by the authority in ${files.ca}`;

function overTls({ host, port }: TcpEndpoint, files: TlsFiles | undefined): OpeningTransport {
  const read = (name: keyof TlsFiles) => (files === undefined ? {} : { [name]: readNamed(name, files[name]) });
  const certificates = { ...read('ca'), ...read('cert'), ...read('key') };
  const stream = connectTls({ host, port, ...certificates });
  const proven = settled(stream, 'secureConnect').catch((error: unknown) => {
    throw isUnproven(error) ? new Error(unprovenWords(files)) : error;
  });
  return { stream, opened: proven.then(() => taken(stream)) };
}

/** After the handshake the server sends one byte that says whether it takes the certificate. */
function taken(socket: Duplex): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const refused = () => reject(new Error('the server does not take the client certificate'));
  socket.once('close', refused);
  socket.once('readable', () => {
    const verdict: unknown = socket.read(1);
    if (Buffer.isBuffer(verdict) && verdict[0] === 1) resolve();
    else refused();
  });
  return promise;
}

/** What ssh runs over there passes bytes to the daemon; ssh asks nothing, as nobody would answer. */
function overSsh({ destination, port, opens, keyFile, knownHosts }: SshEndpoint): OpeningTransport {
  const command = ['virt-ssh-helper', `'${opens}'`].join(' ');
  const files = [
    ...(keyFile === undefined ? [] : ['-i', keyFile, '-o', 'IdentitiesOnly=yes']),
    ...(knownHosts === undefined ? [] : ['-o', `UserKnownHostsFile=${knownHosts}`]),
  ];
  const words = ['-T', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', ...files, '-p', String(port)];
  const ssh = spawn('ssh', [...words, '--', destination, command], { stdio: 'pipe' });
  let said = '';
  ssh.stderr.on('data', (bytes) => {
    said = `${said}${bytes}`.slice(-MOST_SAID);
  });
  // Its pipes end before it tells why it ended, which is what people must hear: their ends are not passed on.
  const stream = new Duplex({
    read: () => {},
    write: (bytes, _encoding, written) => void ssh.stdin.write(bytes, () => written()),
  });
  ssh.stdout.on('data', (bytes) => stream.push(bytes));
  for (const pipe of ssh.stdio) pipe?.on('error', () => {});
  ssh.once('error', (error) => stream.destroy(error));
  ssh.once('close', (code) =>
    stream.destroy(new Error(`ssh to ${destination} ended with code ${code}: ${lastLine(said)}`)),
  );
  stream.once('close', () => ssh.kill());
  ssh.once('spawn', () => stream.emit('connect'));
  return { stream, opened: settled(stream, 'connect') };
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? '';
