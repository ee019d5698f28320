import type { HostId } from '../../domain/host.ts';
import { SECOND } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MigrationEnd, MigrationOrder } from '../../ports/driver.ts';
import { HypervisorError } from './connection.ts';
import type { HostLink, Sighting } from './host-link.ts';
import type { DomainRef, Hypervisor } from './hypervisor.ts';
import { sizeOf } from './inventory.ts';
import { ONLY_ACTIVE, ONLY_PERSISTENT, XML_INACTIVE, XML_SECURE } from './procedures.ts';
import { type Progressed, type Run, RunCourse } from './run-course.ts';
import type { SavedImage, SaveFolder } from './save-folder.ts';

export interface QuickParts {
  readonly order: MigrationOrder;
  readonly uuid: string;
  readonly source: HostLink;
  readonly target: HostLink;
  readonly folder: SaveFolder;
  readonly clock: Clock;
  readonly progressed: Progressed;
  /** Hosts where somebody lands just now: one at a time, so that two do not take the same room. */
  readonly landings: Set<HostId>;
  /** Its guest was saved by a process before this one, and is taken up from there. */
  readonly found?: { readonly image: SavedImage; readonly sighting: Sighting };
}

const LOOK_AGAIN_MS = SECOND;
const CANCELLED: MigrationEnd = { state: 'cancelled' };
/** So long a host that was told something may be out of reach; after that a person has to look. */
const UNCLEAR_MOST_MS = 180 * SECOND;
const failed = (because: string): MigrationEnd => ({ state: 'failed', because });
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

type Landing = { readonly kind: 'landed' } | { readonly kind: 'refused' | 'unclear'; readonly because: string };

/**
 * Saves a guest on its source and resumes it on its target once there is room, or on its source when somebody no longer
 * wants it moved. It is resumed anew only where the host said itself that it did not come to be.
 */
export class QuickRun implements Run {
  readonly order: MigrationOrder;
  readonly #parts: QuickParts;
  readonly #course: RunCourse;
  readonly #abandoned = Promise.withResolvers<MigrationEnd>();
  #saved: Sighting | undefined;
  #domain: DomainRef | undefined;
  #definition: string | undefined;
  #isCancelled = false;
  #isLanding = false;
  #stoppedAtMs = 0;

  constructor(parts: QuickParts) {
    this.order = parts.order;
    this.#parts = parts;
    this.#course = new RunCourse(parts.clock, parts.progressed);
  }

  get saved(): Sighting | undefined {
    return this.#saved;
  }

  async carryOut(): Promise<MigrationEnd> {
    try {
      return await Promise.race([this.#throughSaving(), this.#abandoned.promise]);
    } catch (error) {
      return failed(messageOf(error));
    } finally {
      this.#course.end();
    }
  }

  cancel(): boolean {
    if (this.#course.isOver || this.#isLanding || this.#course.state === 'finishing') return false;
    if (!this.#isCancelled && this.#saved === undefined) void this.#abort();
    this.#isCancelled = true;
    return true;
  }

  startPostCopy(): boolean {
    return false;
  }

  abandon(because: string): void {
    this.#abandoned.resolve(failed(because));
  }

  hear(): void {}

  async #throughSaving(): Promise<MigrationEnd> {
    const { found, clock } = this.#parts;
    this.#stoppedAtMs = clock.nowMs();
    this.#course.become('preparing');
    if (found !== undefined) {
      this.#saved = found.sighting;
      return this.#throughLanding(found.image);
    }
    const image = await this.#save();
    return 'state' in image ? image : this.#throughLanding(image);
  }

  /** The file of the guest; or how it ended, where the guest was not stopped. */
  async #save(): Promise<SavedImage | MigrationEnd> {
    const { order, uuid, source, folder, clock } = this.#parts;
    const sighting = (await source.lookNow())?.find(({ domain }) => domain.uuid === uuid);
    if (sighting === undefined) return failed(`${order.vm} does not run on ${order.from}`);
    const hypervisor = await source.open();
    try {
      const { domain } = sighting;
      const lasting = await hypervisor.domains(ONLY_ACTIVE | ONLY_PERSISTENT);
      const isLasting = lasting.some((other) => other.uuid === uuid);
      if (isLasting) this.#definition = await hypervisor.domainXml(domain, XML_SECURE | XML_INACTIVE);
      const image = { uuid, from: order.from, to: order.to, isLasting };
      await folder.images(hypervisor);
      if (this.#isCancelled) return CANCELLED;
      this.#domain = domain;
      this.#stoppedAtMs = clock.nowMs();
      this.#course.follow(() => hypervisor.jobStats(domain));
      const trouble = await hypervisor.save(domain, folder.pathOf(image)).then(() => undefined, messageOf);
      const isSaved = trouble === undefined || (await this.#isSavedAllTheSame(image));
      if (!isSaved) return this.#isCancelled ? CANCELLED : failed(trouble ?? '');
      this.#saved = sighting;
      return image;
    } finally {
      hypervisor.close();
    }
  }

  /** After an error: the guest is on its source, or in its file, or a person has to look. */
  async #isSavedAllTheSame(image: SavedImage): Promise<boolean> {
    const { order, uuid, source, folder, clock } = this.#parts;
    const path = folder.pathOf(image);
    for (const endMs = clock.nowMs() + UNCLEAR_MOST_MS; clock.nowMs() < endMs; ) {
      const sightings = await source.lookNow();
      const { hypervisor } = source;
      if (sightings !== undefined && hypervisor !== undefined) {
        if (sightings.some(({ domain }) => domain.uuid === uuid)) {
          await folder.forget(hypervisor, image).catch(() => undefined);
          return false;
        }
        const isComplete = await hypervisor.savedXml(path).then(
          () => true,
          (error: unknown) => (error instanceof HypervisorError ? false : undefined),
        );
        if (isComplete === true) return true;
        if (isComplete === false) {
          await folder.forget(hypervisor, image).catch(() => undefined);
          throw new Error(`${order.vm} ended while it was saved: start it by hand`);
        }
      }
      await this.#course.pause(LOOK_AGAIN_MS);
    }
    throw new Error(
      `it is not clear whether ${order.vm} was saved: ${order.from} cannot be reached; look with virsh list there, and only where it does not run: virsh restore ${path}`,
    );
  }

  async #throughLanding(image: SavedImage): Promise<MigrationEnd> {
    const { source, target } = this.#parts;
    this.#course.become('switching');
    if (image.isLasting) await this.#undefine(source, image);
    const refusals = new Map<HostId, string>();
    for (;;) {
      const wanted = this.#isCancelled || refusals.has(target.host.id) ? [source, target] : [target];
      const open = wanted.filter(({ host }) => !refusals.has(host.id));
      if (open.length === 0) return failed(this.#remedyWords(image, [...refusals.values()].join('; ')));
      const place = await this.#firstWithRoom(open);
      if (place === undefined) {
        await this.#course.pause(LOOK_AGAIN_MS);
        continue;
      }
      const landing = await this.#land(place, image);
      if (landing.kind === 'unclear') return failed(this.#remedyWords(image, landing.because));
      if (landing.kind === 'landed') return this.#landed(place, image, [...refusals.values()]);
      refusals.set(place.host.id, landing.because);
    }
  }

  /** A definition that is left behind could be started beside the guest. */
  async #undefine(source: HostLink, { uuid }: SavedImage): Promise<void> {
    const { hypervisor } = source;
    const domain = (await hypervisor?.domains(ONLY_PERSISTENT))?.find((other) => other.uuid === uuid);
    if (hypervisor === undefined || domain === undefined) return;
    this.#definition ??= await hypervisor.domainXml(domain, XML_SECURE | XML_INACTIVE);
    await hypervisor.undefine(domain);
  }

  async #firstWithRoom(links: readonly HostLink[]): Promise<HostLink | undefined> {
    const needed = this.#saved?.facts.memoryBytes ?? 0;
    for (const link of links) {
      const { host, facts } = link;
      const size = sizeOf({ host, facts });
      const sightings = await link.lookNow();
      if (size === undefined || sightings === undefined || this.#parts.landings.has(host.id)) continue;
      const taken = sightings.reduce((sum, sighting) => sum + sighting.facts.memoryBytes, 0);
      const roomBytes = size.memoryBytes - host.reservedMemoryGib * 1024 ** 3 - taken;
      if (roomBytes >= needed) return link;
    }
    return undefined;
  }

  async #land(place: HostLink, image: SavedImage): Promise<Landing> {
    const { folder, landings } = this.#parts;
    const { id } = place.host;
    this.#isLanding = true;
    landings.add(id);
    try {
      const hypervisor = await place.open();
      try {
        await folder.mark(hypervisor, image, id);
        return await hypervisor.restore(folder.pathOf(image)).then(
          () => ({ kind: 'landed' }),
          (error: unknown) => this.#settle(place, image, error),
        );
      } finally {
        hypervisor.close();
      }
    } catch (error) {
      return { kind: 'refused', because: `${id}: ${messageOf(error)}` };
    } finally {
      landings.delete(id);
      this.#isLanding = false;
    }
  }

  /** It did not come to be only where the host says so itself, with an error and by what it lists. */
  async #settle(place: HostLink, image: SavedImage, error: unknown): Promise<Landing> {
    const { clock, folder, uuid } = this.#parts;
    const because = `${place.host.id}: ${messageOf(error)}`;
    for (const endMs = clock.nowMs() + UNCLEAR_MOST_MS; clock.nowMs() < endMs; ) {
      const sightings = await place.lookNow();
      if (sightings?.some(({ domain }) => domain.uuid === uuid)) return { kind: 'landed' };
      const { hypervisor } = place;
      if (sightings !== undefined && hypervisor !== undefined) {
        if (!(error instanceof HypervisorError)) return { kind: 'unclear', because };
        await folder.unmark(hypervisor, image, place.host.id);
        return { kind: 'refused', because };
      }
      await this.#course.pause(LOOK_AGAIN_MS);
    }
    return { kind: 'unclear', because };
  }

  async #landed(place: HostLink, image: SavedImage, refusals: readonly string[]): Promise<MigrationEnd> {
    const { order, clock, folder } = this.#parts;
    this.#saved = undefined;
    this.#course.become('finishing');
    const stoppedMs = clock.nowMs() - this.#stoppedAtMs;
    const { hypervisor } = place;
    if (hypervisor !== undefined) {
      if (image.isLasting) await this.#define(hypervisor, image);
      await folder.forget(hypervisor, image).catch(() => undefined);
    }
    if (place.host.id !== order.to) {
      return this.#isCancelled ? CANCELLED : failed(`${refusals.join('; ')}; resumed on ${place.host.id}`);
    }
    const bytes = this.#course.progress.copiedBytes;
    return { state: 'done', seconds: stoppedMs / SECOND, bytes, blackoutMs: stoppedMs };
  }

  async #define(hypervisor: Hypervisor, { uuid }: SavedImage): Promise<void> {
    const domain = (await hypervisor.domains()).find((other) => other.uuid === uuid);
    if (domain === undefined) return;
    const xml = this.#definition ?? (await hypervisor.domainXml(domain, XML_SECURE | XML_INACTIVE));
    await hypervisor.define(xml);
  }

  #remedyWords(image: SavedImage, because: string): string {
    const { order, folder } = this.#parts;
    return `${because}; ${order.vm} is saved: where virsh list shows it nowhere, bring it back by hand with virsh restore ${folder.pathOf(image)}`;
  }

  /** Until the job exists there is nothing to abort. */
  async #abort(): Promise<void> {
    const { source } = this.#parts;
    while (!this.#course.isOver && this.#saved === undefined) {
      const isAborted = await (this.#domain === undefined
        ? undefined
        : source.hypervisor?.abortJob(this.#domain)
      )?.then(
        () => true,
        () => false,
      );
      if (isAborted === true) return;
      await this.#course.pause(SECOND / 5);
    }
  }
}
