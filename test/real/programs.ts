/** Real programs with folders and ports of their own; each is ended by its own number. */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';

const MOST_KEPT = 2000;

/** A sentence for each program that is not installed; told which Debian package has each. */
export function missingPrograms(packages: Readonly<Record<string, string>>): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const isThere = (program: string) => folders.some((folder) => canRun(join(folder, program)));
  return Object.entries(packages)
    .filter(([program]) => !isThere(program))
    .map(([program, name]) => `${program} is not installed: apt-get install ${name}`);
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise<void>((closed) => server.close(() => closed()));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** One program that can be killed and started again as it was. */
export class Running {
  readonly #program: string;
  readonly #parameters: readonly string[];
  #process: ChildProcess | undefined;
  #said = '';

  constructor(program: string, parameters: readonly string[]) {
    this.#program = program;
    this.#parameters = parameters;
  }

  start(): void {
    const child = spawn(this.#program, this.#parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', (part: Buffer) => {
      this.#said = `${this.#said}${part.toString()}`.slice(-MOST_KEPT);
    });
    this.#process = child;
  }

  /** As a power cut would: it has no time to put anything in order. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((end) => child.once('exit', () => end()));
    child.kill('SIGKILL');
    await ended;
  }

  /** The last that it said, for when something went wrong. */
  get said(): string {
    return this.#said;
  }
}
