import type { HostId } from '../../domain/host.ts';
import { readPool } from './capabilities.ts';
import type { Hypervisor } from './hypervisor.ts';
import { PROCEDURE } from './procedures.ts';
import { XdrWriter } from './xdr.ts';

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

interface Pool {
  readonly name: string;
  readonly uuid: Buffer;
}

const POOL = 'drover-saved';
const UUID_BYTES = 16;
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
    const names = (await this.#volumes(hypervisor)).map(({ name }) => name);
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
    const pool = await this.#pool(hypervisor);
    const name = `${nameOf(image)}.${MARK}.${encoded(host)}`;
    const xml = `<volume><name>${name}</name><capacity>0</capacity><target><format type='raw'/></target></volume>`;
    await hypervisor.ask(PROCEDURE.volumeCreate, aboutPool(pool).text(xml).uint(0));
  }

  /** The marks go last: an image without them could be resumed a second time. */
  async forget(hypervisor: Hypervisor, image: SavedImage): Promise<void> {
    const volumes = await this.#volumes(hypervisor);
    const mine = volumes.filter(({ name }) => name === nameOf(image) || name.startsWith(`${nameOf(image)}.${MARK}.`));
    for (const { pool, name, key } of mine.sort((a, b) => a.name.length - b.name.length)) {
      await hypervisor.ask(PROCEDURE.volumeDelete, new XdrWriter().text(pool).text(name).text(key).uint(0));
    }
  }

  /** Takes the mark of a host back that has refused. */
  async unmark(hypervisor: Hypervisor, image: SavedImage, host: HostId): Promise<void> {
    const mark = `${nameOf(image)}.${MARK}.${encoded(host)}`;
    const volume = (await this.#volumes(hypervisor)).find(({ name }) => name === mark);
    if (volume === undefined) return;
    const { pool, name, key } = volume;
    await hypervisor.ask(PROCEDURE.volumeDelete, new XdrWriter().text(pool).text(name).text(key).uint(0));
  }

  async #volumes(hypervisor: Hypervisor) {
    const pool = await this.#pool(hypervisor);
    await hypervisor.ask(PROCEDURE.poolRefresh, aboutPool(pool).uint(0));
    const reply = await hypervisor.ask(PROCEDURE.listVolumes, aboutPool(pool).int(1).uint(0));
    return reply.list(() => ({ pool: reply.text(), name: reply.text(), key: reply.text() }));
  }

  /** Whichever pool the host has there already; else one of ours, until the host is started anew. */
  async #pool(hypervisor: Hypervisor): Promise<Pool> {
    const known = (await hypervisor.pools()).map(readPool).find(({ path }) => path === this.#path);
    const xml = `<pool type='dir'><name>${POOL}</name><target><path>${this.#path}</path></target></pool>`;
    const reply =
      known === undefined
        ? await hypervisor.ask(PROCEDURE.poolCreate, new XdrWriter().text(xml).uint(0))
        : await hypervisor.ask(PROCEDURE.poolByName, new XdrWriter().text(known.name));
    return { name: reply.text(), uuid: reply.fixed(UUID_BYTES) };
  }
}

const aboutPool = ({ name, uuid }: Pool): XdrWriter => new XdrWriter().text(name).fixed(uuid);

/** Hosts may be called anything; the dot parts the name, and the rest must stand in a name of a file and in XML. */
const encoded = (host: HostId): string => encodeURIComponent(host).replaceAll('.', '%2E').replaceAll("'", '%27');
const decoded = (text: string): HostId => decodeURIComponent(text);

function nameOf({ uuid, from, to, isLasting }: SavedImage): string {
  return [uuid, encoded(from), encoded(to), isLasting ? 'defined' : 'passing', ENDING].join('.');
}

function imageOf(name: string): SavedImage | undefined {
  const [uuid = '', from = '', to = '', kind, ending, ...more] = name.split('.');
  if (ending !== ENDING || more.length > 0) return undefined;
  return { uuid, from: decoded(from), to: decoded(to), isLasting: kind === 'defined' };
}
