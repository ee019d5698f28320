import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Lab, SHARED_FOLDER } from './lab.ts';

const run = promisify(execFile);
const DISK = join(SHARED_FOLDER, 'disk.img');
const DISK_BYTES = 2 ** 20;

/**
 * A disk for guests on what libvirt takes for a cluster's file system: a folder that is mounted anew by bindfs, under the
 * name of one. All hosts are on one machine, so that locks on its files hold between them, as they do on NFS.
 */
export class SharedDisk {
  readonly #store: string;

  private constructor(store: string) {
    this.#store = store;
  }

  /** Before the hosts come up: they take over what is mounted then. */
  static async mount(): Promise<SharedDisk> {
    await mkdir(SHARED_FOLDER, { recursive: true });
    const store = await mkdtemp(join(tmpdir(), 'drover-lab-store-'));
    await run('bindfs', ['-o', 'subtype=glusterfs,fsname=lab:/volume', store, SHARED_FOLDER]);
    const disk = new SharedDisk(store);
    await writeFile(DISK, '');
    await truncate(DISK, DISK_BYTES);
    return disk;
  }

  async plugInto(lab: Lab, host: string, guest: string): Promise<void> {
    await lab.do('virsh', host, 'attach-disk', guest, DISK, 'vda', '--targetbus', 'virtio', '--live');
  }

  async unmount(): Promise<void> {
    await run('umount', [SHARED_FOLDER]);
    await rm(this.#store, { recursive: true });
  }
}
