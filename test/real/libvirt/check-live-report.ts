import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../../src/domain/finding.ts';
import { LAB_BMC_ENV } from './lab.ts';

export interface Report {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
}

/** What `drover check --live` finds, in a process of its own. */
export async function checked(driver: object, password = 'lab'): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-check-'));
  const file = join(folder, 'drover.yaml');
  await writeFile(file, JSON.stringify({ cluster: 'lab', driver: { kind: 'libvirt', connectSeconds: 8, ...driver } }));
  const { promise, resolve } = Promise.withResolvers<Report>();
  const env = { ...process.env, [LAB_BMC_ENV]: password };
  execFile(process.execPath, ['src/main.ts', 'check', '--live', file, '--json'], { env }, (error, stdout, stderr) => {
    process.stderr.write(stderr);
    const findings = stdout === '' ? [] : (JSON.parse(stdout) as Report).findings;
    resolve({ exitCode: Number(error?.code ?? 0), findings });
  });
  return promise.finally(() => rm(folder, { recursive: true }));
}
