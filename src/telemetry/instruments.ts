import { Counter, Gauge, Histogram, type OpenMetricsContentType, Registry } from 'prom-client';
import { type Label, type Metric, type MetricType, OTHER } from './catalogue/metric.ts';

type LabelValues = Readonly<Record<string, string>>;

/** Metrics without labels are written without, all others with every label. */
type LabelsOf<L extends string> = [L] extends [never] ? [] : [Readonly<Record<L, string>>];

export interface Row<L extends string> {
  readonly labels: Readonly<Record<L, string>>;
  readonly value: number;
}

/** prom-client lets only registries of this kind have exemplars; what is read from one is written in either format. */
export type MetricRegistry = Registry<OpenMetricsContentType>;

export function newRegistry(): MetricRegistry {
  const registry: MetricRegistry = new Registry();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

/** Exemplars may carry this many characters, names included; longer ids would not be scraped. */
const LONGEST_EXEMPLAR = 100;

/** The catalogue's metrics in a registry, written to through their declarations, so that labels are checked by types. */
export class Instruments {
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();
  /** Values seen so far of each open label, by metric and label. */
  readonly #seen = new Map<string, Set<string>>();
  /** Totals that counters were last raised to, by metric and labels. */
  readonly #totals = new Map<string, number>();

  constructor(registry: MetricRegistry, metrics: readonly Metric[]) {
    for (const metric of metrics) this.#make(metric, registry);
  }

  /** Counters only rise: an amount that is no positive number adds nothing. */
  add<L extends string>(metric: Metric<'counter', L>, amount: number, ...labels: LabelsOf<L>): void {
    if (amount > 0 && Number.isFinite(amount))
      known(this.#counters, metric).inc(this.#bounded(metric, labels[0]), amount);
  }

  /** For what somebody else adds up: adds what the total has grown by since it was last told. */
  raiseTo<L extends string>(metric: Metric<'counter', L>, total: number, ...labels: LabelsOf<L>): void {
    const place = `${metric.name} ${JSON.stringify(labels)}`;
    this.add(metric, total - (this.#totals.get(place) ?? 0), ...labels);
    this.#totals.set(place, total);
  }

  set<L extends string>(metric: Metric<'gauge', L>, value: number, ...labels: LabelsOf<L>): void {
    known(this.#gauges, metric).set(this.#bounded(metric, labels[0]), value);
  }

  observe<L extends string>(metric: Metric<'histogram', L>, value: number, ...labels: LabelsOf<L>): void {
    known(this.#histograms, metric).observe({ value, labels: this.#bounded(metric, labels[0]) });
  }

  /** The decision that led to the value goes along as its exemplar. */
  observeFor<L extends string>(
    decision: string,
    metric: Metric<'histogram', L>,
    value: number,
    ...labels: LabelsOf<L>
  ): void {
    const exemplarLabels: LabelValues = decision.length <= LONGEST_EXEMPLAR ? { decision } : {};
    known(this.#histograms, metric).observe({ value, labels: this.#bounded(metric, labels[0]), exemplarLabels });
  }

  /** Makes these rows all that the gauge says; what it said of other labels is forgotten, rows of one label add up. */
  replace<L extends string>(metric: Metric<'gauge', L>, rows: Iterable<Row<L>>): void {
    const gauge = known(this.#gauges, metric);
    gauge.reset();
    for (const label of Object.keys(metric.labels)) this.#seen.delete(placeOf(metric, label));
    for (const labels of fixedCombinations(metric)) gauge.set(labels, 0);
    for (const row of rows) gauge.inc(this.#bounded(metric, row.labels), row.value);
  }

  #make(metric: Metric, registry: MetricRegistry): void {
    const shape = {
      name: metric.name,
      help: metric.about,
      labelNames: Object.keys(metric.labels),
      registers: [registry],
    };
    const byType: Record<MetricType, () => void> = {
      counter: () => {
        const counter = new Counter(shape);
        for (const labels of fixedCombinations(metric)) counter.inc(labels, 0);
        this.#counters.set(metric.name, counter);
      },
      gauge: () => this.#gauges.set(metric.name, new Gauge(shape)),
      histogram: () => {
        const histogram = new Histogram({ ...shape, buckets: [...metric.buckets], enableExemplars: true });
        for (const labels of fixedCombinations(metric)) histogram.zero(labels);
        this.#histograms.set(metric.name, histogram);
      },
    };
    byType[metric.type]();
  }

  #bounded(metric: Metric, labels: LabelValues | undefined): LabelValues {
    const bounded: Record<string, string> = {};
    for (const [name, value] of Object.entries(labels ?? {})) {
      bounded[name] = this.#admits(placeOf(metric, name), metric.labels[name]!, value) ? value : OTHER;
    }
    return bounded;
  }

  #admits(place: string, label: Label, value: string): boolean {
    if (label.values !== undefined) return label.values.includes(value);
    const seen = this.#seen.get(place) ?? new Set<string>();
    this.#seen.set(place, seen);
    if (seen.size < label.most) seen.add(value);
    return seen.has(value);
  }
}

const placeOf = (metric: Metric, label: string): string => `${metric.name} ${label}`;

function known<T>(made: ReadonlyMap<string, T>, metric: Metric): T {
  const instrument = made.get(metric.name);
  if (instrument === undefined) throw new Error(`${metric.name} is not in the registry`);
  return instrument;
}

/**
 * Every combination of labels whose values are all fixed; none for metrics without labels and with open ones. They are
 * exposed as 0 from the start, because a series that appears with its first event hides that event from `increase()`.
 */
function fixedCombinations(metric: Metric): LabelValues[] {
  const labels = Object.entries(metric.labels);
  if (labels.length === 0 || labels.some(([, label]) => label.values === undefined)) return [];
  let combinations: LabelValues[] = [{}];
  for (const [name, label] of labels) {
    combinations = combinations.flatMap((known) => (label.values ?? []).map((value) => ({ ...known, [name]: value })));
  }
  return combinations;
}
