/**
 * What a scrape costs, through the real server to a client in another process. `--hosts` and `--vms` set the size,
 * `--scrapes` how many are made; `--json` prints one line. Of each kind the time, the longest time that the event loop
 * was held up, and the memory beyond what the process had before the first scrape are told.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { MIB } from '../../src/domain/units.ts';
import { startServer } from '../../src/serve/server.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { aHost, aSnapshot, aVm, many } from '../kit/fleet.ts';
import { FakeDaemon } from '../serve/fake-daemon.ts';
import { benchArguments } from './arguments.ts';

const { hosts, vms, scrapes, json } = benchArguments({ hosts: 10_000, vms: 100_000, scrapes: 9 });

/** Counts lines the first time only: it would keep the server waiting. */
const CLIENT = `
const { get } = require('node:http');
let lines = 0;
process.on('message', (url) => {
  const startedAt = performance.now();
  const isFirst = lines === 0;
  get(url, (response) => {
    let bytes = 0;
    response.on('data', (chunk) => {
      bytes += chunk.length;
      if (isFirst) for (const byte of chunk) if (byte === 10) lines++;
    });
    response.on('end', () => process.send({ ms: performance.now() - startedAt, bytes, lines }));
  });
});`;

const startClient = (): ChildProcess =>
  spawn(process.execPath, ['-e', CLIENT], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

interface Scraped {
  readonly ms: number;
  readonly bytes: number;
  readonly lines: number;
}

function snapshot() {
  return aSnapshot({
    hosts: many(hosts, (n) => aHost({ id: `host-${String(n).padStart(5, '0')}`, rack: `r${n % 100}` })),
    vms: many(vms, (n) =>
      aVm({
        id: `web-${String(n).padStart(6, '0')}`,
        host: `host-${String((n % hosts) + 1).padStart(5, '0')}`,
        demand: { cpuMhz: 500 + Math.sin(n) * 400, netRxBytesPerS: 1e6 * (1 + Math.cos(n)), netTxBytesPerS: 7e5 },
        dirtyBytesPerS: 12_345_678 + n,
      }),
    ),
  });
}

/** The longest wait for a turn while the work goes on. */
async function longestStallMs(work: Promise<unknown>): Promise<number> {
  let isOver = false;
  let longest = 0;
  void work.finally(() => {
    isOver = true;
  });
  for (let before = performance.now(); !isOver; ) {
    await turn();
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
  }
  return longest;
}

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;
const rounded = (value: number): number => Math.round(value * 10) / 10;

async function measure(perVmSeries: boolean, shown: ReturnType<typeof snapshot>) {
  const settings = { perHostSeries: true, perVmSeries, mostSeries: 10_000_000, undoneWithinHours: 4 };
  const telemetry = new Telemetry({ version: '0', cluster: 'bench', driver: 'none' }, settings);
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  telemetry.snapshotTaken({ snapshot: shown, oldestAgeMs: 0, unknown: [], droppedSamples: 0 });
  const server = await startServer({ daemon: new FakeDaemon(), telemetry, address: '127.0.0.1', port: 0, log: quiet });
  if ('refusal' in server) throw new Error(server.refusal);
  const client = startClient();
  globalThis.gc?.();
  const idleBytes = process.memoryUsage().rss;
  const times: number[] = [];
  const stalls: number[] = [];
  let mostBytes = 0;
  let last: Scraped | undefined;
  for (let i = 0; i < scrapes; i++) {
    const answer = new Promise<Scraped>((resolve) => client.once('message', resolve));
    client.send(`${server.url}metrics`);
    stalls.push(await longestStallMs(answer));
    last = await answer;
    times.push(last.ms);
    mostBytes = Math.max(mostBytes, process.memoryUsage().rss);
    await pause(50);
  }
  client.disconnect();
  await server.close();
  return {
    lines: last?.lines,
    mib: rounded((last?.bytes ?? 0) / MIB),
    firstMs: rounded(times[0]!),
    medianMs: rounded(median(times)),
    leastMs: rounded(Math.min(...times)),
    medianStallMs: rounded(median(stalls)),
    longestStallMs: rounded(Math.max(...stalls)),
    extraMib: rounded((mostBytes - idleBytes) / MIB),
  };
}

const shown = snapshot();
const withoutVms = await measure(false, shown);
const withVms = await measure(true, shown);
const figures = { bench: 'scrape', hosts, vms, withoutVms, withVms };
process.stdout.write(`${JSON.stringify(figures, null, json ? 0 : 2)}\n`);
