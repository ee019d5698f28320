import { describe, expect, test } from 'vitest';
import { ALL_METRICS, type Metric, type Unit } from '../../src/telemetry/catalogue.ts';

/** How the name of a metric with this unit ends, before `_total`. */
const SUFFIX: Partial<Record<Unit, string>> = {
  seconds: '_seconds',
  bytes: '_bytes',
  joules: '_joules',
  watts: '_watts',
  ratio: '_ratio',
  'money per hour': '_per_hour',
};

const MOST_SERIES = 5000;

function seriesOf(metric: Metric): number {
  const labelled = Object.values(metric.labels).reduce((product, label) => product * (label.most + 1), 1);
  return labelled * (metric.type === 'histogram' ? metric.buckets.length + 3 : 1);
}

describe('the catalogue', () => {
  test('declares every name once', () => {
    const names = ALL_METRICS.map((metric) => metric.name);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(ALL_METRICS.map((metric) => [metric.name, metric] as const))('%s follows the rules', (name, metric) => {
    expect(name).toMatch(/^drover_[a-z]+(_[a-z]+)*$/);
    expect(name.endsWith('_total')).toBe(metric.type === 'counter');
    expect(name).not.toMatch(/_(count|sum|bucket)$/);
    expect(name.replace(/_total$/, '').endsWith(SUFFIX[metric.unit] ?? '')).toBe(true);
    expect(metric.about).toMatch(/^[A-Z0-9].*\.$/);
    expect(metric.buckets.length > 0).toBe(metric.type === 'histogram');
    expect([...metric.buckets].sort((a, b) => a - b)).toEqual(metric.buckets);
  });

  test.each(ALL_METRICS.map((metric) => [metric.name, metric] as const))(
    '%s has a bounded number of series',
    (_, metric) => {
      for (const [label, { most, values }] of Object.entries(metric.labels)) {
        expect(label).toMatch(/^[a-z]+$/);
        expect(most).toBeGreaterThan(0);
        if (values !== undefined) expect(new Set(values).size).toBe(most);
      }
      expect(seriesOf(metric)).toBeLessThanOrEqual(MOST_SERIES);
    },
  );
});
