import type { Label, Metric } from '../../src/telemetry/catalogue/metric.ts';
import { FAMILIES } from '../../src/telemetry/catalogue.ts';
import { HOST_SERIES, VM_PLACE, VM_SERIES } from '../../src/telemetry/fleet-series.ts';

const OPENING = `# Metrics of Drover

What \`/metrics\` says, made from the catalogue in \`src/telemetry\` by \`node grafana/generate.ts\`. Clients that accept
OpenMetrics (Prometheus does) get that, and with it the decision behind single values of histograms, as exemplars.

Durations of cycles, of the journal and of policies are real time. All else is datacenter time, which a simulated
datacenter runs faster. Labels with a number in brackets have at most so many values; what would be more is counted as
\`other\`.`;

const PROCESS = `## The process

Node's own figures, \`process_*\` and \`nodejs_*\`, are those of prom-client: CPU, memory, heap, garbage collection, how
long the event loop was held up.`;

/** A Markdown page with every metric, so that nobody has to read code to know one. */
export function metricsPage(): string {
  const families = Object.entries(FAMILIES).map(([title, metrics]) => section(title, metrics.map(metricRow)));
  return `${[OPENING, ...families, entitySection(), PROCESS].join('\n\n')}\n`;
}

type Row = readonly [name: string, type: string, labels: string, about: string];

function section(title: string, rows: readonly Row[], about = ''): string {
  const lines = rows.map((row) => `| ${row.join(' | ')} |`);
  const table = ['| name | type | labels | what it says |', '|---|---|---|---|', ...lines].join('\n');
  return [`## ${title}`, ...(about === '' ? [] : [about]), table].join('\n\n');
}

const metricRow = ({ name, type, labels, about }: Metric): Row => [
  `\`${name}\``,
  type,
  Object.entries(labels)
    .map(([label, shape]) => labelWords(label, shape))
    .join('; '),
  about,
];

function labelWords(name: string, { values, most }: Label): string {
  return values === undefined ? `${name} (${most})` : `${name}: ${values.join(', ')}`;
}

function entitySection(): string {
  const about =
    'For each host unless `telemetry.perHostSeries` is false, for each VM if `telemetry.perVmSeries` is true; together at ' +
    'most `telemetry.mostSeries`.';
  const rows = [...HOST_SERIES, ...VM_SERIES].map(({ name, about: says, more }, index, all): Row | undefined => {
    if (all.findIndex((other) => other.name === name) !== index) return undefined;
    const entity = name.startsWith('drover_host') ? 'host' : 'vm';
    return [`\`${name}\``, 'gauge', more === undefined ? entity : `${entity}; ${more[0]}`, says];
  });
  const place: Row = [`\`${VM_PLACE.name}\``, 'gauge', 'vm; host', VM_PLACE.about];
  return section('Single hosts and VMs', [...rows.filter((row) => row !== undefined), place], about);
}
