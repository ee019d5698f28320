import { SECOND } from '../../domain/units.ts';
import type { Clock, Stop } from '../../ports/clock.ts';
import type { Capabilities, Pool } from './capabilities.ts';
import { readCapabilities, readPool } from './capabilities.ts';
import { HypervisorError } from './connection.ts';
import type { DomainFacts } from './domain-xml.ts';
import { readDomainXml } from './domain-xml.ts';
import { type DomainEvent, EventEar } from './events.ts';
import type { DomainRef, NodeInfo } from './hypervisor.ts';
import { Hypervisor } from './hypervisor.ts';
import { ERROR, STATS } from './procedures.ts';
import type { LibvirtHost, LibvirtSettings } from './settings.ts';
import { numberOf } from './typed-parameters.ts';
import type { Endpoint } from './uri.ts';

/** What a host said of itself when it was reached. */
export interface HostFacts {
  readonly info: NodeInfo;
  readonly capabilities: Capabilities;
  readonly pools: readonly Pool[];
}

/** A running domain as one host lists it. */
export interface Sighting {
  readonly domain: DomainRef;
  readonly state: number;
  readonly reason: number;
  readonly facts: DomainFacts;
}

export type LinkEvent = DomainEvent | { readonly kind: 'up' } | { readonly kind: 'down'; readonly because: string };

export interface HostLinkParts {
  readonly host: LibvirtHost;
  readonly endpoint: Endpoint;
  readonly settings: LibvirtSettings;
  readonly clock: Clock;
  readonly tell: (event: LinkEvent) => void;
}

const FIRST_RETRY_MS = SECOND;
const LAST_RETRY_MS = 10 * SECOND;
const LOOK_MOST_MS = 2 * SECOND;
/** A host that is asked for the first time since it was installed looks at its emulators, which takes a while. */
const TRY_MOST_MS = 4 * SECOND;

/** Keeps a connection to one host for watching it: opened again whenever it is lost. */
export class HostLink {
  readonly host: LibvirtHost;
  readonly #parts: HostLinkParts;
  readonly #tried = Promise.withResolvers<void>();
  readonly #described = new Map<string, { readonly number: number; readonly facts: DomainFacts }>();
  #hypervisor: Hypervisor | undefined;
  #facts: HostFacts | undefined;
  #sightings: readonly Sighting[] = [];
  #trouble = 'it does not answer yet';
  #amiss: string | undefined;
  #uuidBefore: string | undefined;
  #retryMs = FIRST_RETRY_MS;
  #stopRetry: Stop = () => {};
  #isConnecting = false;
  #isClosed = false;

  constructor(parts: HostLinkParts) {
    this.host = parts.host;
    this.#parts = parts;
  }

  get hypervisor(): Hypervisor | undefined {
    return this.#hypervisor;
  }

  /** As it was last seen; nothing where it never was. */
  get facts(): HostFacts | undefined {
    return this.#facts;
  }

  /** Why there is no connection. */
  get trouble(): string {
    return this.#trouble;
  }

  /** Why nothing that is known of what runs there can be relied on, although it answers. */
  get amiss(): string | undefined {
    return this.#hypervisor === undefined ? undefined : this.#amiss;
  }

  /** Which machine it was at first, where another one answers now. */
  get uuidBefore(): string | undefined {
    return this.#uuidBefore;
  }

  /** Kept once the first attempt is over, whichever way, or has taken too long to be waited for. */
  get tried(): Promise<void> {
    return this.#inTime(this.#tried.promise, TRY_MOST_MS);
  }

  /** Tries now, whatever the last attempts have come to. */
  reach(): void {
    if (this.#hypervisor !== undefined || this.#isConnecting || this.#isClosed) return;
    this.#stopRetry();
    this.#isConnecting = true;
    void this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    this.#stopRetry();
    this.#hypervisor?.close();
    this.#tried.resolve();
  }

  /** A connection of its own, for work that lasts. */
  open(): Promise<Hypervisor> {
    return this.#open(() => {});
  }

  /** What runs there now; of a host that cannot be reached, or does not tell, what ran there last. */
  async look(): Promise<readonly Sighting[]> {
    const hypervisor = this.#hypervisor;
    if (hypervisor !== undefined) await this.#inTime(this.#lookAt(hypervisor), LOOK_MOST_MS);
    return this.#sightings;
  }

  /** The same, and never from memory: nothing where the host cannot be asked. */
  async lookNow(): Promise<readonly Sighting[] | undefined> {
    return this.#hypervisor && this.#lookAt(this.#hypervisor);
  }

  /** Nothing where it does not tell: one host with a trouble of its own says nothing of the others. */
  async #lookAt(hypervisor: Hypervisor): Promise<readonly Sighting[] | undefined> {
    try {
      const seen = await this.#see(hypervisor);
      if (this.#hypervisor !== hypervisor) return undefined;
      this.#sightings = seen;
      this.#amiss = undefined;
      return seen;
    } catch (error) {
      if (this.#hypervisor === hypervisor) this.#amiss = messageOf(error);
      return undefined;
    }
  }

  /** The host lost power, and with it all that ran there; nobody waits for it to answer. */
  lostPower(): void {
    this.#sightings = [];
    this.#hypervisor?.close();
  }

  /** One host that is slow to say that it is gone must not hold up what all others have to say. */
  async #inTime(promise: Promise<unknown>, mostMs: number): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const stop = this.#parts.clock.after(mostMs, resolve);
    await Promise.race([promise, late]).finally(stop);
  }

  async #connect(): Promise<void> {
    const ear = new EventEar((event) => this.#hear(event));
    try {
      const hypervisor = await this.#open((reader) => ear.hear(reader));
      await this.#arrive(hypervisor, ear).catch((error: unknown) => {
        hypervisor.close();
        throw error;
      });
    } catch (error) {
      this.#failed(messageOf(error));
    } finally {
      this.#isConnecting = false;
      this.#tried.resolve();
    }
  }

  async #arrive(hypervisor: Hypervisor, ear: EventEar): Promise<void> {
    await ear.listen(hypervisor);
    const facts = await factsOf(hypervisor);
    const seen = await this.#see(hypervisor);
    if (this.#isClosed) return hypervisor.close();
    this.#recognize(facts);
    this.#facts = facts;
    this.#sightings = seen;
    this.#amiss = undefined;
    this.#hypervisor = hypervisor;
    this.#retryMs = FIRST_RETRY_MS;
    void hypervisor.over.then((because) => this.#lost(hypervisor, because));
    this.#parts.tell({ kind: 'up' });
  }

  #recognize({ capabilities: { uuid } }: HostFacts): void {
    const first = this.#uuidBefore ?? this.#facts?.capabilities.uuid ?? uuid;
    this.#uuidBefore = first === uuid ? undefined : first;
  }

  #open(heard: Parameters<typeof Hypervisor.open>[0]['heard']): Promise<Hypervisor> {
    const { endpoint, settings, clock } = this.#parts;
    const { tls, connectSeconds, pingSeconds } = settings;
    const times = { connectMs: connectSeconds * SECOND, pingMs: pingSeconds * SECOND };
    return Hypervisor.open({ endpoint, tls, clock, ...times, heard });
  }

  #lost(hypervisor: Hypervisor, because: string): void {
    if (this.#hypervisor !== hypervisor) return;
    this.#hypervisor = undefined;
    this.#failed(because);
    if (!this.#isClosed) this.#parts.tell({ kind: 'down', because });
  }

  #failed(because: string): void {
    this.#trouble = because;
    if (this.#isClosed) return;
    this.#stopRetry = this.#parts.clock.after(this.#retryMs, () => this.reach());
    this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
  }

  #hear(event: DomainEvent): void {
    if (event.kind === 'changed' || event.kind === 'lifecycle') this.#described.delete(event.domain.uuid);
    this.#parts.tell(event);
  }

  async #see(hypervisor: Hypervisor): Promise<Sighting[]> {
    const listed = await hypervisor.stats(STATS.state);
    const seen = await Promise.all(
      listed.map(async ({ domain, values }) => {
        const facts = await this.#describe(hypervisor, domain);
        const state = numberOf(values, 'state.state') ?? 0;
        return facts === undefined ? [] : [{ domain, state, reason: numberOf(values, 'state.reason') ?? 0, facts }];
      }),
    );
    const uuids = new Set(listed.map(({ domain }) => domain.uuid));
    for (const uuid of this.#described.keys()) if (!uuids.has(uuid)) this.#described.delete(uuid);
    return seen.flat();
  }

  /** Nothing where it went in the meantime. */
  async #describe(hypervisor: Hypervisor, domain: DomainRef): Promise<DomainFacts | undefined> {
    const known = this.#described.get(domain.uuid);
    if (known?.number === domain.number) return known.facts;
    try {
      const facts = readDomainXml(await hypervisor.domainXml(domain));
      this.#described.set(domain.uuid, { number: domain.number, facts });
      return facts;
    } catch (error) {
      if (error instanceof HypervisorError && error.code === ERROR.noDomain) return undefined;
      throw error;
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function factsOf(hypervisor: Hypervisor): Promise<HostFacts> {
  const [info, capabilities, pools] = await Promise.all([
    hypervisor.nodeInfo(),
    hypervisor.capabilities(),
    hypervisor.pools(),
  ]);
  return { info, capabilities: readCapabilities(capabilities), pools: pools.map(readPool) };
}
