/** Where a hypervisor is reached, read from a URI such as `qemu+tcp://h1/system`. */
export type Endpoint =
  | { readonly by: 'tcp' | 'tls'; readonly host: string; readonly port: number; readonly opens: string }
  | { readonly by: 'unix'; readonly path: string; readonly opens: string }
  | { readonly by: 'ssh'; readonly destination: string; readonly port: number; readonly opens: string };

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
  return remote(by, new URL(url), opens);
}

function remote(by: 'tcp' | 'tls' | 'ssh', { hostname, port, username }: URL, opens: string): Endpoint {
  const host = hostname.replace(/^\[|\]$/g, '');
  const given = port === '' ? undefined : Number(port);
  if (by === 'ssh') {
    return { by, destination: username === '' ? host : `${username}@${host}`, port: given ?? SSH_PORT, opens };
  }
  return { by, host, port: given ?? (by === 'tls' ? TLS_PORT : TCP_PORT), opens };
}
