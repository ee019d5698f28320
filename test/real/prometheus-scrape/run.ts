/**
 * A real Prometheus scrapes a real daemon on the embedded datacenter for a while; then it is asked every query of every
 * panel and alert. Needs prometheus and promtool. `--seconds` and `--speed` say how long and how fast.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ALL_METRICS } from '../../../src/telemetry/catalogue.ts';
import { CONTENT_TYPE } from '../../../src/telemetry/exposition.ts';
import { HOST_SERIES, VM_SERIES } from '../../../src/telemetry/fleet-series.ts';
import { type Asked, alertSelectors, allQueries, mayBeEmpty } from './asked.ts';
import { Prometheus } from './prometheus.ts';
import { ALERTS, missingTools, ROOT, Stage } from './stage.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, speed: { type: 'string', default: '240' } },
});
const SECONDS = Number(values.seconds);
const MOST_LIVES = 3;
const RANGE = { seconds: 40, stepSeconds: 2 };

let passed = 0;
const failed: string[] = [];

async function check(name: string, test: () => unknown): Promise<void> {
  const trouble = await Promise.resolve()
    .then(test)
    .then((answer) => (answer === true ? '' : String(answer)))
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (trouble === '') passed += 1;
  else failed.push(`${name}: ${trouble}`);
}

/** What a tool says where it should say nothing, or end well. */
function promtool(args: readonly string[], input = '', isSilent = false): true | string {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const words = `${stdout}${stderr}`.trim();
  return status === 0 && (!isSilent || words === '') ? true : `promtool ${args.join(' ')} says: ${words}`;
}

async function checkFiles(): Promise<void> {
  await check('promtool check rules', () => promtool(['check', 'rules', ALERTS]));
  await check('promtool test rules', () => promtool(['test', 'rules', ALERTS.replace(/\.yaml$/, '.test.yaml')]));
  await check('promtool check config', () => promtool(['check', 'config', join(ROOT, 'grafana/prometheus.yaml')]));
}

async function checkExposition(droverUrl: string): Promise<void> {
  const response = await fetch(`${droverUrl}metrics`);
  const text = await response.text();
  await check('the text format is told as such', () => response.headers.get('content-type') === CONTENT_TYPE.text);
  await check('promtool check metrics is silent', () => promtool(['check', 'metrics'], text, true));
}

async function checkHealth(prometheus: Prometheus): Promise<void> {
  await check('the target is up', async () => {
    const [target] = await prometheus.targets();
    return (target?.health === 'up' && target.lastError === '') || `it is ${target?.health}: ${target?.lastError}`;
  });
  await check('no scrape failed', async () => {
    const share = await prometheus.value(`avg_over_time(up{job="drover"}[${RANGE.seconds}s])`);
    return share === 1 || `only ${share} of them went well`;
  });
  await check('nothing fires on a good day', async () => {
    const firing = await prometheus.firing();
    return firing.length === 0 || `${firing.join(', ')} fire`;
  });
}

async function checkSeries(prometheus: Prometheus): Promise<void> {
  for (const name of new Set([...HOST_SERIES, ...VM_SERIES].map((series) => series.name))) {
    await check(`series ${name}`, async () => (await prometheus.count(name)) > 0 || 'finds nothing');
  }
  for (const { name, type } of ALL_METRICS) {
    const selector = { from: 'the catalogue', expr: type === 'histogram' ? `${name}_count` : name, isInstant: false };
    await check(`metric ${name}`, () => findsData(prometheus, selector));
  }
}

async function findsData(prometheus: Prometheus, asked: Asked): Promise<true | string> {
  const found = await prometheus.count(asked.expr, asked.isInstant ? undefined : RANGE);
  return found > 0 || mayBeEmpty(asked) || `finds nothing: ${asked.expr}`;
}

async function checkQueries(prometheus: Prometheus): Promise<void> {
  for (const asked of [...allQueries(), ...alertSelectors()]) {
    await check(asked.from, () => findsData(prometheus, asked));
  }
}

/** Decisions that exemplars lead to while they are remembered, with steps that are done. */
async function followExemplars(droverUrl: string, followed: Set<string>): Promise<void> {
  const headers = { accept: 'application/openmetrics-text' };
  const text = await (await fetch(`${droverUrl}metrics`, { headers })).text();
  for (const [, id] of text.matchAll(/# \{decision="([^"]+)"\}/g)) {
    const answer = await fetch(`${droverUrl}api/v1/decisions/${id}`);
    if (!answer.ok) continue;
    const { oldestAgeMs, steps } = (await answer.json()) as { oldestAgeMs: number | null; steps: { state: string }[] };
    if (oldestAgeMs !== null && steps.some(({ state }) => state === 'done')) followed.add(id!);
  }
}

/** Somebody looks at it meanwhile: a console that follows events, requests that are wrong. */
async function live(stage: Stage, followed: Set<string>): Promise<void> {
  const leaving = new AbortController();
  const stream = await fetch(`${stage.droverUrl}api/v1/events`, { signal: leaving.signal });
  for (let second = 0; second < SECONDS; second++) {
    await pause(1000);
    await fetch(`${stage.droverUrl}nowhere`);
    await followExemplars(stage.droverUrl, followed);
  }
  await check('the event stream is one', () => stream.headers.get('content-type')!.startsWith('text/event-stream'));
  leaving.abort();
}

async function checkTracing(stage: Stage, prometheus: Prometheus, followed: ReadonlySet<string>): Promise<void> {
  const log = stage.read('drover.log');
  await check('exemplars reach Prometheus', async () => {
    const labels = await prometheus.exemplarLabels('drover_migration_duration_seconds_bucket');
    return labels.some(({ decision }) => decision !== undefined) || 'no exemplar names a decision';
  });
  await check('exemplars lead to decisions, and these to their outcomes', () => followed.size > 0 || 'none did');
  await check('the log names a decision when it is made and when it is carried out', () => {
    const isNamedTwice = (id: string) => {
      const lines = log.split('\n').filter((line) => line.includes(`"decision":"${id}"`));
      return lines.length >= 2 && lines.some((line) => line.includes('"step":') && line.includes(': done'));
    };
    return [...followed].some(isNamedTwice) || `none of ${[...followed].join(', ')}`;
  });
}

/** What has not come about yet on a busy machine comes about while Drover lives on. */
async function untilAllIsSeen(stage: Stage, followed: Set<string>): Promise<void> {
  const before = { passed, failed: failed.length };
  for (let life = 1; ; life++) {
    await live(stage, followed);
    const prometheus = new Prometheus(stage.prometheusUrl);
    await checkSeries(prometheus);
    await checkQueries(prometheus);
    await checkTracing(stage, prometheus, followed);
    if (failed.length === before.failed || life === MOST_LIVES) return;
    for (const trouble of failed.splice(before.failed)) process.stdout.write(`not yet: ${trouble}\n`);
    passed = before.passed;
  }
}

async function run(): Promise<number> {
  const missing = missingTools();
  if (missing !== undefined) {
    process.stderr.write(`${missing}\n`);
    return 2;
  }
  const stage = new Stage();
  const followed = new Set<string>();
  await checkFiles();
  try {
    await stage.start({ speed: Number(values.speed) });
    await untilAllIsSeen(stage, followed);
    await checkHealth(new Prometheus(stage.prometheusUrl));
    await checkExposition(stage.droverUrl);
  } catch (error) {
    failed.push(error instanceof Error ? error.message : String(error));
  }
  const exitCode = await stage.end();
  await check('Drover ends well when it is told to', () => exitCode === 0 || `it ends with ${exitCode}`);
  for (const trouble of failed) process.stdout.write(`FAILED ${trouble}\n`);
  process.stdout.write(`${passed} passed, ${failed.length} failed\n`);
  return failed.length === 0 ? 0 : 1;
}

process.exitCode = await run();
