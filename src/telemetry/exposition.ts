import { Registry } from 'prom-client';

/** The two ways in which Prometheus reads metrics; only the second has room for exemplars. */
export type Format = 'text' | 'openmetrics';

export const CONTENT_TYPE: Readonly<Record<Format, string>> = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
};

/** What somebody who accepts these types is given. Prometheus names OpenMetrics first; browsers do not know it. */
export function formatFor(accept: string): Format {
  return accept.includes('application/openmetrics-text') ? 'openmetrics' : 'text';
}

/** What stands at the end, and without which OpenMetrics would be taken for cut off. */
export const ENDING: Readonly<Record<Format, string>> = { text: '', openmetrics: '# EOF\n' };

export interface Sample {
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly value: number;
  /** Where it is not the metric's own: the parts of a histogram. */
  readonly metricName?: string | undefined;
  readonly exemplar?: Exemplar | null | undefined;
}

interface Exemplar {
  readonly labelSet: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timestamp: number;
}

export interface Exposed {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly Sample[];
}

/** One metric with its samples, as lines of the format. */
export function exposed({ name, help, type, values }: Exposed, format: Format): string {
  const lines = headerLines(name, help, type, format);
  for (const { labels, value, metricName, exemplar } of values) {
    const line = `${metricName ?? name}${labelWords(labels)} ${numberWord(value)}`;
    lines.push(format === 'openmetrics' && exemplar ? `${line} ${exemplarWords(exemplar)}` : line);
  }
  return `${lines.join('\n')}\n`;
}

/** OpenMetrics calls the family of a counter by its name without `_total`. */
export function headerLines(name: string, help: string, type: string, format: Format): string[] {
  const family = format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name;
  return [`# HELP ${family} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}`, `# TYPE ${family} ${type}`];
}

export function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));
}

function labelWords(labels: Sample['labels']): string {
  const words = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return words.length === 0 ? '' : `{${words.join(',')}}`;
}

function exemplarWords({ labelSet, value, timestamp }: Exemplar): string {
  return `# ${labelWords(labelSet)} ${numberWord(value)} ${timestamp}`;
}

export function numberWord(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
