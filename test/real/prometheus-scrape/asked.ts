/** Every query of every panel, annotation and alert, and which of them may find nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboards, rules } from '../../grafana/folder.ts';
import { ROOT } from './stage.ts';

export interface Asked {
  readonly from: string;
  readonly expr: string;
  readonly isInstant: boolean;
}

const VARIABLES: Readonly<Record<string, string>> = {
  $__rate_interval: '10s',
  $__range: '40s',
  $instance: '.*',
  $co2: '0.35',
};

export function allQueries(): Asked[] {
  return dashboards.flatMap(([name, { panels, annotations }]) => [
    ...panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr, instant }) => ({
        from: `${name}: ${title}`,
        expr: filled(expr),
        isInstant: instant === true,
      })),
    ),
    ...annotations.list.map(({ name: mark, expr }) => ({
      from: `${name}: marks of ${mark}`,
      expr: filled(expr),
      isInstant: false,
    })),
  ]);
}

function filled(expr: string): string {
  return Object.entries(VARIABLES).reduce((text, [name, value]) => text.replaceAll(name, value), expr);
}

/** An alert is silent on a good day; what it is made of is there all the same. */
export function alertSelectors(): Asked[] {
  return rules.flatMap(({ alert, expr }) =>
    [...expr.matchAll(/drover_\w+(?:\{[^}]*\})?/g)].map(([selector]) => ({
      from: `alert ${alert}`,
      expr: selector,
      isInstant: true,
    })),
  );
}

/** What nothing is to be seen of on a good day, with the test that fills it. */
const EMPTY_WHEN_HEALTHY: readonly { readonly asks: RegExp; readonly filledBy: string }[] = [
  { asks: /ALERTS\{/, filledBy: 'grafana/alerts/drover.rules.test.yaml' },
  { asks: /drover_unknown_entities/, filledBy: 'grafana/alerts/drover.rules.test.yaml' },
  { asks: /drover_rule_violations/, filledBy: 'grafana/alerts/drover.rules.test.yaml' },
  { asks: /drover_steps_total\{[^}]*outcome="failed"\}\[1m\]/, filledBy: 'grafana/alerts/drover.rules.test.yaml' },
  { asks: /drover_policy_errors_total/, filledBy: 'test/telemetry/telemetry.test.ts' },
  { asks: /drover_samples_refused_total/, filledBy: 'test/telemetry/standing.test.ts' },
];

/** Whether the query may find nothing: its metric is on the list, and the test that is named there knows it. */
export function mayBeEmpty({ expr }: Asked): boolean {
  return EMPTY_WHEN_HEALTHY.some(({ asks, filledBy }) => {
    const metric = /drover_\w+|ALERTS/.exec(asks.source)![0];
    return asks.test(expr) && readFileSync(join(ROOT, filledBy), 'utf8').includes(metric);
  });
}
