import { readPool } from './capabilities.ts';
import type { Hypervisor } from './hypervisor.ts';
import { PROCEDURE } from './procedures.ts';
import { XdrWriter } from './xdr.ts';

export interface Volume {
  readonly pool: string;
  readonly name: string;
  readonly key: string;
}

interface Pool {
  readonly name: string;
  readonly uuid: Buffer;
  readonly isOurs: boolean;
}

const UUID_BYTES = 16;

/** A folder on a host as its storage driver shows it: through whichever pool is there, else through one of ours. */
export class FolderPool {
  readonly #path: string;
  readonly #hypervisor: Hypervisor;
  #pool: Pool | undefined;

  constructor(path: string, hypervisor: Hypervisor) {
    this.#path = path.replace(/\/+$/, '');
    this.#hypervisor = hypervisor;
  }

  async volumes(): Promise<Volume[]> {
    const pool = await this.#open();
    await this.#hypervisor.ask(PROCEDURE.poolRefresh, aboutPool(pool).uint(0));
    const reply = await this.#hypervisor.ask(PROCEDURE.listVolumes, aboutPool(pool).int(1).uint(0));
    return reply.list(() => ({ pool: reply.text(), name: reply.text(), key: reply.text() }));
  }

  /** An empty file of this name. */
  async write(name: string): Promise<void> {
    const xml = `<volume><name>${name}</name><capacity>0</capacity><target><format type='raw'/></target></volume>`;
    await this.#hypervisor.ask(
      PROCEDURE.volumeCreate,
      aboutPool(await this.#open())
        .text(xml)
        .uint(0),
    );
  }

  async remove(name: string): Promise<void> {
    const volume = (await this.volumes()).find((one) => one.name === name);
    if (volume !== undefined) await this.delete(volume);
  }

  async delete({ pool, name, key }: Volume): Promise<void> {
    await this.#hypervisor.ask(PROCEDURE.volumeDelete, new XdrWriter().text(pool).text(name).text(key).uint(0));
  }

  /** A pool of ours is closed again; what is in the folder stays. */
  async giveBack(): Promise<void> {
    if (this.#pool?.isOurs !== true) return;
    await this.#hypervisor.ask(PROCEDURE.poolDestroy, aboutPool(this.#pool)).catch(() => undefined);
    this.#pool = undefined;
  }

  async #open(): Promise<Pool> {
    this.#pool ??= await this.#found();
    return this.#pool;
  }

  async #found(): Promise<Pool> {
    const known = (await this.#hypervisor.pools()).map(readPool).find(({ path }) => path === this.#path);
    const name = `drover${this.#path.replaceAll('/', '-')}`;
    const xml = `<pool type='dir'><name>${name}</name><target><path>${this.#path}</path></target></pool>`;
    const reply =
      known === undefined
        ? await this.#hypervisor.ask(PROCEDURE.poolCreate, new XdrWriter().text(xml).uint(0))
        : await this.#hypervisor.ask(PROCEDURE.poolByName, new XdrWriter().text(known.name));
    return { name: reply.text(), uuid: reply.fixed(UUID_BYTES), isOurs: known === undefined };
  }
}

const aboutPool = ({ name, uuid }: Pool): XdrWriter => new XdrWriter().text(name).fixed(uuid);
