import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/config/defaults.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/units.ts';
import { ALL_METRICS } from '../../src/telemetry/catalogue.ts';
import { makeWorld, type World } from '../wiring/embedded-world.ts';
import { seriesValue } from './scrape.ts';

const HOSTS = 12;
const DRIVER = { ...DEFAULT_SETTINGS.driver, hosts: HOSTS, vms: 40, racks: 2, dayMinutes: 60 };
const SMALL = { ...DEFAULT_SETTINGS, driver: DRIVER };
const DAY_MS = DRIVER.dayMinutes * MINUTE;
/** Not in step with sampling, so that ages are seen. */
const SCRAPE_EVERY_MS = 2 * MINUTE + 3 * SECOND;

let world: World;
/** What the datacenter had drawn at each snapshot. */
const joulesDrawn: number[] = [];
/** Metrics that were anything but zero at some scrape. */
const filled = new Set<string>();

/** One short day of a small embedded datacenter. */
beforeAll(async () => {
  world = await makeWorld(SMALL);
  world.daemon.events.subscribe(({ kind }) => {
    if (kind === 'snapshot') joulesDrawn.push(joulesOf(world));
  });
  await world.daemon.start();
  for (let passedMs = 0; passedMs < DAY_MS; passedMs += SCRAPE_EVERY_MS) {
    await world.clock.advance(SCRAPE_EVERY_MS);
    for (const name of namesWithValues(await world.telemetry.text())) filled.add(name);
  }
}, 60_000);

afterAll(() => world.end());

const joulesOf = ({ datacenter }: World) => (datacenter.energyWattHours * HOUR) / SECOND;
const value = (series: string) => seriesValue(world.telemetry, series);

function namesWithValues(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [, name, number] = /^(drover_\w+?)(?:_bucket|_sum|_count)?(?:\{.*\})? (\S+)$/.exec(line) ?? [];
    return name === undefined || Number(number) === 0 ? [] : [name];
  });
}

test('the energy that is told is what the datacenter drew', async () => {
  const drawn = joulesDrawn.at(-1)! - joulesDrawn[0]!;
  const told = (await value('drover_energy_joules_total'))!;
  expect(await value('drover_hosts_metered')).toBe(HOSTS);
  expect(Math.abs(told / drawn - 1)).toBeLessThan(0.005);
});

test('what was saved is told, and what saving cost', async () => {
  const saved = (await value('drover_energy_saved_joules_total'))!;
  const switching = (await value('drover_energy_switching_joules_total'))!;
  expect(saved).toBeGreaterThan(0);
  expect(switching).toBeGreaterThan(0);
  expect(switching).toBeLessThan(saved / 2);
  expect(await value('drover_hosts_unexpected_watts')).toBe(0);
});

/** Nothing of this need be seen on a good day without visitors. Each is filled by a test of its own. */
const MAY_STAY_EMPTY = [
  'drover_hooks_total',
  'drover_cycle_failures_total',
  'drover_search_limits_hit_total',
  'drover_snapshot_age_seconds',
  'drover_unknown_entities',
  'drover_samples_dropped_total',
  'drover_samples_refused_total',
  'drover_samples_left_out_total',
  'drover_rule_violations',
  'drover_policy_trouble',
  'drover_troubles',
  'drover_policy_errors_total',
  'drover_plans_waiting',
  'drover_changes_impossible_total',
  'drover_moves_undone_total',
  'drover_hosts_suspect',
  'drover_hosts_in_maintenance',
  'drover_hosts_unexpected_watts',
  'drover_journal_failures_total',
  'drover_http_requests_total',
  'drover_http_event_streams',
  'drover_http_event_streams_dropped_total',
  'drover_series_left_out',
];

test('the daemon feeds every metric but those of trouble and of visitors', () => {
  const unfed = ALL_METRICS.map(({ name }) => name).filter((name) => !filled.has(name));
  expect(unfed.filter((name) => !MAY_STAY_EMPTY.includes(name))).toEqual([]);
  const unknown = MAY_STAY_EMPTY.filter((name) => !ALL_METRICS.some((metric) => metric.name === name));
  expect(unknown).toEqual([]);
});
