import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SECOND } from '../../../src/domain/units.ts';
import type { LibvirtHost } from '../../../src/drivers/libvirt/settings.ts';

const run = promisify(execFile);
const MOST_MS = 300 * SECOND;

/** A laboratory of real hosts on one machine, reached by the commands that its script offers. */
export class Lab {
  readonly #script: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(folder: string, env: Readonly<Record<string, string>> = {}) {
    this.#script = join(folder, 'lab');
    this.#env = { LAB_DIR: join(tmpdir(), 'drover-lab'), ...process.env, ...env };
  }

  /** Where it is: the first argument, or the environment; a sentence for who did not say. */
  static folderOf(args: readonly string[]): string {
    const folder = args[0] ?? process.env.LAB;
    if (folder === undefined || folder === '') {
      throw new Error('no laboratory: name its folder as the first argument or in the environment as LAB');
    }
    return folder;
  }

  async do(...words: readonly string[]): Promise<string> {
    const { stdout } = await run(this.#script, words, { env: this.#env, timeout: MOST_MS });
    return stdout.trim();
  }

  /** What a guest says of itself. */
  async ask(guest: string, words: string): Promise<string> {
    return this.do('load', guest, words);
  }
}

export const addressOf = (number: number): string => `10.77.0.${number}`;
export const bmcAddressOf = (number: number): string => `10.77.2.${number}`;

export function labHost(number: number): LibvirtHost {
  return {
    id: `h${number}`,
    uri: `qemu+tcp://${addressOf(number)}/system`,
    rack: '',
    site: '',
    subnet: '',
    labels: {},
    reservedCores: 0,
    reservedMemoryGib: 1,
    linkGbitPerS: 10,
    migrationGbitPerS: 10,
    powerModel: { watts: [100, 200], offWatts: 5, bootSeconds: 10, shutdownSeconds: 10 },
    maintenance: false,
  };
}
