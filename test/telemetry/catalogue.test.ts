import { describe, expect, test } from 'vitest';
import { type Metric, UNIT_SUFFIX } from '../../src/telemetry/catalogue/metric.ts';
import { ALL_METRICS } from '../../src/telemetry/catalogue.ts';
import { HOST_SERIES, VM_SERIES } from '../../src/telemetry/fleet-series.ts';

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
    expect(name.replace(/_total$/, '').endsWith(UNIT_SUFFIX[metric.unit])).toBe(true);
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

describe('series of single hosts and VMs', () => {
  test.each([...HOST_SERIES, ...VM_SERIES].map((series) => [series.name, series] as const))(
    '%s follows the rules',
    (name, { unit, about }) => {
      expect(name).toMatch(/^drover_(host|vm)_[a-z]+(_[a-z]+)*$/);
      expect(name.endsWith(UNIT_SUFFIX[unit])).toBe(true);
      expect(about).toMatch(/^[A-Z0-9].*\.$/);
      expect(ALL_METRICS.map((metric) => metric.name)).not.toContain(name);
    },
  );
});
