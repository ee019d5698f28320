/** What is wrong with a PromQL expression, judged by the catalogue; a small reader, not a parser. */
import { ALL_METRICS } from '../../src/telemetry/catalogue.ts';
import { HOST_SERIES, VM_SERIES } from '../../src/telemetry/fleet-series.ts';
import { metricNames, processMetrics } from '../../src/telemetry/telemetry.ts';

const KNOWN = new Set([...metricNames(), ...(await knownOfProcess())]);
const LABELS = new Map(ALL_METRICS.map((metric) => [metric.name, metric.labels]));
/** Labels that Prometheus adds to every series or to buckets. */
const ADDED = ['instance', 'job', 'le'];

async function knownOfProcess(): Promise<string[]> {
  const metrics = await processMetrics();
  return metrics.flatMap(({ name, type }) => (type === 'histogram' ? [`${name}_sum`, `${name}_count`] : [name]));
}

export const namesIn = (expr: string): string[] => expr.match(/\b(drover|process|nodejs)_[a-z0-9_]+/g) ?? [];

export const unknownNames = (text: string): string[] => namesIn(text).filter((name) => !KNOWN.has(name));

/** Problems of every `metric{label="value"}` in the expression, in words. */
export function faultsIn(expr: string): string[] {
  const faults = unknownNames(expr).map((name) => `${name} is no metric`);
  for (const [, name, selector] of expr.matchAll(/\b(drover_[a-z_]+)\{([^}]*)\}/g)) {
    const labels = labelsOf(name!);
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

type Labels = Readonly<Record<string, { readonly values?: readonly string[] | undefined }>>;

function labelsOf(name: string): Labels {
  const series = [...HOST_SERIES, ...VM_SERIES].find((one) => one.name === name);
  if (series !== undefined) return { host: {}, vm: {}, resource: {} };
  return LABELS.get(name.replace(/_(bucket|sum|count)$/, '')) ?? {};
}
