import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { read, rules } from './folder.ts';
import { faultsIn, namesIn, unknownNames } from './queries.ts';

interface RuleTest {
  readonly name: string;
  readonly input_series: readonly { readonly series: string }[];
  readonly promql_expr_test: readonly { readonly exp_samples: readonly { readonly labels: string }[] }[];
}

const { tests, rule_files } = parse(read('alerts/drover.rules.test.yaml')) as {
  tests: readonly RuleTest[];
  rule_files: readonly string[];
};

describe('alerts', () => {
  test.each(rules.map((rule) => [rule.alert, rule] as const))('%s', (name, { expr, labels, annotations }) => {
    expect(name).toMatch(/^Drover[A-Z][A-Za-z]+$/);
    expect(namesIn(expr).length).toBeGreaterThan(0);
    expect(faultsIn(expr)).toEqual([]);
    expect(labels.severity).toMatch(/^(warning|critical)$/);
    expect(annotations.summary).toMatch(/\.$/);
    expect(unknownNames(annotations.runbook!)).toEqual([]);
    expect(annotations.runbook!.length).toBeGreaterThan(60);
  });

  test('have names of their own', () => {
    expect(new Set(rules.map((rule) => rule.alert)).size).toBe(rules.length);
  });
});

/** promtool runs these; here is only looked whether they speak of the same alerts and metrics. */
describe('tests of alerts', () => {
  const fired = ({ promql_expr_test }: RuleTest) =>
    promql_expr_test.flatMap(({ exp_samples }) =>
      exp_samples.flatMap(({ labels }) => /alertname="(\w+)"/.exec(labels)?.[1] ?? []),
    );

  test('there is one for each, in which it fires and in which it does not', () => {
    expect(rule_files).toEqual(['drover.rules.yaml']);
    expect(new Set(tests.flatMap(fired))).toEqual(new Set(rules.map(({ alert }) => alert)));
    for (const one of tests) {
      expect([one.name, one.promql_expr_test.some(({ exp_samples }) => exp_samples.length === 0)]).toEqual([
        one.name,
        true,
      ]);
    }
  });

  test('feed only series that Drover has', () => {
    expect(tests.flatMap(({ input_series }) => input_series).flatMap(({ series }) => faultsIn(series))).toEqual([]);
  });
});
