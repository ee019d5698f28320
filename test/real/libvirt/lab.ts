import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SECOND } from '../../../src/domain/units.ts';
import { LibvirtDriver } from '../../../src/drivers/libvirt/libvirt-driver.ts';
import type { LibvirtHost, MigrationSettings } from '../../../src/drivers/libvirt/settings.ts';
import type { TlsFiles } from '../../../src/drivers/libvirt/transport.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { SystemClock } from '../../../src/wiring/clocks.ts';

const run = promisify(execFile);
const MOST_MS = 300 * SECOND;
export const STATE_FOLDER = process.env.LAB_DIR ?? join(tmpdir(), 'drover-lab');
const MOST_TRIES = 60;
const MOST_WAITS = 4;
/** Hosts have folders of their own for what is theirs; all else is one and the same on all of them, as NFS would be. */
export const SHARED_FOLDER = join(STATE_FOLDER, 'shared');

/** What its script could not do; nothing about Drover follows from it. */
export class LabFailed extends Error {}

/** A laboratory of real hosts on one machine, reached by the commands that its script offers. */
export class Lab {
  readonly #script: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(folder: string, env: Readonly<Record<string, string>> = {}) {
    this.#script = join(folder, 'lab');
    this.#env = { ...process.env, LAB_DIR: STATE_FOLDER, ...env };
    mkdirSync(SHARED_FOLDER, { recursive: true });
  }

  /** Where it is: the first argument, or the environment; a sentence for who did not say. */
  static folderOf(args: readonly string[]): string {
    const folder = args[0] ?? process.env.LAB;
    if (folder === undefined || folder === '') {
      throw new Error('no laboratory: name its folder as the first argument or in the environment as LAB');
    }
    return folder;
  }

  /** So many hosts, and nothing of what a run before this one may have left when it was killed. */
  async up(hosts: number): Promise<void> {
    await this.down();
    await this.#patiently('up', String(hosts));
  }

  /** What is left behind is told, and is no failure of what was tried. */
  async down(): Promise<void> {
    await this.#patiently('down').catch((error: unknown) => process.stderr.write(`${error}\n`));
  }

  /** A host that is on already is waited for until its libvirt answers. */
  async on(host: string): Promise<void> {
    await this.#patiently('on', host);
  }

  /** After a change of its settings; guests live through that. The new one is waited for, and not the old one. */
  async restartLibvirt(host: string, change: string): Promise<void> {
    const end = 'old=$(cat /run/libvirt/libvirtd.pid); kill $old; while kill -0 $old 2>/dev/null; do sleep 0.1; done';
    await this.do('in', host, 'sh', '-c', `${change}; ${end}`);
    await this.on(host);
  }

  async do(...words: readonly string[]): Promise<string> {
    try {
      const { stdout } = await run(this.#script, words, { env: this.#env, timeout: MOST_MS });
      return stdout.trim();
    } catch (error) {
      throw new LabFailed(`${words.join(' ')}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Its script waits for ten seconds only, which a busy machine exceeds; done again, it waits on. */
  async #patiently(...words: readonly string[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.do(...words);
        return;
      } catch (error) {
        if (tries === MOST_WAITS) throw error;
      }
    }
  }

  /** Waits until the guest has booted. */
  async awake(guest: string): Promise<void> {
    await this.ask(guest, 'stat');
  }

  /** By guest, where it can be spoken to. */
  async addressesOf(guests: readonly string[]): Promise<Map<string, string>> {
    const numbers = new Map(
      (await readFile(join(STATE_FOLDER, 'vms'), 'utf8'))
        .split('\n')
        .map((row) => [row.split(' ')[0], row.split(' ')[1]]),
    );
    return new Map(guests.map((guest) => [guest, `10.77.1.${numbers.get(guest)}`]));
  }

  /** What a guest says of itself; one that boots, or moves, on a busy machine says it later. */
  async ask(guest: string, words: string): Promise<string> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.do('load', guest, words);
      } catch (error) {
        if (tries === MOST_TRIES) throw error;
      }
    }
  }
}

export const addressOf = (number: number): string => `10.77.0.${number}`;
export const bmcAddressOf = (number: number): string => `10.77.2.${number}`;

/** The variable of the environment that holds the password of the BMCs. */
export const LAB_BMC_ENV = 'LAB_BMC_PASSWORD';

/** A host as a configuration has it, with its BMC. */
export function labHostSettings(id: string) {
  const number = Number(id.slice(1));
  const bmc = { kind: 'ipmi', address: bmcAddressOf(number), user: 'admin', passwordEnv: LAB_BMC_ENV };
  return { id, uri: `qemu+tcp://${addressOf(number)}/system`, bmc };
}

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

export const PLAIN_MIGRATION: MigrationSettings = {
  control: 'managed',
  autoConverge: true,
  parallelConnections: 1,
  compressed: false,
  postCopy: false,
  mostMibPerS: 0,
};

/** A driver as the daemon would have one, for what can be tried without the daemon. */
export function openLabDriver(
  hosts: readonly LibvirtHost[],
  migration: Partial<MigrationSettings> = {},
  tls?: TlsFiles,
  clock: Clock = new SystemClock(),
  dirtyRateSeconds = 0,
): LibvirtDriver {
  const tell = () => {};
  const driver = LibvirtDriver.open({
    clock,
    log: { debug: tell, info: tell, warn: tell, error: tell },
    settings: {
      hosts,
      sharedPaths: [SHARED_FOLDER],
      saveFolder: SHARED_FOLDER,
      migration: { ...PLAIN_MIGRATION, ...migration },
      connectSeconds: 3,
      pingSeconds: 1,
      dirtyRateSeconds,
      ...(tls && { tls }),
    },
  });
  if ('because' in driver) throw new Error(driver.because);
  return driver;
}
