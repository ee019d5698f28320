import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../../../src/domain/units.ts';

const UP_WITHIN_MS = 90 * SECOND;
const STOPS_WITHIN_MS = 60 * SECOND;
const MOST_TRIES = 40;

/** The daemon as somebody would run it, in a process of its own. */
export class DroverProcess {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #lines: string[] = [];

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => this.#lines.push(String(bytes)));
  }

  static async start(config: object, env: Readonly<Record<string, string>> = {}): Promise<DroverProcess> {
    return DroverProcess.#begin(await mkdtemp(join(tmpdir(), 'drover-lab-run-')), config, env);
  }

  /** The one after this, which was killed: it finds what that one has left behind. */
  async again(config: object): Promise<DroverProcess> {
    return DroverProcess.#begin(this.#folder, config, {});
  }

  static async #begin(folder: string, config: object, env: Readonly<Record<string, string>>): Promise<DroverProcess> {
    const file = join(folder, 'drover.yaml');
    const settings = {
      ...config,
      stateFolder: join(folder, 'state'),
      listen: { port: 0 },
      log: { level: 'debug', format: 'json' },
    };
    await writeFile(file, JSON.stringify(settings));
    const child = spawn(process.execPath, ['src/main.ts', 'run', '--config', file], {
      env: { ...process.env, ...env },
    });
    const drover = new DroverProcess(child, folder);
    for (let waitedMs = 0; waitedMs < UP_WITHIN_MS && child.exitCode === null; waitedMs += SECOND / 4) {
      if (await drover.isReady()) return drover;
      await sleep(SECOND / 4);
    }
    await drover.stop();
    throw new Error(`Drover did not come up: ${drover.said()}`);
  }

  get url(): string | undefined {
    return /http:\/\/\S+/.exec(this.said())?.[0];
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  said(): string {
    return this.#lines.join('');
  }

  async isReady(): Promise<boolean> {
    if (this.url === undefined) return false;
    return fetch(`${this.url}readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** What its API says, as it says it. */
  async ask(path: string): Promise<string> {
    return (await fetch(`${this.url}api/v1/${path}`, { headers: { connection: 'close' } })).text();
  }

  /** A person's order, by its path below the API. */
  async order(path: string, body: object = {}): Promise<void> {
    const headers = { 'content-type': 'application/json', connection: 'close' };
    const answer = await fetch(`${this.url}api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  }

  /** The same, once it is taken: Drover takes none about what it has not watched for long enough. */
  async orderUntilTaken(path: string, body: object = {}): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.order(path, body);
      } catch (error) {
        if (tries === MOST_TRIES) throw error;
        await sleep(SECOND);
      }
    }
  }

  async migrate(vm: string, to: string): Promise<void> {
    await this.orderUntilTaken(`vms/${vm}/migrate`, { to });
  }

  /** From one instant to the next, with no time for last words. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), STOPS_WITHIN_MS);
    await this.#end('SIGTERM');
    clearTimeout(patience);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#child.once('exit', () => resolve());
    this.#child.kill(signal);
    await promise;
  }
}
