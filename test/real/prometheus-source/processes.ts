/** Real programs on loopback, with folders and ports of their own; each is ended by its own number. */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const PACKAGES = { prometheus: 'prometheus', 'prometheus-node-exporter': 'prometheus-node-exporter' } as const;
type Program = keyof typeof PACKAGES;

/** A sentence for each program that is not installed. */
export function missingPrograms(): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const isThere = (program: string) => folders.some((folder) => canRun(join(folder, program)));
  return Object.entries(PACKAGES)
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
class Running {
  readonly #program: Program;
  readonly #parameters: readonly string[];
  #process: ChildProcess | undefined;
  #said = '';

  constructor(program: Program, parameters: readonly string[]) {
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

const MOST_KEPT = 2000;

export interface Lab {
  readonly prometheus: Running;
  readonly exporter: Running;
  readonly url: string;
  end(): Promise<void>;
}

/** A Prometheus that scrapes a node_exporter, and itself, every second. */
export async function openLab(): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-prometheus-'));
  const [exporterPort, port] = [await freePort(), await freePort()];
  const targets = (job: string, at: number) => [
    `  - job_name: ${job}`,
    '    static_configs:',
    `      - targets: ["127.0.0.1:${at}"]`,
  ];
  const head = ['global:', '  scrape_interval: 1s', '  scrape_timeout: 1s', 'scrape_configs:'];
  const lines = [...head, ...targets('node', exporterPort), ...targets('store', port), ''];
  writeFileSync(join(folder, 'prometheus.yml'), lines.join('\n'));
  const exporter = new Running('prometheus-node-exporter', [`--web.listen-address=127.0.0.1:${exporterPort}`]);
  const prometheus = new Running('prometheus', [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  const end = async () => {
    await Promise.all([prometheus.kill(), exporter.kill()]);
    rmSync(folder, { recursive: true, force: true });
  };
  exporter.start();
  prometheus.start();
  return { prometheus, exporter, url: `http://127.0.0.1:${port}`, end };
}
