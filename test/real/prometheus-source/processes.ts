/** A Prometheus and its exporter on loopback. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, Running } from '../programs.ts';

export const PACKAGES = { prometheus: 'prometheus', 'prometheus-node-exporter': 'prometheus-node-exporter' } as const;

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
