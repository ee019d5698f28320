import { connect } from 'node:net';
import type { Finding } from '../../domain/finding.ts';
import { SECOND } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Examined, type ExaminedGuest, isFree } from './preflight-reach.ts';
import { MIGRATE } from './procedures.ts';
import { endpointOf } from './uri.ts';

/** The last of those that libvirt sends guests to: it takes them in order, so nobody listens there, and none is disturbed. */
const LAST_MIGRATION_PORT = 49_215;
const PORT_ANSWERS_MS = 2 * SECOND;
/** Longer than a way across a continent takes; a firewall that keeps silent would be waited for two minutes. */
const SOURCE_ASKS_MS = 10 * SECOND;
const SELF = 'ffffffff-ffff-4fff-8fff-ffffffffffff';
const SILENT = 'keeps silent';
const UNSAFE = /unsafe migration/i;
const MOST_ASKED_FOR = 4;
const NO_GUEST = 'no guest is there to ask the way for';
const STILL_WAITS = 'it still waits for what keeps silent';

/** What the other hosts reach it by; nothing where there is nothing. */
function addressOf({ host }: Examined): string | undefined {
  const endpoint = endpointOf(host.peerUri ?? host.uri);
  if (typeof endpoint === 'string' || endpoint.by === 'unix') return undefined;
  return endpoint.by === 'ssh' ? endpoint.destination.replace(/^.*@/, '') : endpoint.host;
}

export function addressFindings(examined: Examined): Finding[] {
  if (addressOf(examined) !== undefined) return [];
  const { id } = examined.host;
  const words = 'other hosts cannot reach it by a socket of its own';
  const remedy = `Give ${id} a peerUri such as qemu+tls://${id}.example/system.`;
  return [{ about: id, check: 'ports', state: 'failed', words, remedy }];
}

type Seen = 'open' | 'closed' | 'nobody knows';

/**
 * Whether hosts get through to each other. A source is asked for a migration that it must refuse, since the guest would be
 * another one over there: it connects to the target before it looks. So its own way is tried, with its own credentials,
 * and nothing comes of it.
 */
export class Ways {
  readonly #clock: Clock;
  readonly #seenFromHere = new Map<string, Promise<boolean>>();
  /** Sources that still wait for an answer: the next question would only wait for that. */
  readonly #waiting = new Set<Examined>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To the libvirt of the target. */
  async way(about: string, source: Examined, target: Examined): Promise<Finding> {
    const common = { about, check: 'way' };
    const uri = target.host.peerUri ?? target.host.uri;
    const refusal = await this.#asked(source, uri);
    if (refusal === NO_GUEST || refusal === STILL_WAITS || UNSAFE.test(refusal))
      return { ...common, state: 'unknown', words: refusal };
    if (/uuid/i.test(refusal)) {
      return { ...common, state: 'ok', words: `${source.host.id} gets through to ${uri}` };
    }
    const remedy = `See that libvirt on ${source.host.id} may connect: virsh -c ${uri} uri, run there as root, says what is wrong; peerUri gives another way.`;
    return { ...common, state: 'failed', words: refusal, remedy };
  }

  /**
   * To the ports of the target that guests are sent to. The source is asked to look for libvirt there: what refuses can be
   * reached, since nobody listens there until a guest comes, and what keeps silent is behind a firewall.
   */
  async ports(about: string, source: Examined, target: Examined): Promise<Finding[]> {
    const address = addressOf(target);
    if (address === undefined) return [];
    const refusal = await this.#asked(source, uriOfNobody(address));
    const [seen, words] = verdictOf(refusal);
    const port = `port ${LAST_MIGRATION_PORT} of ${address}`;
    if (seen !== 'nobody knows') {
      return [portFinding(about, seen === 'open', `${port} ${words}, as seen from ${source.host.id}`, address)];
    }
    const isOpen = await this.#fromHere(address);
    const answer = isOpen ? 'can be reached' : SILENT;
    const from = `as seen from here and not from ${source.host.id}: ${words}`;
    return [portFinding(about, isOpen, `${port} ${answer}, ${from}`, address)];
  }

  /** What the source says to it. */
  async #asked(source: Examined, uri: string): Promise<string> {
    let answer = NO_GUEST;
    // A guest that can go nowhere is refused before anybody looks for the way.
    const likely = source.guests.toSorted(
      (a, b) => Number(isFree(b, source.host.id)) - Number(isFree(a, source.host.id)),
    );
    for (const guest of likely.slice(0, MOST_ASKED_FOR)) {
      answer = await this.#askedFor(guest, source, uri);
      if (!UNSAFE.test(answer)) return answer;
    }
    return answer;
  }

  /**
   * Whether libvirt itself takes for shared what the configuration calls shared: of each storage of its guests one is
   * asked for. It says so before it looks for the target.
   */
  async safety(source: Examined, target: Examined): Promise<Finding[]> {
    const guests = new Map<string, ExaminedGuest>();
    for (const guest of source.guests) {
      const key = guest.storages.join();
      if (guest.storages.length > 0 && isFree(guest, source.host.id) && !guests.has(key)) guests.set(key, guest);
    }
    const findings: Finding[] = [];
    for (const guest of [...guests.values()].slice(0, MOST_ASKED_FOR)) {
      const refusal = await this.#askedFor(guest, source, uriOfNobody(addressOf(target) ?? 'localhost'));
      if (UNSAFE.test(refusal)) findings.push(unsafeFinding(source, guest, refusal));
    }
    return findings;
  }

  async #askedFor(guest: ExaminedGuest, source: Examined, uri: string): Promise<string> {
    if (this.#waiting.has(source)) return STILL_WAITS;
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const stop = this.#clock.after(SOURCE_ASKS_MS, () => resolve(undefined));
    const answer = await Promise.race([refusedMigration(source, guest, uri), late]).finally(stop);
    if (answer !== undefined) return answer;
    this.#waiting.add(source);
    return SILENT;
  }

  #fromHere(address: string): Promise<boolean> {
    const known = this.#seenFromHere.get(address) ?? answers(address, LAST_MIGRATION_PORT);
    this.#seenFromHere.set(address, known);
    return known;
  }
}

async function refusedMigration(
  { hypervisor }: Examined,
  { domain, xml }: ExaminedGuest,
  uri: string,
): Promise<string> {
  const other = xml.replace(/<uuid>[^<]*<\/uuid>/, `<uuid>${SELF}</uuid>`);
  if (other === xml) return 'its description names no uuid';
  const flags = MIGRATE.live | MIGRATE.peerToPeer;
  const parameters = [{ name: 'destination_xml', as: 'string', value: other } as const];
  return hypervisor.migrate({ domain, targetUri: uri, parameters, flags }).then(
    () => 'it went along with what it should have refused',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

/** Where nobody listens until a guest comes. */
const uriOfNobody = (address: string): string =>
  `qemu+tcp://${address.includes(':') ? `[${address}]` : address}:${LAST_MIGRATION_PORT}/system`;

function unsafeFinding({ host }: Examined, { domain, storages }: ExaminedGuest, refusal: string): Finding {
  const remedy = `Put the disks of guests on what libvirt takes for shared (NFS, CephFS, GFS2, OCFS2, GlusterFS; newer ones also what shared_filesystems in qemu.conf names), with cache='none' where it asks for that: it lets nothing else go.`;
  const words = `libvirt does not let ${domain.name} go from ${storages.join(', ')}: ${refusal}`;
  return { about: host.id, check: 'disks', state: 'failed', words, remedy };
}

/** By what libvirt on the source says of its attempt; whatever did listen there is no libvirt and hangs up. */
function verdictOf(refusal: string): readonly [Seen, string] {
  if (/connection refused|end of file|connection reset|broken pipe/i.test(refusal)) return ['open', 'can be reached'];
  if (refusal === SILENT) return ['closed', SILENT];
  const closed = /no route to host|network is unreachable|connection timed out|permission denied/i.exec(refusal)?.[0];
  return closed === undefined ? ['nobody knows', refusal] : ['closed', `cannot be reached (${closed})`];
}

function portFinding(about: string, isOpen: boolean, words: string, address: string): Finding {
  const common = { about, check: 'ports', words };
  if (isOpen) return { ...common, state: 'ok' };
  const remedy = `Open the ports 49152 to 49215 of ${address} to the other hosts, or set migration_port_min and migration_port_max in its qemu.conf to ports that are.`;
  return { ...common, state: 'failed', remedy };
}

function answers(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port, timeout: PORT_ANSWERS_MS });
  socket.once('connect', () => resolve(true));
  socket.once('timeout', () => resolve(false));
  socket.on('error', (error: Error & { code?: unknown }) => resolve(error.code === 'ECONNREFUSED'));
  return promise.finally(() => socket.destroy());
}
