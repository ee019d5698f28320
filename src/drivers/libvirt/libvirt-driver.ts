import type { HostId } from '../../domain/host.ts';
import type { Inventory } from '../../domain/inventory.ts';
import type { Refusal } from '../../domain/rule.ts';
import type { Flight } from '../../domain/snapshot.ts';
import { SECOND } from '../../domain/units.ts';
import type { Clock, Stop } from '../../ports/clock.ts';
import type {
  Driver,
  DriverEvent,
  Migration,
  MigrationAbilities,
  MigrationEnd,
  MigrationOrder,
} from '../../ports/driver.ts';
import type { Log } from '../../ports/log.ts';
import type { SwitchEnd } from '../../ports/power-control.ts';
import type { RemotePower } from '../../ports/remote-power.ts';
import type { Interning, SampleBatch } from '../../ports/samples.ts';
import { doubtsOf, withoutTwins } from './doubts.ts';
import { type Guest, Guests, type Moved } from './guests.ts';
import { HostLink, type LinkEvent, type Sighting } from './host-link.ts';
import { HostPower } from './host-power.ts';
import type { DomainRef } from './hypervisor.ts';
import { commonOf, hostOf, rulesOf, sizeOf, vmOf } from './inventory.ts';
import { type Leftover, Leftovers } from './leftovers.ts';
import { changesWhatExists, hasArrived, hasEndedInOrder } from './lifecycle.ts';
import { startMetering } from './metering.ts';
import { MigrationOrders } from './migration-orders.ts';
import { MigrationRun } from './migration-run.ts';
import { QuickRun } from './quick-run.ts';
import type { Progressed, Run } from './run-course.ts';
import { startSampling } from './sampling.ts';
import { SaveFolder } from './save-folder.ts';
import type { LibvirtSettings } from './settings.ts';
import { Stalls } from './stalls.ts';
import { Troubles } from './troubles.ts';
import { endpointOf } from './uri.ts';

export interface LibvirtParts {
  readonly settings: LibvirtSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** What switches hosts; without it they are left on. */
  readonly power?: RemotePower;
}

const CLOSED = 'the driver has been closed';
const LANDED_WITHIN_MS = 10 * SECOND;
const ASK_POWER_EVERY_MS = 10 * SECOND;

/** Real hosts under libvirt, watched on one connection each. */
export class LibvirtDriver implements Driver {
  readonly name = 'libvirt';
  readonly abilities: MigrationAbilities;
  readonly #parts: LibvirtParts;
  readonly #links: ReadonlyMap<HostId, HostLink>;
  readonly #guests = new Guests();
  readonly #power: HostPower;
  readonly #orders = new MigrationOrders();
  readonly #endings = new Set<Promise<MigrationEnd>>();
  readonly #stalls: Stalls;
  readonly #folder: SaveFolder | undefined;
  readonly #leftovers: Leftovers | undefined;
  /** Hosts where a saved guest is being resumed. */
  readonly #landings = new Set<HostId>();
  readonly #troubles: Troubles;
  #doubts: ReadonlyMap<HostId, string> = new Map();
  readonly #listeners = new Set<(event: DriverEvent) => void>();
  readonly #samplings = new Set<Stop>();
  #stopAsking: Stop = () => {};
  #isClosed = false;

  private constructor(parts: LibvirtParts, links: (tell: (host: HostId, event: LinkEvent) => void) => HostLink[]) {
    const { saveFolder, migration } = parts.settings;
    const { postCopy, autoConverge } = migration;
    this.#parts = parts;
    this.#folder = saveFolder === undefined ? undefined : new SaveFolder(saveFolder);
    this.#leftovers = this.#folder && new Leftovers(this.#folder, parts.clock);
    this.abilities = {
      quick: this.#folder !== undefined,
      caps: true,
      throttles: autoConverge ? 'by itself' : 'never',
      postCopy,
    };
    const all = links((host, event) => this.#hear(host, event));
    this.#links = new Map(all.map((link) => [link.host.id, link]));
    const tell = (host: HostId, power: ReturnType<HostPower['stateOf']>) =>
      this.#tell({ kind: 'host-power', host, power, atMs: this.#nowMs });
    this.#power = new HostPower({ links: this.#links, remote: parts.power, clock: parts.clock, tell });
    this.#troubles = new Troubles(parts.log);
    this.#stalls = new Stalls(parts.clock);
    for (const link of all) link.reach();
    this.#askPowerLater();
  }

  /** The driver, or why these settings do not make one. */
  static open(parts: LibvirtParts): LibvirtDriver | Pick<Refusal, 'because'> {
    const { settings, clock } = parts;
    const endpoints = settings.hosts.map(({ uri }) => endpointOf(uri));
    const wrong = endpoints.find((endpoint) => typeof endpoint === 'string');
    if (wrong !== undefined) return { because: wrong };
    return new LibvirtDriver(parts, (tell) =>
      settings.hosts.flatMap((host, index) => {
        const endpoint = endpoints[index]!;
        if (typeof endpoint === 'string') return [];
        return new HostLink({ host, endpoint, settings, clock, tell: (event) => tell(host.id, event) });
      }),
    );
  }

  get troubles(): readonly string[] {
    return this.#troubles.standing;
  }

  async inventory(): Promise<Inventory> {
    if (this.#isClosed) throw new Error(CLOSED);
    const links = [...this.#links.values()];
    await Promise.all(links.map((link) => link.tried));
    const listings = await Promise.all(links.map(async (link) => [link.host.id, await link.look()] as const));
    if (this.#isClosed) throw new Error(CLOSED);
    if (links.every(({ facts }) => facts === undefined)) throw new Error(this.#nobodyWords());
    this.#doubts = doubtsOf(this.#links.values());
    const listed = withoutTwins(new Map(listings), this.#links);
    const isOurs = (uuid: string) => this.#orders.of(uuid) !== undefined;
    const leftovers = (await this.#leftovers?.look(this.#links, listed, isOurs)) ?? [];
    for (const leftover of leftovers) this.#takeUp(leftover);
    void this.#stalls.look(this.#links, listed, isOurs);
    return this.#inventoryOf(withSaved(listed, this.#orders.running));
  }

  watch(listener: (event: DriverEvent) => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  sample(
    intervalMs: number,
    interning: Interning,
    receive: (batch: SampleBatch) => void,
    failed: (because: string) => void,
  ): Stop {
    const { clock, settings, power } = this.#parts;
    const isOff = ({ host }: HostLink) => this.#power.stateOf(host.id) !== 'on';
    const links = [...this.#links.values()];
    const { dirtyRateSeconds } = settings;
    const doubtOf = ({ host }: HostLink) => this.#doubts.get(host.id);
    const isMoving = (uuid: string) => this.#orders.of(uuid) !== undefined;
    const to = { interning, receive, failed, isOff, isMoving, doubtOf, dirtyRateSeconds };
    const stopSampling = startSampling({ links, guests: this.#guests, clock, intervalMs, ...to });
    const hosts = [...this.#links.keys()];
    const answered = (host: HostId, trouble: string | undefined) => this.#troubles.noteBmc(host, trouble);
    const stopMetering = power && startMetering({ hosts, power, clock, intervalMs, interning, receive, answered });
    const stop = () => {
      stopSampling();
      stopMetering?.();
      this.#samplings.delete(stop);
    };
    this.#samplings.add(stop);
    return stop;
  }

  migrate(order: MigrationOrder, progressed: Progressed): Migration {
    const known = this.#orders.known(order.id);
    if (known !== undefined) return known;
    const ready = this.#isClosed ? CLOSED : this.#prepared(order, progressed);
    if (typeof ready === 'string') {
      const ended: Promise<MigrationEnd> = Promise.resolve({ state: 'failed', because: ready });
      return this.#orders.remember(order.id, { ended, cancel: () => false });
    }
    const { run, uuid } = ready;
    this.#orders.begin(uuid, run);
    const ended = this.#carriedOut(run, uuid);
    this.#endings.add(ended);
    return this.#orders.remember(order.id, {
      ended: ended.finally(() => this.#endings.delete(ended)),
      cancel: () => run.cancel(),
      hurry: (how) => how === 'post-copy' && run.startPostCopy(),
    });
  }

  async switchOn(host: HostId): Promise<SwitchEnd> {
    return this.#isClosed ? { state: 'failed', because: CLOSED } : this.#power.switchOn(host);
  }

  async switchOff(host: HostId): Promise<SwitchEnd> {
    if (this.#isClosed) return { state: 'failed', because: CLOSED };
    const link = this.#links.get(host);
    const doubt = this.#doubts.get(host);
    if (doubt !== undefined) return { state: 'failed', because: `${host} ${doubt}` };
    if (link !== undefined && this.#power.stateOf(host) === 'on') {
      const sightings = await link.lookNow();
      if (sightings === undefined) return { state: 'failed', because: `${host} cannot be asked what runs there` };
      const guest = sightings[0];
      if (guest !== undefined) return { state: 'failed', because: `${guest.domain.name} runs on ${host}` };
    }
    return this.#power.switchOff(host);
  }

  /** Migrations under way go on by themselves, or back; who waits here is told that they are no longer watched. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopAsking();
    this.#power.close();
    for (const stop of [...this.#samplings]) stop();
    this.#listeners.clear();
    for (const run of this.#orders.running) run.abandon(CLOSED);
    await this.#landed();
    for (const link of this.#links.values()) link.close();
    await this.#parts.power?.close();
  }

  /** A guest that stands still since Drover leads it is brought on first. */
  async #landed(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const stop = this.#parts.clock.after(LANDED_WITHIN_MS, resolve);
    await Promise.race([Promise.all(this.#endings), late]).finally(stop);
  }

  get #nowMs(): number {
    return this.#parts.clock.nowMs();
  }

  #prepared(order: MigrationOrder, progressed: Progressed): { run: Run; uuid: string } | string {
    const source = this.#links.get(order.from);
    const target = this.#links.get(order.to);
    if (source === undefined) return `there is no host ${order.from}`;
    if (target === undefined) return `there is no host ${order.to}`;
    for (const host of [order.from, order.to]) {
      const doubt = this.#doubts.get(host);
      if (doubt !== undefined) return `${host} ${doubt}`;
    }
    const uuid = this.#guests.uuidOf(order.vm);
    if (uuid === undefined) return `there is no VM ${order.vm}`;
    if (this.#orders.of(uuid) !== undefined) return `${order.vm} is being migrated already`;
    const { clock, settings } = this.#parts;
    const parts = { order, uuid, source, target, clock, progressed };
    if (order.how === 'live') return { run: new MigrationRun({ ...parts, settings: settings.migration }), uuid };
    const folder = this.#folder;
    if (folder === undefined) return 'quick migrations need a saveFolder in the configuration';
    return { run: new QuickRun({ ...parts, folder, landings: this.#landings }), uuid };
  }

  /** A guest that was saved when the process before this one was killed: it is brought where it was to go. */
  #takeUp({ image, sighting }: Leftover): void {
    const { uuid, from, to } = image;
    const source = this.#links.get(from);
    const target = this.#links.get(to);
    if (source === undefined || target === undefined || this.#folder === undefined) return;
    const { clock, log } = this.#parts;
    const vm = this.#guests.idOf(sighting.domain);
    const order: MigrationOrder = { id: `saved ${uuid}`, vm, from, to, how: 'quick' };
    const parts = { order, uuid, source, target, clock, folder: this.#folder, landings: this.#landings };
    const run = new QuickRun({ ...parts, progressed: () => {}, found: { image, sighting } });
    log.warn(`${vm} is found saved on its way from ${from} to ${to}, and is brought there.`);
    this.#orders.begin(uuid, run);
    void this.#carriedOut(run, uuid).then((end) => {
      if (end.state === 'failed') log.error(`${vm}: ${end.because}.`);
    });
  }

  async #carriedOut(run: Run, uuid: string): Promise<MigrationEnd> {
    const { vm, to } = run.order;
    const end = await run.carryOut();
    this.#orders.end(uuid);
    if (end.state === 'done') this.#arrived({ uuid, name: vm, number: 0 }, to);
    return end;
  }

  #inventoryOf(listings: ReadonlyMap<HostId, readonly Sighting[]>): Inventory {
    const { settings } = this.#parts;
    const { sharedPaths } = settings;
    const { guests, moved } = this.#guests.settle(listings, this.#stalls.uuids);
    for (const move of moved) this.#tellMove(move);
    const common = commonOf(guests, settings);
    const views = [...this.#links.values()].map(({ host, facts, hypervisor, trouble }) => ({
      host,
      facts,
      power: this.#power.stateOf(host.id),
      ...(hypervisor === undefined && { outOfReach: trouble }),
    }));
    const sized = views.flatMap((view) => {
      const size = sizeOf(view);
      return size === undefined ? [] : hostOf(view, size, common);
    });
    this.#troubles.note(guests, views, this.#doubts, this.#leftovers?.troubles ?? []);
    const poolsOf = (host: HostId) => this.#links.get(host)?.facts?.pools ?? [];
    const vms = guests.map((guest) => vmOf(guest, poolsOf(guest.host), sharedPaths));
    return { atMs: this.#nowMs, hosts: sized, vms, flows: [], rules: rulesOf(guests), flights: this.#flights(guests) };
  }

  #flights(guests: readonly Guest[]): Flight[] {
    return guests.flatMap(({ id, uuid, flight }) => {
      const run = this.#orders.of(uuid);
      const ours = run?.order ?? flight;
      if (ours === undefined) return [];
      const quick =
        run?.order.how !== 'quick' ? {} : ({ quick: run.saved === undefined ? 'saving' : 'saved' } as const);
      return { vm: id, from: ours.from, to: ours.to, ...quick };
    });
  }

  #nobodyWords(): string {
    const troubles = [...this.#links.values()].map(({ host, trouble }) => `${host.id}: ${trouble}`);
    return `no host can be reached: ${troubles.slice(0, 3).join('; ')}`;
  }

  #hear(host: HostId, event: LinkEvent): void {
    if (this.#isClosed) return;
    if (event.kind === 'up') this.#up(host);
    else if (event.kind === 'down') this.#down(host, event.because);
    else if (event.kind === 'changed') this.#tell({ kind: 'inventory-changed', atMs: this.#nowMs });
    else this.#hearOfDomain(host, event);
  }

  #up(host: HostId): void {
    this.#doubts = doubtsOf(this.#links.values());
    this.#power.arrived(host);
    this.#tell({ kind: 'inventory-changed', atMs: this.#nowMs });
  }

  #down(host: HostId, because: string): void {
    if (this.#power.stateOf(host) !== 'on') return;
    this.#tell({ kind: 'lost', because: `${host}: ${because}`, atMs: this.#nowMs });
    this.#power.ask(host);
  }

  #hearOfDomain(host: HostId, event: Exclude<LinkEvent, { kind: 'up' | 'down' | 'changed' }>): void {
    const run = this.#orders.of(event.domain.uuid);
    if (run?.order.from === host) run.hear(event);
    if (event.kind !== 'lifecycle') return;
    if (hasArrived(event.event, event.detail)) this.#arrived(event.domain, host);
    else if (run === undefined && hasEndedInOrder(event.event, event.detail)) this.#stopped(event.domain, host);
    else if (changesWhatExists(event.event, event.detail, run !== undefined))
      this.#tell({ kind: 'inventory-changed', atMs: this.#nowMs });
  }

  #arrived(domain: DomainRef, host: HostId): void {
    const moved = this.#guests.arrived(domain, host);
    if (moved !== undefined) this.#tellMove(moved);
  }

  #stopped(domain: DomainRef, host: HostId): void {
    this.#tell({ kind: 'vm-stopped', vm: this.#guests.idOf(domain), host, atMs: this.#nowMs });
  }

  #tellMove(moved: Moved): void {
    this.#tell({ kind: 'vm-moved', ...moved, atMs: this.#nowMs });
  }

  #tell(event: DriverEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#parts.log.error(`Who was told of ${event.kind} failed: ${error instanceof Error ? error.stack : error}`);
      }
    }
  }

  /** A host that lost its power while nobody looked, or that never answered, is found out here. */
  #askPowerLater(): void {
    this.#stopAsking = this.#parts.clock.after(ASK_POWER_EVERY_MS, () => {
      for (const link of this.#links.values()) if (link.hypervisor === undefined) this.#power.ask(link.host.id);
      this.#askPowerLater();
    });
  }
}

/** A guest that is saved and listed nowhere is still one: it stands where it came from. */
function withSaved(
  listings: ReadonlyMap<HostId, readonly Sighting[]>,
  running: readonly Run[],
): ReadonlyMap<HostId, readonly Sighting[]> {
  const listed = new Set([...listings.values()].flat().map(({ domain }) => domain.uuid));
  const all = new Map(listings);
  for (const { order, saved } of running) {
    if (saved === undefined || listed.has(saved.domain.uuid)) continue;
    all.set(order.from, [...(all.get(order.from) ?? []), saved]);
  }
  return all;
}
