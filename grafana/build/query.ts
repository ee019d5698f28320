/** Queries made from the catalogue: a metric that does not exist, or a label that it does not have, does not compile. */
import type { Metric } from '../../src/telemetry/catalogue/metric.ts';

/** Exactly this value, or all that match the pattern in `{ match }`. */
type Wanted = string | { readonly match: string };

type Labels<L extends string> = Readonly<Partial<Record<L, Wanted>>>;

export const INSTANCE = 'instance=~"$instance"';

/** `drover_hosts{instance=~"$instance",power="on"}` */
export function of<L extends string>({ name }: Metric<Metric['type'], L>, labels?: Labels<L>): string {
  return selected(name, labels);
}

export function rate<L extends string>(metric: Metric<'counter', L>, labels?: Labels<L>): string {
  return `rate(${of(metric, labels)}[$__rate_interval])`;
}

/** Over all that the dashboard shows. */
export function total<L extends string>(metric: Metric<'counter', L>, labels?: Labels<L>): string {
  return `increase(${of(metric, labels)}[$__range])`;
}

/** Over each interval of a graph, for counts that people want to see as counts. */
export function perInterval<L extends string>(metric: Metric<'counter', L>, labels?: Labels<L>): string {
  return `increase(${of(metric, labels)}[$__rate_interval])`;
}

export function sum(expr: string, ...by: readonly string[]): string {
  return by.length === 0 ? `sum(${expr})` : `sum by (${by.join(', ')}) (${expr})`;
}

export function quantile<L extends string>(
  q: number,
  metric: Metric<'histogram', L>,
  by: readonly L[] = [],
  labels?: Labels<L>,
): string {
  const buckets = `rate(${selected(`${metric.name}_bucket`, labels)}[$__rate_interval])`;
  return `histogram_quantile(${q}, ${sum(buckets, 'le', ...by)})`;
}

/** What came together in a histogram, per second. */
export function rateOf<L extends string>(
  metric: Metric<'histogram', L>,
  part: 'sum' | 'count',
  labels?: Labels<L>,
): string {
  return `rate(${selected(`${metric.name}_${part}`, labels)}[$__rate_interval])`;
}

/** The same over all that the dashboard shows. */
export function totalOf<L extends string>(
  metric: Metric<'histogram', L>,
  part: 'sum' | 'count',
  labels?: Labels<L>,
): string {
  return `increase(${selected(`${metric.name}_${part}`, labels)}[$__range])`;
}

/** A metric that the catalogue does not hold: of the process, of Prometheus. */
export function foreign(name: string, labels?: Readonly<Record<string, Wanted>>): string {
  return selected(name, labels);
}

function selected(name: string, labels: Readonly<Partial<Record<string, Wanted>>> = {}): string {
  const words = Object.entries(labels).flatMap(([label, wanted]) => {
    if (wanted === undefined) return [];
    return typeof wanted === 'string' ? `${label}="${wanted}"` : `${label}=~"${wanted.match}"`;
  });
  return `${name}{${[INSTANCE, ...words].join(',')}}`;
}
