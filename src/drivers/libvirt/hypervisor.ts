import type { Clock } from '../../ports/clock.ts';
import { Connection, type ConnectionParts, HypervisorError, NO_TIMEOUT } from './connection.ts';
import {
  ANSWERS_PINGS,
  COMPLETED_JOB,
  ERROR,
  KEEP_COMPLETED_JOB,
  NO_WAIT,
  ONLY_ACTIVE,
  PROCEDURE,
} from './procedures.ts';
import type { TlsFiles } from './transport.ts';
import { openTransport } from './transport.ts';
import type { SentParameter, TypedParameters } from './typed-parameters.ts';
import { readParameters, writeParameters } from './typed-parameters.ts';
import type { Endpoint } from './uri.ts';
import { type XdrReader, XdrWriter } from './xdr.ts';

/** A domain as the protocol names it. Its number changes with each start and migration, the uuid never does. */
export interface DomainRef {
  readonly name: string;
  readonly uuid: string;
  readonly number: number;
}

export interface DomainStats {
  readonly domain: DomainRef;
  readonly values: TypedParameters;
}

export interface NodeInfo {
  readonly memoryBytes: number;
  readonly cpus: number;
  readonly mhz: number;
}

export interface JobStats {
  readonly isRunning: boolean;
  readonly values: TypedParameters;
}

export interface MigrateCall {
  readonly domain: DomainRef;
  /** Where the source is to connect to; absent: somebody else prepares the target. */
  readonly targetUri?: string;
  readonly parameters: readonly SentParameter[];
  readonly flags: number;
}

const UUID_BYTES = 16;
const NO_COOKIE = Buffer.alloc(0);
const KIB = 1024;
const MODEL_WORDS = 32;
const NONE = 0;
const POLKIT = 2;
const RUNNING_JOBS: ReadonlySet<number> = new Set([1, 2]);

export interface Opening {
  readonly endpoint: Endpoint;
  readonly tls: TlsFiles | undefined;
  readonly clock: Clock;
  readonly pingMs: number;
  readonly connectMs: number;
  readonly heard: ConnectionParts['heard'];
}

/** One open connection to one host's hypervisor, with the calls that Drover makes. */
export class Hypervisor {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Connects and opens; fails after a time, since a host without power never answers. */
  static async open({ endpoint, tls, clock, pingMs, connectMs, heard }: Opening): Promise<Hypervisor> {
    const { stream, opened } = openTransport(endpoint, tls);
    await inTime(opened, clock, connectMs).catch((error: unknown) => {
      stream.destroy();
      throw error;
    });
    const hypervisor = new Hypervisor(new Connection({ stream, clock, pingMs, heard }));
    await hypervisor.#enter(endpoint.opens).catch((error: unknown) => {
      hypervisor.close();
      throw error;
    });
    return hypervisor;
  }

  get over(): Promise<string> {
    return this.#connection.over;
  }

  close(): void {
    this.#connection.close();
  }

  async nodeInfo(): Promise<NodeInfo> {
    const reply = await this.#connection.call(PROCEDURE.nodeInfo);
    for (let word = 0; word < MODEL_WORDS; word++) reply.int();
    return { memoryBytes: reply.unsignedHyper() * KIB, cpus: reply.int(), mhz: reply.int() };
  }

  async capabilities(): Promise<string> {
    return (await this.#connection.call(PROCEDURE.capabilities)).text();
  }

  async domains(flags: number = ONLY_ACTIVE): Promise<DomainRef[]> {
    const reply = await this.#connection.call(PROCEDURE.listDomains, new XdrWriter().int(1).uint(flags).finish());
    return reply.list(() => readDomain(reply));
  }

  async domainXml(domain: DomainRef, flags = 0): Promise<string> {
    return (await this.#connection.call(PROCEDURE.domainXml, aboutDomain(domain).uint(flags).finish())).text();
  }

  /** What is defined stays listed when it does not run. */
  async define(xml: string): Promise<void> {
    await this.#connection.call(PROCEDURE.defineXml, new XdrWriter().text(xml).finish());
  }

  async undefine(domain: DomainRef): Promise<void> {
    await this.#connection.call(PROCEDURE.undefine, aboutDomain(domain).finish());
  }

  /** Of all running domains, in one call that waits for none of them. */
  async stats(groups: number): Promise<DomainStats[]> {
    const args = new XdrWriter()
      .uint(0)
      .uint(groups)
      .uint(ONLY_ACTIVE | NO_WAIT);
    const reply = await this.#connection.call(PROCEDURE.allDomainStats, args.finish());
    return reply.list(() => ({ domain: readDomain(reply), values: readParameters(reply) }));
  }

  /** Nanoseconds of the whole host since its boot, by what it did. */
  cpuStats(): Promise<TypedParameters> {
    return this.#nodeStats(PROCEDURE.nodeCpuStats);
  }

  /** In KiB. */
  memoryStats(): Promise<TypedParameters> {
    return this.#nodeStats(PROCEDURE.nodeMemoryStats);
  }

  /** The descriptions of its storage pools that are in use; none where it has no storage driver. */
  async pools(): Promise<string[]> {
    try {
      const reply = await this.#connection.call(PROCEDURE.listPools, new XdrWriter().int(1).uint(2).finish());
      const pools = reply.list(() => ({ name: reply.text(), uuid: reply.fixed(UUID_BYTES) }));
      return await Promise.all(pools.map((pool) => this.#poolXml(pool)));
    } catch (error) {
      if (error instanceof HypervisorError && error.code === ERROR.noSupport) return [];
      throw error;
    }
  }

  async registerEvent(event: number): Promise<number> {
    const args = new XdrWriter().int(event).uint(0).finish();
    return (await this.#connection.call(PROCEDURE.registerEvent, args)).int();
  }

  /** Comes back once the migration is over; with what the target is to be told. */
  async migrate({ domain, targetUri, parameters, flags }: MigrateCall, cookie: Buffer = NO_COOKIE): Promise<Buffer> {
    const args = aboutDomain(domain).optionalText(targetUri);
    writeParameters(args, parameters);
    args.bytes(cookie).uint(flags);
    return (await this.#connection.call(PROCEDURE.migrate, args.finish(), NO_TIMEOUT)).bytes();
  }

  async save(domain: DomainRef, path: string): Promise<void> {
    await this.#connection.call(PROCEDURE.domainSave, aboutDomain(domain).text(path).finish(), NO_TIMEOUT);
  }

  async restore(path: string): Promise<void> {
    await this.#connection.call(PROCEDURE.domainRestore, new XdrWriter().text(path).finish(), NO_TIMEOUT);
  }

  /** The description of the guest in a file that `save` wrote, if that is complete. */
  async savedXml(path: string): Promise<string> {
    return (await this.#connection.call(PROCEDURE.savedXml, new XdrWriter().text(path).uint(0).finish())).text();
  }

  async resume(domain: DomainRef): Promise<void> {
    await this.#connection.call(PROCEDURE.resume, aboutDomain(domain).finish());
  }

  /** For calls that only one part of the driver makes. */
  ask(procedure: number, args: XdrWriter, timeoutMs?: number): Promise<XdrReader> {
    return this.#connection.call(procedure, args.finish(), timeoutMs);
  }

  jobStats(domain: DomainRef): Promise<JobStats> {
    return this.#jobStats(domain, 0);
  }

  /** What the last migration that is done took; it stays readable. */
  completedJob(domain: DomainRef): Promise<JobStats> {
    return this.#jobStats(domain, COMPLETED_JOB | KEEP_COMPLETED_JOB);
  }

  async abortJob(domain: DomainRef): Promise<void> {
    await this.#connection.call(PROCEDURE.abortJob, aboutDomain(domain).finish());
  }

  async startPostCopy(domain: DomainRef): Promise<void> {
    await this.#connection.call(PROCEDURE.startPostCopy, aboutDomain(domain).uint(0).finish());
  }

  /** Its result stands in the statistics a little later. */
  async startDirtyRate(domain: DomainRef, seconds: number): Promise<void> {
    await this.#connection.call(PROCEDURE.startDirtyRate, aboutDomain(domain).int(seconds).uint(0).finish());
  }

  async #enter(opens: string): Promise<void> {
    const reply = await this.#connection.call(PROCEDURE.authList);
    const ways = reply.list(() => reply.int());
    if (ways.includes(POLKIT)) await this.#connection.call(PROCEDURE.authPolkit);
    else if (ways.length > 0 && !ways.includes(NONE)) {
      throw new Error('it wants a password (SASL), which Drover does not speak: use TLS certificates or ssh');
    }
    await this.#connection.call(PROCEDURE.supportsFeature, new XdrWriter().int(ANSWERS_PINGS).finish());
    await this.#connection.call(PROCEDURE.open, new XdrWriter().optionalText(opens).uint(0).finish());
  }

  async #nodeStats(procedure: number): Promise<TypedParameters> {
    const ask = (count: number) => {
      const args = new XdrWriter();
      if (procedure === PROCEDURE.nodeCpuStats) args.int(-1).int(count);
      else args.int(count).int(-1);
      return this.#connection.call(procedure, args.uint(0).finish());
    };
    const first = await ask(0);
    first.list(() => undefined);
    const reply = await ask(first.int());
    return Object.fromEntries(reply.list(() => [reply.text(), reply.unsignedHyper()] as const));
  }

  async #poolXml({ name, uuid }: { readonly name: string; readonly uuid: Buffer }): Promise<string> {
    const args = new XdrWriter().text(name).fixed(uuid).uint(0).finish();
    return (await this.#connection.call(PROCEDURE.poolXml, args)).text();
  }

  async #jobStats(domain: DomainRef, flags: number): Promise<JobStats> {
    const reply = await this.#connection.call(PROCEDURE.jobStats, aboutDomain(domain).uint(flags).finish());
    return { isRunning: RUNNING_JOBS.has(reply.int()), values: readParameters(reply) };
  }
}

export function readDomain(reader: XdrReader): DomainRef {
  return { name: reader.text(), uuid: uuidText(reader.fixed(UUID_BYTES)), number: reader.int() };
}

export function aboutDomain({ name, uuid, number }: DomainRef): XdrWriter {
  return new XdrWriter()
    .text(name)
    .fixed(Buffer.from(uuid.replaceAll('-', ''), 'hex'))
    .int(number);
}

function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

async function inTime<T>(promise: Promise<T>, clock: Clock, mostMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const stop = clock.after(mostMs, () => reject(new Error('it does not answer')));
  return Promise.race([promise, late]).finally(stop);
}
