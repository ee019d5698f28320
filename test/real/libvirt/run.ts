/** The driver contract against real hypervisors: `node test/real/libvirt/run.ts FOLDER_OF_THE_LAB`. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lab } from './lab.ts';

/** The third one has nothing to do: it is switched. */
const HOSTS = 3;
const CONFIG = 'test/real/libvirt/vitest.config.ts';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

async function main(): Promise<number> {
  const lab = new Lab(Lab.folderOf(process.argv.slice(2)));
  try {
    await lab.do('up', String(HOSTS));
    await lab.do('vm', 'h1', 'web', '96', 'cpu=5,dirty=1');
    const { numPassedTests, numFailedTests, numPendingTests } = await contract();
    process.stdout.write(`${numPassedTests} passed, ${numFailedTests} failed (${numPendingTests} left out)\n`);
    return numFailedTests === 0 && numPassedTests > 0 ? 0 : 1;
  } finally {
    await lab.do('down');
  }
}

/** What vitest itself prints goes to stderr, the figures to stdout. */
async function contract(): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-contract-'));
  const file = join(folder, 'report.json');
  const words = ['run', '--config', CONFIG, '--reporter=verbose', '--reporter=json', `--outputFile.json=${file}`];
  const { promise, resolve } = Promise.withResolvers<void>();
  const vitest = execFile('node_modules/.bin/vitest', words);
  vitest.stdout?.pipe(process.stderr);
  vitest.stderr?.pipe(process.stderr);
  vitest.once('exit', () => resolve());
  await promise;
  const report = JSON.parse(await readFile(file, 'utf8')) as Report;
  await rm(folder, { recursive: true });
  return report;
}

process.exitCode = await main();
