/**
 * A real Prometheus scrapes a real node_exporter, and an observatory lives on what it says: through the death and return
 * of the store, and of the exporter. Run it with `npx -c "node test/real/prometheus-source/run.ts"`; it needs the Debian
 * packages prometheus and prometheus-node-exporter, and prints `N passed, N failed`.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CPU } from '../../../src/domain/resources.ts';
import type { Snapshot } from '../../../src/domain/snapshot.ts';
import { SECOND } from '../../../src/domain/units.ts';
import { PrometheusSource } from '../../../src/drivers/prometheus/prometheus-source.ts';
import { PromqlStore } from '../../../src/drivers/prometheus/promql-store.ts';
import { Observatory } from '../../../src/observe/observatory.ts';
import { readTrace } from '../../../src/traces/read-trace.ts';
import { SystemClock } from '../../../src/wiring/clocks.ts';
import { aHost, anInventory, aVm } from '../../kit/fleet.ts';
import { KeptLog, ObservedDatacenter } from '../../observe/kit.ts';
import { missingPrograms } from '../programs.ts';
import { Turns } from '../turns.ts';
import { type Lab, openLab, PACKAGES } from './processes.ts';

const INTERVAL_S = 2;
const INTERVAL_MS = INTERVAL_S * SECOND;
const PATIENCE_MS = 60 * SECOND;
const CORE_MHZ = 2000;
/** The exporter's process stands for a VM: any PromQL will do for a query of one's own. */
const HOST = '127.0.0.1';
const VM = 'node';

const SETTINGS = {
  sampleSeconds: INTERVAL_S,
  cycleSeconds: 5,
  fastWindowSeconds: 10,
  slowWindowSeconds: 60,
  deviationWindow: 'fast' as const,
  staleAfterIntervals: 3,
  frozenAfterSamples: 0,
  hotShare: 0.8,
  hotSeconds: 300,
  seasonMinutes: 0.1,
  soonMinutes: 0.01,
  laterMinutes: 0.02,
};

const tally = { passed: 0, failed: 0 };

function check(what: string, isTrue: boolean, seen: unknown = ''): void {
  tally[isTrue ? 'passed' : 'failed'] += 1;
  process.stdout.write(`${isTrue ? 'ok    ' : 'FAILED'} ${what}${isTrue ? '' : `; seen: ${JSON.stringify(seen)}`}\n`);
}

/** Waits until it is so, and gives how long that took; more than patience is endless. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<number> {
  const turns = new Turns();
  try {
    while (turns.ms < PATIENCE_MS) {
      if (await isSo()) return turns.ms;
      await wait(20);
    }
    return Infinity;
  } finally {
    turns.stop();
  }
}

function observe(url: string) {
  const clock = new SystemClock();
  const log = new KeptLog();
  const options = {
    url,
    headers: {},
    timeoutSeconds: 1,
    rateSeconds: 4,
    sets: ['node-exporter'] as const,
    queries: [
      {
        kind: 'vm' as const,
        metric: 'cpuCores' as const,
        query: 'sum by ($label) (rate(process_cpu_seconds_total[$rate]))',
        unit: 'millicores',
      },
    ],
    host: { label: 'instance', pattern: '^(.+?)(?::\\d+)?$' },
    vm: { label: 'job', pattern: '^(node)$' },
  };
  const cores = cpus().length;
  const host = aHost({ id: HOST, cores, capacity: { cpuMhz: cores * CORE_MHZ, memoryBytes: totalmem() } });
  const driver = new ObservedDatacenter(anInventory({ hosts: [host], vms: [aVm({ id: VM, host: HOST })] }));
  const source = new PrometheusSource(options, clock);
  const observatory = new Observatory({ driver, sources: [source], clock, log, settings: SETTINGS, rules: [] });
  return { observatory, log };
}

type Eye = ReturnType<typeof observe>;

const isKnown = ({ observatory }: Eye) =>
  observatory.trust('host', HOST)?.known === true && observatory.trust('vm', VM)?.known === true;

const isAllUnknown = ({ hosts, vms }: Snapshot) => hosts.known[0] === 0 && vms.known[0] === 0;

const RATES = [
  'rate(node_cpu_seconds_total{cpu="0",mode="user"}[4s])',
  'rate(process_cpu_seconds_total{job="node"}[4s])',
];

/** Until the store answers with data: before that there is nothing to be known. */
function untilData({ url }: Lab): Promise<number> {
  const store = new PromqlStore({ url, headers: {}, timeoutSeconds: 1 });
  const hasData = (query: string) =>
    store.now(query).then(
      ({ series }) => series.length > 0,
      () => false,
    );
  return until(async () => (await Promise.all(RATES.map(hasData))).every((has) => has));
}

async function flows(eye: Eye, lab: Lab): Promise<void> {
  check('the store answers', (await untilData(lab)) < Infinity, lab.prometheus.said);
  await eye.observatory.start();
  check('samples of the store make host and VM known', (await until(() => isKnown(eye))) < Infinity, [
    eye.observatory.trust('host', HOST),
    eye.observatory.trust('vm', VM),
    eye.log.lines,
    lab.prometheus.said,
  ]);
  await wait(2 * INTERVAL_MS);
  const signals = eye.observatory.signals('host', HOST);
  const mhz = signals?.nowMhz ?? 0;
  check('the host works, and no more than it can', mhz > 0 && mhz <= cpus().length * CORE_MHZ * 1.5, signals);
  const snapshot = eye.observatory.latest();
  const vmMhz = snapshot?.vms.demand[CPU]?.[0] ?? -1;
  check('the snapshot carries what the VM uses', vmMhz >= 0 && vmMhz < mhz, vmMhz);
  check('nothing was lost on the way', eye.observatory.losses.dropped === 0, eye.observatory.losses);
}

async function storeDies(eye: Eye, lab: Lab): Promise<void> {
  const linesBefore = eye.log.lines.length;
  await lab.prometheus.kill();
  const version = eye.observatory.latest()?.version ?? 0;
  const untilUnknownMs = await until(() => isAllUnknown(eye.observatory.latest()!));
  const mostMs = (SETTINGS.staleAfterIntervals + 1) * INTERVAL_MS + SETTINGS.cycleSeconds * SECOND;
  check('without the store, host and VM become unknown', untilUnknownMs <= mostMs, untilUnknownMs);
  const cause = eye.observatory.trust('host', HOST);
  check('the cause has a name', cause?.known === false && cause.cause === 'stale', cause);
  await wait(SETTINGS.cycleSeconds * SECOND);
  const versions = (eye.observatory.latest()?.version ?? 0) - version;
  check('the loop goes on meanwhile', versions >= 2, versions);
  const told = eye.log.lines.slice(linesBefore).filter((line) => line.includes('cannot be reached'));
  check('the outage is told once, as a sentence', told.length === 1, eye.log.lines);
}

async function storeReturns(eye: Eye, lab: Lab): Promise<void> {
  lab.prometheus.start();
  check('the store is back', (await untilData(lab)) < Infinity, lab.prometheus.said);
  const wellMs = await until(() => isKnown(eye));
  check(
    `all is well again within two intervals: ${Math.round(wellMs)} ms of ${2 * INTERVAL_MS}`,
    wellMs <= 2 * INTERVAL_MS,
  );
  const isTold = () => eye.log.lines.some((line) => line.includes('works again'));
  check('and it is told', (await until(isTold)) < Infinity, eye.log.lines);
}

async function exporterDies(eye: Eye, lab: Lab): Promise<void> {
  await lab.exporter.kill();
  const unknownMs = await until(() => isAllUnknown(eye.observatory.latest()!));
  check('without the exporter they are unknown too, though the store answers', unknownMs < Infinity);
  lab.exporter.start();
  check('and are known again when it is back', (await until(() => isKnown(eye))) < Infinity, eye.log.lines);
}

async function backFills(lab: Lab): Promise<void> {
  const eye = observe(lab.url);
  await eye.observatory.start();
  await until(() => eye.observatory.forecastState()['too little history'] === 0);
  const wasRead = !eye.log.lines.some((line) => line.includes('could not be read'));
  check('a second observatory reads the past when it starts', wasRead, eye.log.lines);
  await until(() => isKnown(eye));
  const { highestMhz = 0, lowestMhz = 0 } = eye.observatory.signals('host', HOST) ?? {};
  check('its slow window knows highs and lows at once', highestMhz > lowestMhz && lowestMhz >= 0, [
    highestMhz,
    lowestMhz,
  ]);
  const forecast = eye.observatory.signals('vm', VM)?.forecast;
  check('and its forecast has history', forecast !== undefined && 'soon' in forecast, forecast);
  eye.observatory.stop();
}

/** What the store remembers, as a person gets it: by the command. */
async function records(lab: Lab): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-record-'));
  const to = join(folder, 'trace');
  const words = ['--from', 'prometheus', '--url', lab.url, '--since', '2m', '--step', '5s', '--json'];
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['src/main.ts', 'record', '--to', to, ...words]);
  const { hosts, samples } = JSON.parse(stdout);
  check('the past is recorded as a trace', hosts === 1 && samples > 2, stdout);
  let read = 0;
  let isPlausible = true;
  for await (const { part, row } of readTrace(to)) {
    if (part !== 'samples') continue;
    read += 1;
    const { cpuCores = 0, memoryActiveBytes = 1 } = row.values;
    isPlausible &&= row.id === HOST && cpuCores <= cpus().length * 1.5 && memoryActiveBytes <= totalmem();
  }
  check('and read again, whole and plausible', read === samples && isPlausible, { read, samples });
  rmSync(folder, { recursive: true });
}

async function live(lab: Lab): Promise<void> {
  const eye = observe(lab.url);
  await flows(eye, lab);
  await storeDies(eye, lab);
  await storeReturns(eye, lab);
  await exporterDies(eye, lab);
  await backFills(lab);
  await records(lab);
  eye.observatory.stop();
}

const missing = missingPrograms(PACKAGES);
if (missing.length > 0) {
  process.stdout.write(`${missing.join('\n')}\n`);
  process.exitCode = 2;
} else {
  const lab = await openLab();
  try {
    await live(lab);
  } catch (error) {
    check('no surprise', false, error instanceof Error ? error.stack : String(error));
  } finally {
    await lab.end();
  }
  process.stdout.write(`${tally.passed} passed, ${tally.failed} failed\n`);
  process.exitCode = tally.failed > 0 ? 1 : 0;
}
