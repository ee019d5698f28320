import { describe, expect, test } from 'vitest';
import { type Dashboard, dashboards, type Panel, queriesOf } from './folder.ts';
import { faultsIn, namesIn } from './queries.ts';

const SOURCE = { type: 'prometheus', uid: '$datasource' };
/** What comes with Grafana; anything else would have to be installed. */
const BUILT_IN = ['bargauge', 'row', 'stat', 'table', 'text', 'timeseries'];
/** Series that Prometheus itself makes. */
const OF_PROMETHEUS = /\b(ALERTS|scrape_\w+)\{/;

const overlap = ({ gridPos: a }: Panel, { gridPos: b }: Panel) =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

describe('the check of queries', () => {
  test.each([
    ['sum(drover_nonsense_total)', ['drover_nonsense_total is no metric']],
    ['drover_hosts{state="on"}', ['drover_hosts has no label state']],
    ['drover_hosts{power="asleep"}', ['power is never asleep']],
    ['drover_hosts{power="on",instance=~"$instance"}', []],
    ['drover_cycle_duration_seconds_bucket{stage="lunch"}', ['stage is never lunch']],
    ['topk(3, drover_host_power_watts{instance="a"})', []],
    ['drover_host_power_watts{rank="p90"}', ['drover_host_power_watts has no label rank']],
    ['nodejs_active_handles_total', ['nodejs_active_handles_total is no metric']],
  ])('%s', (expr, faults) => expect(faultsIn(expr)).toEqual(faults));
});

test('there are the six of them', () => {
  expect(dashboards.map(([name]) => name).sort()).toEqual([
    'decisions.json',
    'itself.json',
    'migrations.json',
    'policies.json',
    'power.json',
    'well.json',
  ]);
  expect(new Set(dashboards.map(([, { uid }]) => uid)).size).toBe(dashboards.length);
});

describe.each(dashboards)('dashboard %s', (_, dashboard: Dashboard) => {
  const shown = dashboard.panels.filter(({ type }) => type !== 'row');
  const withData = shown.filter(({ type }) => type !== 'text');

  test('asks only for metrics and labels that there are', () => {
    expect(queriesOf(dashboard).length).toBeGreaterThan(8);
    expect(queriesOf(dashboard).flatMap(faultsIn)).toEqual([]);
    const aimless = queriesOf(dashboard).filter((expr) => namesIn(expr).length === 0 && !OF_PROMETHEUS.test(expr));
    expect(aimless).toEqual([]);
  });

  test('every query keeps to the Drover that was chosen', () => {
    expect(queriesOf(dashboard).filter((expr) => !expr.includes('instance=~"$instance"'))).toEqual([]);
  });

  test('every panel says what it shows, in which unit, and from when on it is bad', () => {
    for (const { title, description } of shown) {
      expect([title, description]).toEqual([title, expect.stringMatching(/^[A-Z].*\.$/)]);
    }
    for (const { title, fieldConfig, targets } of withData) {
      const { unit, thresholds } = fieldConfig?.defaults ?? {};
      expect([title, unit, thresholds?.steps.length]).toEqual([title, expect.any(String), expect.any(Number)]);
      expect(targets?.length).toBeGreaterThan(0);
    }
  });

  test('can be imported anywhere: the data source is a variable, and nothing has to be installed', () => {
    expect(dashboard.templating.list).toContainEqual(
      expect.objectContaining({ name: 'datasource', type: 'datasource' }),
    );
    const targets = dashboard.panels.flatMap((panel) => panel.targets ?? []);
    for (const { datasource } of [...withData, ...targets, ...dashboard.annotations.list]) {
      expect(datasource).toEqual(SOURCE);
    }
    expect(shown.map(({ type }) => type).filter((type) => !BUILT_IN.includes(type))).toEqual([]);
  });

  test('uses only variables that it or Grafana defines', () => {
    const own = dashboard.templating.list.map(({ name }) => name);
    const used = queriesOf(dashboard).flatMap((expr) => [...expr.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name!));
    const unknown = used.filter((name) => !own.includes(name) && !['__rate_interval', '__range'].includes(name));
    expect(unknown).toEqual([]);
  });

  test('decisions and power events are marked in every graph', () => {
    expect(dashboard.annotations.list.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Decisions', 'Power events']),
    );
  });

  test('no two panels share an id or a place, and none sticks out', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const pairs = panels.flatMap((a, i) => panels.slice(i + 1).map((b) => [a, b] as const));
    expect(pairs.filter(([a, b]) => overlap(a, b)).map(([a, b]) => `${a.title} and ${b.title}`)).toEqual([]);
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24).map(({ title }) => title)).toEqual([]);
  });
});
