import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS, DEFAULT_PRICES } from '../../src/domain/profile.ts';
import { MINUTE, SECOND } from '../../src/domain/units.ts';
import type { Standing, Telemetry } from '../../src/telemetry/telemetry.ts';
import { aSnapshot, NOON_MS } from '../kit/fleet.ts';
import { move, power } from '../kit/verdicts.ts';
import { aStep, aStepStatus } from '../serve/fake-daemon.ts';
import { seriesValues, telemetryOf } from './scrape.ts';

const SOUND: Standing = {
  nowMs: NOON_MS,
  isReady: true,
  steps: [],
  plansWaiting: 0,
  suspects: 0,
  troubles: { datacenter: 0, others: 0 },
  limits: DEFAULT_LIMITS,
  spareHosts: 1,
  prices: DEFAULT_PRICES,
  refusedSamples: [],
  lostSamples: { late: 0, repeated: 0, unlisted: 0 },
};

function attended(...standings: readonly Partial<Standing>[]) {
  const telemetry = telemetryOf();
  let asked = 0;
  telemetry.attend(() => ({ ...SOUND, ...standings[Math.min(asked++, standings.length - 1)] }));
  return telemetry;
}

async function expectSeries(telemetry: Telemetry, expected: Record<string, number | undefined>): Promise<void> {
  expect(await seriesValues(telemetry, Object.keys(expected))).toEqual(expected);
}

describe('how things stand is asked at each scrape', () => {
  test('readiness, suspects, plans that wait, the reserve that is wanted', async () => {
    await expectSeries(attended({ isReady: false, suspects: 2, plansWaiting: 1, spareHosts: 3 }), {
      drover_ready: 0,
      drover_hosts_suspect: 2,
      drover_plans_waiting: 1,
      drover_failover_hosts_wanted: 3,
    });
  });

  test('what a person has to look at, until it is over', async () => {
    const now = { troubles: { datacenter: 3, others: 1 } };
    const telemetry = attended(now, now, { troubles: { datacenter: 0, others: 1 } });
    await expectSeries(telemetry, { 'drover_troubles{by="datacenter"}': 3, 'drover_troubles{by="others"}': 1 });
    await expectSeries(telemetry, { 'drover_troubles{by="datacenter"}': 0, 'drover_troubles{by="others"}': 1 });
  });

  test('what was seen grows old while nothing new is seen', async () => {
    const telemetry = attended({ nowMs: NOON_MS + 3 * MINUTE });
    telemetry.snapshotTaken({ snapshot: aSnapshot(), oldestAgeMs: 20 * SECOND, unknown: [], droppedSamples: 0 });
    await expectSeries(telemetry, { drover_snapshot_age_seconds: 180, drover_snapshot_oldest_age_seconds: 200 });
  });

  test('steps by state, and by what they wait for', async () => {
    const queued = (vm: string, because: string) =>
      aStepStatus({ step: aStep({ change: move(vm, 'h1', 'h2') }), state: 'queued', because });
    const steps = [
      aStepStatus(),
      queued('a', 'waits for h2: 1 of 1 migrations in flight'),
      queued('b', 'waits for h2: 1 of 1 migrations in flight'),
      queued('c', 'waits for step s1'),
      aStepStatus({ step: aStep({ change: power('h3', 'on') }), state: 'running' }),
    ];
    await expectSeries(attended({ steps }), {
      'drover_steps{kind="move",state="copying"}': 1,
      'drover_steps{kind="move",state="queued"}': 3,
      'drover_steps{kind="power on",state="running"}': 1,
      'drover_steps{kind="power off",state="running"}': 0,
      'drover_steps_waiting{reason="waits for the target: … of … migrations in flight"}': 2,
      'drover_steps_waiting{reason="waits for step …"}': 1,
      'drover_limit{limit="source"}': 1,
      'drover_limit_used{limit="source"}': 1,
      'drover_limit_used{limit="power switches"}': 1,
    });
  });

  test('a long queue is read with pauses, and counted whole', async () => {
    const step = aStep({ change: move('a', 'h1', 'h2') });
    const steps = Array.from({ length: 2500 }, () =>
      aStepStatus({ step, state: 'queued', because: 'waits for h2: full' }),
    );
    await expectSeries(attended({ steps }), {
      'drover_steps{kind="move",state="queued"}': 2500,
      'drover_steps_waiting{reason="waits for the target: full"}': 2500,
    });
  });

  test('steps that are over are forgotten', async () => {
    const telemetry = attended({ steps: [aStepStatus()] }, {});
    await telemetry.text();
    await expectSeries(telemetry, { 'drover_steps{kind="move",state="copying"}': 0 });
  });

  test('what others add up is told as it grows', async () => {
    const refused = (count: number) => ({ refusedSamples: [{ kind: 'vm' as const, cause: 'negative', count }] });
    const telemetry = attended(refused(3), { ...refused(5), lostSamples: { late: 2, repeated: 0, unlisted: 1 } });
    await telemetry.text();
    await expectSeries(telemetry, {
      'drover_samples_refused_total{kind="vm",cause="negative"}': 5,
      'drover_samples_left_out_total{cause="late"}': 2,
      'drover_samples_left_out_total{cause="unlisted"}': 1,
    });
  });

  test('the price of energy is per joule, with what the building draws', async () => {
    const prices = { ...DEFAULT_PRICES, perKwh: 0.36, pue: 2, currency: 'CHF' };
    await expectSeries(attended({ prices }), { 'drover_energy_price_per_joule{currency="CHF"}': 0.72 / 3_600_000 });
  });
});
