import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const MAIN = resolve(import.meta.dirname, '../../../src/main.ts');
const READY_MS = 90_000;

/** A process of Drover, with what it said. */
export class Process {
  readonly #child: ChildProcess;
  readonly exited: Promise<void>;
  out = '';
  said = '';

  constructor(...words: string[]) {
    const { promise, resolve: gone } = Promise.withResolvers<void>();
    this.exited = promise;
    this.#child = spawn(process.execPath, [MAIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.on('data', (chunk) => {
      this.out += String(chunk);
    });
    this.#child.stderr?.on('data', (chunk) => {
      this.said = `${this.said}${chunk}`.slice(-20_000);
    });
    this.#child.once('exit', () => gone());
  }

  /** What the pattern finds in what it prints, once it is there; nothing when the process ends before. */
  async printed(pattern: RegExp): Promise<string | undefined> {
    for (const untilMs = Date.now() + READY_MS; Date.now() < untilMs; await pause(5)) {
      const found = pattern.exec(this.out)?.[1];
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) return undefined;
    }
    throw new Error(`nothing like ${pattern} was printed within ${READY_MS} ms: ${this.out}${this.said}`);
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#child.kill(signal);
    await this.exited;
  }
}

export const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

const balancer = (folder: string) => join(folder, 'balancer');

/** A load balancer made of files: VMs that it sends nobody to. */
export const drainedVms = (folder: string): string[] => readdirSync(balancer(folder));

/**
 * The daemon's configuration; the port is free. Where hosts are not proven, they are tried out too. VMs are drained at a
 * load balancer before they move, and opened again after.
 */
export function writeConfig(folder: string, socket: string, areProven: boolean): string {
  const file = join(folder, 'drover.yaml');
  mkdirSync(balancer(folder), { recursive: true });
  const mark = JSON.stringify(`${balancer(folder)}/{vm}`);
  writeFileSync(
    file,
    `driver: { kind: simulated, at: ${JSON.stringify(socket)} }
stateFolder: ${JSON.stringify(join(folder, 'state'))}
listen: { port: 0 }
log: { level: warn }
hostPower: { provenByDefault: ${areProven}, proveWhenCalm: true }
profile: { horizonMinutes: 50, vmCooldownMinutes: 3, minimumOnMinutes: 1, minimumOffMinutes: 1, spareHosts: 0 }
hooks:
  around:
    - id: balancer
      before: { kind: command, command: [touch, ${mark}] }
      after: { kind: command, command: [rm, -f, ${mark}] }
`,
  );
  return file;
}
