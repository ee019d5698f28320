import * as z from 'zod';
import { METRIC_UNITS, METRICS } from '../domain/metric.ts';
import { choice, isHttp, span, text } from './fields.ts';
import type { LabelSettings, SourceSettings } from './settings.ts';
import { QUERY_SETS } from './settings.ts';

const ANY_UNIT = [...new Set(Object.values(METRIC_UNITS).flatMap((units) => Object.keys(units)))];

function labelSchema(what: string, { label, pattern }: LabelSettings) {
  return z
    .strictObject({
      label: text(`The label that says which ${what} a series is of`).default(label),
      pattern: text('A regular expression; what its first group matches of the label is the id')
        .refine(hasGroup, {
          error: (issue) =>
            `is ${JSON.stringify(issue.input)}, should be a regular expression with a group such as "^([^:]+)"`,
        })
        .default(pattern),
    })
    .describe(`Which ${what} a series is of`)
    .prefault({});
}

function hasGroup(pattern: string): boolean {
  try {
    return (new RegExp(`${pattern}|`).exec('')?.length ?? 0) > 1;
  } catch {
    return false;
  }
}

const querySchema = z
  .strictObject({
    kind: choice(['host', 'vm'], 'What it is about'),
    metric: choice(METRICS, 'What it measures'),
    query: text('PromQL; $label stands for the label with the id, $rate for the span that rates are made over'),
    unit: choice(ANY_UNIT, 'The unit of its values'),
  })
  .superRefine(({ metric, unit }, context) => {
    const units = Object.keys(METRIC_UNITS[metric]);
    if (units.includes(unit)) return;
    const message = `is ${JSON.stringify(unit)}, should be ${units.join(' or ')} for ${metric}`;
    context.addIssue({ code: 'custom', path: ['unit'], message });
  })
  .describe('A query for one metric; it takes the place of the ready-made one for the same');

const prometheusSchema = z
  .strictObject({
    kind: z.literal('prometheus').describe('A store that speaks PromQL: Prometheus, Mimir, Thanos, VictoriaMetrics'),
    url: text('Where it answers, without /api/v1').refine(isHttp, {
      error: (issue) =>
        `is ${JSON.stringify(issue.input)}, should be a URL such as "http://prometheus:9090", without a password (headers carry it)`,
    }),
    headers: z
      .record(z.string().min(1), z.string())
      .describe('Sent with each request, such as Authorization or X-Scope-OrgID')
      .default({}),
    timeoutSeconds: span('seconds', 'A request that takes longer is given up').default(10),
    rateSeconds: span('seconds', 'The span that rates are made over: at least four scrapes').default(60),
    sets: z
      .array(choice(QUERY_SETS, 'Ready-made queries for what this exporter offers'))
      .describe('Which exporters it scrapes: for these there are ready-made queries')
      .default([...QUERY_SETS]),
    queries: z.array(querySchema).describe('Queries of your own').default([]),
    host: labelSchema('host', { label: 'instance', pattern: '^(.+?)(?::\\d+)?$' }),
    vm: labelSchema('VM', { label: 'domain', pattern: '^(.+)$' }),
  })
  .describe('Samples from Prometheus, or from another store that speaks PromQL');

/** The embedded datacenter exists nowhere else: what a store says of it could only be wrong. */
export function sourcesSchema(driverKind: string) {
  const list = z
    .array(z.discriminatedUnion('kind', [prometheusSchema]) satisfies z.ZodType<SourceSettings>)
    .describe('Where samples come from beside the driver; what they measure is taken from them alone');
  if (driverKind !== 'simulated') return list.default([]);
  const error = 'should be empty: the embedded datacenter is measured by itself alone';
  return list.refine((sources) => sources.length === 0, { error }).default([]);
}
