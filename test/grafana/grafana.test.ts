import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ALL_METRICS } from '../../src/telemetry/catalogue.ts';
import { metricNames, processMetricNames } from '../../src/telemetry/telemetry.ts';

const FOLDER = join(import.meta.dirname, '../../grafana');
const KNOWN = new Set([...metricNames(), ...processMetricNames()]);
const LABELS = new Map(ALL_METRICS.map((metric) => [metric.name, metric.labels]));
/** Labels that Prometheus adds to every series or to buckets. */
const ADDED = ['instance', 'job', 'le'];

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: unknown;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly datasource: unknown }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
}

interface Dashboard {
  readonly title: string;
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
}

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly AlertRule[] }[];
}

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

const read = (path: string) => readFileSync(join(FOLDER, path), 'utf8');
const dashboards = readdirSync(join(FOLDER, 'dashboards')).map((name): [string, Dashboard] => [
  name,
  JSON.parse(read(`dashboards/${name}`)),
]);
const rules = (parse(read('alerts/drover.rules.yaml')) as RuleFile).groups.flatMap((group) => group.rules);

function namesIn(expr: string): string[] {
  return expr.match(/\b(drover|process|nodejs)_[a-z0-9_]+/g) ?? [];
}

/** Problems of every `metric{label="value"}` in the expression, in words. */
function faultsIn(expr: string): string[] {
  const faults = namesIn(expr).flatMap((name) => (KNOWN.has(name) ? [] : [`${name} is no metric`]));
  for (const [, name, selector] of expr.matchAll(/\b(drover_[a-z_]+)\{([^}]*)\}/g)) {
    const labels = LABELS.get(name!.replace(/_(bucket|sum|count)$/, '')) ?? {};
    for (const [, label, operator, value] of selector!.matchAll(/([a-z]+)(=~?)"([^"]*)"/g)) {
      if (ADDED.includes(label!)) continue;
      const declared = labels[label!];
      if (declared === undefined) faults.push(`${name} has no label ${label}`);
      else if (operator === '=' && declared.values?.includes(value!) === false)
        faults.push(`${label} is never ${value}`);
    }
  }
  return faults;
}

const queriesOf = (dashboard: Dashboard) => dashboard.panels.flatMap((panel) => panel.targets ?? []);

const overlap = ({ gridPos: a }: Panel, { gridPos: b }: Panel) =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

describe('the check itself', () => {
  test.each([
    ['sum(drover_nonsense_total)', ['drover_nonsense_total is no metric']],
    ['drover_hosts{state="on"}', ['drover_hosts has no label state']],
    ['drover_hosts{power="asleep"}', ['power is never asleep']],
    ['drover_hosts{power="on",instance=~"$instance"}', []],
    ['nodejs_active_handles_total', ['nodejs_active_handles_total is no metric']],
  ])('%s', (expr, faults) => expect(faultsIn(expr)).toEqual(faults));
});

test('there are dashboards and alerts to check', () => {
  expect(dashboards.length).toBeGreaterThan(0);
  expect(rules.length).toBeGreaterThan(0);
});

describe.each(dashboards)('dashboard %s', (_, dashboard) => {
  test('asks only for metrics and labels that there are', () => {
    expect(queriesOf(dashboard).length).toBeGreaterThan(0);
    expect(queriesOf(dashboard).flatMap(({ expr }) => faultsIn(expr))).toEqual([]);
    for (const { expr } of queriesOf(dashboard)) expect(namesIn(expr).length).toBeGreaterThan(0);
  });

  test('every panel says what it shows, and in which unit', () => {
    for (const panel of dashboard.panels.filter(({ type }) => type !== 'row')) {
      expect([panel.title, panel.description]).toEqual([panel.title, expect.stringMatching(/^[A-Z].*\.$/)]);
      expect(panel.fieldConfig?.defaults.unit).toBeTruthy();
    }
  });

  test('can be imported anywhere: the data source is a variable', () => {
    expect(dashboard.templating.list).toContainEqual(
      expect.objectContaining({ name: 'datasource', type: 'datasource' }),
    );
    const sources = [...dashboard.panels, ...queriesOf(dashboard)].flatMap(({ datasource }) => datasource ?? []);
    for (const source of sources)
      expect(source).toEqual({ type: 'prometheus', uid: expect.stringMatching(/^\$\{datasource\}$/) });
  });

  test('no two panels share an id or a place', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const pairs = panels.flatMap((a, i) => panels.slice(i + 1).map((b) => [a, b] as const));
    expect(pairs.filter(([a, b]) => overlap(a, b)).map(([a, b]) => `${a.title} and ${b.title}`)).toEqual([]);
  });
});

describe('alerts', () => {
  test.each(rules.map((rule) => [rule.alert, rule] as const))('%s', (name, { expr, labels, annotations }) => {
    expect(name).toMatch(/^Drover[A-Z][A-Za-z]+$/);
    expect(namesIn(expr).length).toBeGreaterThan(0);
    expect(faultsIn(expr)).toEqual([]);
    expect(labels.severity).toMatch(/^(warning|critical)$/);
    expect(annotations.summary).toMatch(/\.$/);
    expect(namesIn(annotations.runbook!).filter((metric) => !KNOWN.has(metric))).toEqual([]);
    expect(annotations.runbook!.length).toBeGreaterThan(60);
  });

  test('have names of their own', () => {
    expect(new Set(rules.map((rule) => rule.alert)).size).toBe(rules.length);
  });
});

describe('provisioning', () => {
  test('Prometheus loads rule files that exist, and scrapes where Drover listens by default', () => {
    const config = parse(read('prometheus.yaml'));
    for (const path of config.rule_files) expect(read(path)).toContain('groups:');
    expect(config.scrape_configs[0].static_configs[0].targets).toEqual(['localhost:7070']);
  });

  test.each(['datasources/prometheus.yaml', 'dashboards/drover.yaml'])('%s is well formed', (path) => {
    expect(parse(read(`provisioning/${path}`))).toMatchObject({ apiVersion: 1 });
  });
});
