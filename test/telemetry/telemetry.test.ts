import { describe, expect, test } from 'vitest';
import { TYPICAL_SERVER, wattsAt } from '../../src/domain/power.ts';
import { HOUR, MINUTE } from '../../src/domain/units.ts';
import { ALL_METRICS } from '../../src/telemetry/catalogue.ts';
import type { CycleEnded } from '../../src/telemetry/telemetry.ts';
import { aHost, aSnapshot, aVm, NOON_MS } from '../kit/fleet.ts';
import { aDecision, aPlan, aRefused, aStep, aStepStatus, someVerdicts, twoHosts } from '../serve/fake-daemon.ts';
import { seriesValue, seriesValues, telemetryOf } from './scrape.ts';

const taken = (snapshot = twoHosts()) => ({ snapshot, oldestAgeMs: 1500, unknown: [], droppedSamples: 0 });

const aCycle = (traits: Partial<CycleEnded> = {}): CycleEnded => ({
  seconds: { observe: 0.002, decide: 0.2, plan: 0.02 },
  verdicts: someVerdicts(),
  plan: aPlan(),
  ...traits,
});

describe('telemetry', () => {
  test('exposes every metric of the catalogue, typed and explained, from the start', async () => {
    const text = await telemetryOf().text();
    for (const { name, type, about } of ALL_METRICS) {
      expect(text).toContain(`# HELP ${name} ${about}`);
      expect(text).toContain(`# TYPE ${name} ${type}`);
    }
  });

  test('two do not share anything', async () => {
    const [one, other] = [telemetryOf(), telemetryOf()];
    one.cycleFailed();
    expect(await seriesValue(one, 'drover_cycle_failures_total')).toBe(1);
    expect(await seriesValue(other, 'drover_cycle_failures_total')).toBe(0);
  });

  test('says which state and mode is in force', async () => {
    const telemetry = telemetryOf();
    telemetry.lifecycle('starting', 'observe', false);
    telemetry.lifecycle('running', 'auto', true);
    const series = ['drover_state{state="running"}', 'drover_state{state="starting"}', 'drover_mode{mode="auto"}'];
    expect(Object.values(await seriesValues(telemetry, series))).toEqual([1, 0, 1]);
    expect(await seriesValue(telemetry, 'drover_power_switching')).toBe(1);
  });

  test('counts what a snapshot shows', async () => {
    const telemetry = telemetryOf();
    telemetry.snapshotTaken({
      ...taken(),
      unknown: [{ kind: 'vm', cause: 'stale', count: 3 }],
      droppedSamples: 7,
    });
    const expected = {
      drover_snapshots_total: 1,
      drover_snapshot_oldest_age_seconds: 1.5,
      drover_samples_dropped_total: 7,
      'drover_unknown_entities{kind="vm",cause="stale"}': 3,
      'drover_hosts{power="on"}': 2,
      'drover_hosts{power="off"}': 1,
      drover_vms: 2,
      'drover_load_ratio{resource="cpu"}': 41_000 / 160_000,
      'drover_host_load_ratio{resource="cpu",rank="lowest"}': 0,
      'drover_host_load_ratio{resource="cpu",rank="highest"}': 41_000 / 80_000,
      'drover_host_load_ratio{resource="memory",rank="lowest"}': 4 / 128,
    };
    expect(await seriesValues(telemetry, Object.keys(expected))).toEqual(expected);
  });

  test('forgets causes that no longer hold', async () => {
    const telemetry = telemetryOf();
    telemetry.snapshotTaken({ ...taken(), unknown: [{ kind: 'vm', cause: 'stale', count: 3 }] });
    telemetry.snapshotTaken(taken());
    expect(await seriesValue(telemetry, 'drover_unknown_entities{kind="vm",cause="stale"}')).toBeUndefined();
  });

  test('adds up energy over datacenter time', async () => {
    const telemetry = telemetryOf();
    const half = [aHost(), aHost({ id: 'h2', power: 'off' })];
    for (const atMs of [NOON_MS, NOON_MS + 20 * MINUTE, NOON_MS + HOUR]) {
      const vms = [aVm({ demand: { cpuMhz: 40_000 } })];
      telemetry.snapshotTaken(taken(aSnapshot({ atMs, hosts: half, vms })));
    }
    const drawn = wattsAt(TYPICAL_SERVER, 0.5) + TYPICAL_SERVER.offWatts;
    expect(await seriesValue(telemetry, 'drover_power_watts')).toBe(drawn);
    expect(await seriesValue(telemetry, 'drover_energy_joules_total')).toBeCloseTo(drawn * 3600, 6);
    const saved = wattsAt(TYPICAL_SERVER, 0) - TYPICAL_SERVER.offWatts;
    expect(await seriesValue(telemetry, 'drover_energy_saved_joules_total')).toBeCloseTo(saved * 3600, 6);
  });

  test('counts what a cycle decided', async () => {
    const telemetry = telemetryOf();
    telemetry.cycleEnded(aCycle());
    const expected = {
      drover_cycles_total: 1,
      drover_search_limits_hit_total: 1,
      'drover_cycle_duration_seconds_sum{stage="decide"}': 0.2,
      'drover_policy_errors_total{policy="broken"}': 1,
      'drover_decisions_total{phase="improve",policy="load-balance",verdict="accepted"}': 1,
      'drover_decisions_total{phase="improve",policy="load-balance",verdict="refused"}': 1,
      'drover_refusals_total{rule="open-host",policy="load-balance"}': 1,
      'drover_decided_changes{kind="move"}': 1,
      'drover_cost_per_hour{term="contention",moment="before"}': 0.5,
      'drover_cost_per_hour{term="contention",moment="after"}': 0.08,
      drover_predicted_saving_per_hour: 1.5 - 1.08,
      drover_accepted_once_cost_total: 0.02,
      'drover_rule_violations{rule="anti-affinity",moment="before"}': 1,
      'drover_rule_violations{rule="anti-affinity",moment="after"}': undefined,
      drover_plans_total: 1,
      drover_plan_makespan_seconds: 20,
    };
    expect(await seriesValues(telemetry, Object.keys(expected))).toEqual(expected);
  });

  test('a plan without steps is none, and a price that is no number does no harm', async () => {
    const telemetry = telemetryOf();
    const decisions = [aDecision({ onceCost: Number.NaN }), aRefused()];
    telemetry.cycleEnded(aCycle({ verdicts: someVerdicts(decisions), plan: aPlan({ steps: [] }) }));
    expect(await seriesValue(telemetry, 'drover_plans_total')).toBe(0);
    expect(await seriesValue(telemetry, 'drover_accepted_once_cost_total')).toBe(0);
  });

  test('measures migrations that are done, and counts the bytes of all', async () => {
    const telemetry = telemetryOf();
    const measured = { seconds: 25, bytes: 5e9, blackoutMs: 80 };
    telemetry.stepEnded(aStepStatus({ state: 'done', measured }));
    telemetry.stepEnded(aStepStatus({ state: 'failed', because: 'no room on h2' }));
    const expected = {
      'drover_steps_total{kind="move",phase="improve",outcome="done"}': 1,
      'drover_steps_total{kind="move",phase="improve",outcome="failed"}': 1,
      'drover_steps_total{kind="power off",phase="repair",outcome="done"}': 0,
      'drover_steps_not_done_total{kind="move",outcome="failed",reason="no room on the target"}': 1,
      drover_migration_duration_seconds_sum: 25,
      drover_migration_duration_seconds_count: 1,
      drover_migration_predicted_seconds_total: 20,
      'drover_migration_bytes_total{outcome="done"}': 5e9,
      'drover_migration_bytes_total{outcome="failed"}': 3e9,
      drover_migration_predicted_bytes_total: 4e9,
      drover_migration_blackout_seconds_sum: 0.08,
      drover_migration_predicted_blackout_seconds_total: 0.08,
      'drover_migration_duration_error_ratio_bucket{le="1.25"}': 1,
      'drover_migration_duration_error_ratio_bucket{le="1.1"}': 0,
    };
    expect(await seriesValues(telemetry, Object.keys(expected))).toEqual(expected);
  });

  test('where the driver measured nothing, a migration took from its start to its end', async () => {
    const telemetry = telemetryOf();
    telemetry.stepEnded(aStepStatus({ state: 'done', startedAtMs: NOON_MS, endedAtMs: NOON_MS + 30_000 }));
    const waking = aStep({ change: { kind: 'power', host: 'h3', to: 'on' } });
    telemetry.stepEnded(
      aStepStatus({ step: waking, state: 'done', startedAtMs: 0, endedAtMs: 90_000, progress: null }),
    );
    expect(await seriesValue(telemetry, 'drover_power_switch_duration_seconds_sum{to="on"}')).toBe(90);
    expect(await seriesValue(telemetry, 'drover_migration_duration_seconds_sum')).toBe(30);
    expect(await seriesValue(telemetry, 'drover_migration_blackout_seconds_count')).toBe(0);
  });

  test('says which policies are loaded and which are in trouble', async () => {
    const telemetry = telemetryOf();
    telemetry.policiesStand([{ id: 'green', version: 'a1', trouble: '' }]);
    telemetry.policiesStand([{ id: 'green', version: 'a2', trouble: 'it does not load' }]);
    const series = [
      'drover_policy_info{policy="green",version="a1"}',
      'drover_policy_info{policy="green",version="a2"}',
    ];
    expect(Object.values(await seriesValues(telemetry, series))).toEqual([undefined, 1]);
    expect(await seriesValue(telemetry, 'drover_policy_trouble{policy="green"}')).toBe(1);
  });

  test('label values beyond the bound are counted as other', async () => {
    const telemetry = telemetryOf();
    const decisions = Array.from({ length: 100 }, (_, n) =>
      aDecision({ refusal: { rule: `rule-${n}`, because: 'no' } }),
    );
    telemetry.cycleEnded(aCycle({ verdicts: someVerdicts(decisions) }));
    expect(await seriesValue(telemetry, 'drover_refusals_total{rule="rule-47",policy="load-balance"}')).toBe(1);
    expect(await seriesValue(telemetry, 'drover_refusals_total{rule="other",policy="load-balance"}')).toBe(52);
  });
});
