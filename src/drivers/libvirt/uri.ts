/** Where a hypervisor is reached, read from a URI such as `qemu+tcp://h1/system`. */
export type Endpoint =
  | { readonly by: 'tcp' | 'tls'; readonly host: string; readonly port: number; readonly opens: string }
  | { readonly by: 'unix'; readonly path: string; readonly opens: string }
  | SshEndpoint;

export interface SshEndpoint {
  readonly by: 'ssh';
  readonly destination: string;
  readonly port: number;
  readonly opens: string;
  /** A file with the private key, and one with the keys of hosts; absent: as ssh is configured. */
  readonly keyFile?: string;
  readonly knownHosts?: string;
}

const TCP_PORT = 16_509;
const TLS_PORT = 16_514;
const SSH_PORT = 22;
const SOCKET = '/run/libvirt/libvirt-sock';

/** The endpoint, or what is wrong with the URI in a few words. */
export function endpointOf(uri: string): Endpoint | string {
  const parts = /^(\w+)\+(\w+):\/\/([^/?#]*)(\/[^?#]*)(?:\?(.*))?$/.exec(uri);
  if (parts === null) return `"${uri}" is no URI of a hypervisor, should be such as "qemu+tls://h1/system"`;
  const [, hypervisor, by, authority = '', path, query = ''] = parts;
  const opens = `${hypervisor}://${path}`;
  if (by === 'unix') return { by, path: new URLSearchParams(query).get('socket') ?? SOCKET, opens };
  if (by !== 'tcp' && by !== 'tls' && by !== 'ssh') {
    return `"${uri}" goes by ${by}, should go by tls, tcp, ssh or unix`;
  }
  const url = `http://${authority}`;
  if (authority === '' || !URL.canParse(url))
    return `"${uri}" names no host, should be such as "qemu+${by}://h1/system"`;
  return remote(by, new URL(url), opens, new URLSearchParams(query));
}

function remote(
  by: 'tcp' | 'tls' | 'ssh',
  { hostname, port, username }: URL,
  opens: string,
  query: URLSearchParams,
): Endpoint {
  const host = hostname.replace(/^\[|\]$/g, '');
  const given = port === '' ? undefined : Number(port);
  if (by === 'ssh') {
    const destination = username === '' ? host : `${username}@${host}`;
    const [keyFile, knownHosts] = [query.get('keyfile'), query.get('known_hosts')];
    const files = { ...(keyFile !== null && { keyFile }), ...(knownHosts !== null && { knownHosts }) };
    return { by, destination, port: given ?? SSH_PORT, opens, ...files };
  }
  return { by, host, port: given ?? (by === 'tls' ? TLS_PORT : TCP_PORT), opens };
}
