/** A real daemon on the embedded datacenter, and a real Prometheus that scrapes it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { freePort } from '../programs.ts';

export const ROOT = join(import.meta.dirname, '../../..');
export const ALERTS = join(ROOT, 'grafana/alerts/drover.rules.yaml');
const NODE = join(ROOT, 'node_modules/node/bin/node');
const STARTS_WITHIN_MS = 60_000;
const STOPS_WITHIN_MS = 60_000;
const POLL_MS = 200;

export interface StageOptions {
  /** Datacenter seconds per real second. */
  readonly speed: number;
}

export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), 'drover-scrape-'));
  readonly #processes: ChildProcess[] = [];
  droverUrl = '';
  prometheusUrl = '';

  async start({ speed }: StageOptions): Promise<void> {
    const drover = this.#startDrover(speed);
    this.droverUrl = await this.#within('Drover to say where it listens', async () => {
      return /http:\/\/localhost:(\d+)\//.exec(this.read('drover.out'))?.[0].replace('localhost', '127.0.0.1');
    });
    await this.#within('Drover to be ready', async () => (await fetch(`${this.droverUrl}readyz`)).ok || undefined);
    await this.#startPrometheus();
    if (drover.exitCode !== null) throw new Error(`Drover has ended: ${this.read('drover.log')}`);
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** Ends both, gives the exit code of the daemon, and leaves nothing behind. */
  async end(): Promise<number | null> {
    for (const process of this.#processes) process.kill('SIGTERM');
    for (const process of this.#processes) await endOf(process);
    const [drover] = this.#processes;
    rmSync(this.folder, { recursive: true });
    return drover?.exitCode ?? null;
  }

  #startDrover(speed: number): ChildProcess {
    const config = {
      driver: { speed },
      stateFolder: join(this.folder, 'state'),
      listen: { port: 0 },
      log: { format: 'json' },
      telemetry: { perVmSeries: true },
    };
    writeFileSync(join(this.folder, 'drover.yaml'), stringify(config));
    const args = [join(ROOT, 'src/main.ts'), 'run', '--config', join(this.folder, 'drover.yaml')];
    return this.#spawn(NODE, args, 'drover');
  }

  async #startPrometheus(): Promise<void> {
    const port = await freePort();
    const config = {
      global: { scrape_interval: '2s', scrape_timeout: '2s', evaluation_interval: '2s' },
      rule_files: [ALERTS],
      scrape_configs: [{ job_name: 'drover', static_configs: [{ targets: [new URL(this.droverUrl).host] }] }],
    };
    writeFileSync(join(this.folder, 'prometheus.yaml'), stringify(config));
    const args = [
      `--config.file=${join(this.folder, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(this.folder, 'metrics')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
    ];
    this.#spawn('prometheus', args, 'prometheus');
    this.prometheusUrl = `http://127.0.0.1:${port}/`;
    const isReady = async () => (await fetch(`${this.prometheusUrl}-/ready`)).ok || undefined;
    await this.#within('Prometheus to be ready', isReady);
  }

  #spawn(command: string, args: readonly string[], name: string): ChildProcess {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.pipe(createWriteStream(join(this.folder, `${name}.out`)));
    child.stderr.pipe(createWriteStream(join(this.folder, `${name}.log`)));
    this.#processes.push(child);
    return child;
  }

  async #within<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
    for (let waitedMs = 0; waitedMs < STARTS_WITHIN_MS; waitedMs += POLL_MS) {
      const answer = await ask().catch(() => undefined);
      if (answer !== undefined) return answer;
      await pause(POLL_MS);
    }
    throw new Error(`waited ${STARTS_WITHIN_MS / 1000} s for ${what}`);
  }
}

/** What a person would have to install; nothing when all is there. */
export function missingTools(): string | undefined {
  const missing = ['prometheus', 'promtool'].filter((tool) => spawnSync(tool, ['--version']).status !== 0);
  return missing.length === 0
    ? undefined
    : `${missing.join(' and ')} cannot be run; the Debian package prometheus has both`;
}

async function endOf(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const patience = setTimeout(() => process.kill('SIGKILL'), STOPS_WITHIN_MS);
  await once(process, 'exit');
  clearTimeout(patience);
}
