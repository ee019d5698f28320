/** A contract of vitest that needs real programs, run once they are up. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

/** What vitest itself prints goes to stderr, the figures to stdout. True when all has passed. */
export async function runContract(config: string, env: Readonly<Record<string, string>> = {}): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-contract-'));
  const file = join(folder, 'report.json');
  // By the Node that runs this, and not by whichever comes first on the path.
  const words = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    config,
    '--reporter=verbose',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const { promise, resolve } = Promise.withResolvers<void>();
  const vitest = execFile(process.execPath, words, { env: { ...process.env, ...env } });
  vitest.stdout?.pipe(process.stderr);
  vitest.stderr?.pipe(process.stderr);
  vitest.once('exit', () => resolve());
  await promise;
  const report = JSON.parse(await readFile(file, 'utf8')) as Report;
  await rm(folder, { recursive: true });
  const { numPassedTests, numFailedTests, numPendingTests } = report;
  process.stdout.write(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped\n`);
  return numFailedTests === 0 && numPassedTests > 0;
}
