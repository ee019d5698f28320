import type { HostId } from '../../domain/host.ts';
import { SECOND } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { readDomainXml } from './domain-xml.ts';
import type { HostLink, Sighting } from './host-link.ts';
import type { Hypervisor } from './hypervisor.ts';
import type { FoundImage, SavedImage, SaveFolder } from './save-folder.ts';
import { isRunning } from './whereabouts.ts';
import { parseXml, textAt } from './xml.ts';

export interface Leftover {
  readonly image: SavedImage;
  readonly sighting: Sighting;
}

const LOOK_EVERY_MS = 30 * SECOND;
const PAUSED = 3;
const SAVED = 4;

/** Guests in files that nobody looks after any more: whoever saved them was killed. */
export class Leftovers {
  readonly #folder: SaveFolder;
  readonly #clock: Clock;
  #lookedAtMs = -Infinity;
  #troubles: readonly string[] = [];

  constructor(folder: SaveFolder, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** What a person has to look at, as of the last look. */
  get troubles(): readonly string[] {
    return this.#troubles;
  }

  /** Those that were never told to be resumed, and so may be; the file of one that runs is removed. */
  async look(
    links: ReadonlyMap<HostId, HostLink>,
    listings: ReadonlyMap<HostId, readonly Sighting[]>,
    isOurs: (uuid: string) => boolean,
  ): Promise<Leftover[]> {
    const hypervisor = [...links.values()].find((link) => link.hypervisor !== undefined)?.hypervisor;
    if (hypervisor === undefined || this.#clock.nowMs() - this.#lookedAtMs < LOOK_EVERY_MS) return [];
    this.#lookedAtMs = this.#clock.nowMs();
    try {
      const found = (await this.#folder.images(hypervisor)).filter(({ image }) => !isOurs(image.uuid));
      const listed = [...listings.values()].flat();
      const troubles: string[] = [];
      const leftovers: Leftover[] = [];
      for (const one of found) {
        const seen = listed.find(({ domain }) => domain.uuid === one.image.uuid);
        if (seen === undefined) await this.#take(hypervisor, one, links, leftovers, troubles);
        else if (isRunning(seen)) await this.#folder.forget(hypervisor, one.image);
      }
      this.#troubles = troubles;
      return leftovers;
    } catch (error) {
      this.#troubles = [`The folder of saved guests: ${error instanceof Error ? error.message : String(error)}.`];
      return [];
    }
  }

  async #take(
    hypervisor: Hypervisor,
    { image, resumedOn }: FoundImage,
    links: ReadonlyMap<HostId, HostLink>,
    leftovers: Leftover[],
    troubles: string[],
  ): Promise<void> {
    const path = this.#folder.pathOf(image);
    const isKnown = links.has(image.from) && links.has(image.to);
    const description = await hypervisor.savedXml(path).catch(() => undefined);
    if (resumedOn.length > 0) {
      troubles.push(
        `A guest was to be resumed from ${path} on ${resumedOn.join(', ')} and runs nowhere: if it has not run since, virsh restore it; else remove the file.`,
      );
    } else if (description === undefined || !isKnown) {
      troubles.push(
        `${path} is no complete guest between hosts of this configuration: remove it, or virsh restore it.`,
      );
    } else {
      const name = textAt(parseXml(description), 'name') ?? image.uuid;
      const domain = { name, uuid: image.uuid, number: -1 };
      leftovers.push({ image, sighting: { domain, state: PAUSED, reason: SAVED, facts: readDomainXml(description) } });
    }
  }
}
