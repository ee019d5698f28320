import type { HostId } from '../../domain/host.ts';
import { FolderPool } from './folder-pool.ts';
import type { Hypervisor } from './hypervisor.ts';

/** A guest in a file: whose it is, on which way, and whether it was defined on its source. */
export interface SavedImage {
  readonly uuid: string;
  readonly from: HostId;
  readonly to: HostId;
  readonly isLasting: boolean;
}

/** A file that was found, with the hosts that were told to resume it: after that nobody knows whether it ever ran. */
export interface FoundImage {
  readonly image: SavedImage;
  readonly resumedOn: readonly HostId[];
}

const ENDING = 'saved';
const MARK = 'resumed-on';

/**
 * The folder, one and the same on all hosts, that guests are saved to between two hosts. What happened to each is in the
 * names of files there, so that it can be told after Drover was killed at any instant: before a guest is resumed, the host
 * is written down, and what was never to be resumed can safely be.
 */
export class SaveFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path.replace(/\/+$/, '');
  }

  pathOf(image: SavedImage): string {
    return `${this.#path}/${nameOf(image)}`;
  }

  async images(hypervisor: Hypervisor): Promise<FoundImage[]> {
    const names = (await this.#on(hypervisor).volumes()).map(({ name }) => name);
    return names.flatMap((name) => {
      const image = imageOf(name);
      if (image === undefined) return [];
      const prefix = `${name}.${MARK}.`;
      const marks = names.filter((other) => other.startsWith(prefix));
      return [{ image, resumedOn: marks.map((mark) => decoded(mark.slice(prefix.length))) }];
    });
  }

  /** To be kept before the host is told to resume it. */
  async mark(hypervisor: Hypervisor, image: SavedImage, host: HostId): Promise<void> {
    await this.#on(hypervisor).write(markOf(image, host));
  }

  /** Takes the mark of a host back that has refused. */
  async unmark(hypervisor: Hypervisor, image: SavedImage, host: HostId): Promise<void> {
    await this.#on(hypervisor).remove(markOf(image, host));
  }

  /** The marks go last: an image without them could be resumed a second time. */
  async forget(hypervisor: Hypervisor, image: SavedImage): Promise<void> {
    const folder = this.#on(hypervisor);
    const mine = (await folder.volumes()).filter(({ name }) => name.startsWith(nameOf(image)));
    for (const volume of mine.sort((a, b) => a.name.length - b.name.length)) await folder.delete(volume);
  }

  #on(hypervisor: Hypervisor): FolderPool {
    return new FolderPool(this.#path, hypervisor);
  }
}

const markOf = (image: SavedImage, host: HostId): string => `${nameOf(image)}.${MARK}.${encoded(host)}`;

/** Hosts may be called anything; the dot parts the name, and the rest must stand in a name of a file and in XML. */
const encoded = (host: HostId): string => encodeURIComponent(host).replaceAll('.', '%2E').replaceAll("'", '%27');

/** Whoever else puts files there may call them anything. */
function decoded(text: string): HostId {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function nameOf({ uuid, from, to, isLasting }: SavedImage): string {
  return [uuid, encoded(from), encoded(to), isLasting ? 'defined' : 'passing', ENDING].join('.');
}

function imageOf(name: string): SavedImage | undefined {
  const [uuid = '', from = '', to = '', kind, ending, ...more] = name.split('.');
  if (ending !== ENDING || more.length > 0) return undefined;
  return { uuid, from: decoded(from), to: decoded(to), isLasting: kind === 'defined' };
}
