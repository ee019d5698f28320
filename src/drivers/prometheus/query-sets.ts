import type { Metric } from '../../domain/metric.ts';

export interface Query {
  readonly kind: 'host' | 'vm';
  readonly metric: Metric;
  /** PromQL with `$label` and `$rate`. */
  readonly query: string;
  /** One of the metric's units. */
  readonly unit: string;
}

const newest = (name: string) => `last_over_time(${name}[$rate])`;
const summed = (rates: string) => `sum by ($label) (rate(${rates}[$rate]))`;

/** Bridges, bonds and taps carry again what a port carries. */
const PORTS = 'device!~"lo|bond.*|br.*|docker.*|tap.*|veth.*|virbr.*|vnet.*"';
/** Waiting is no work, and what the hypervisor below takes is not used here. */
const AT_WORK = 'mode!~"idle|iowait|steal"';

const NODE_EXPORTER: readonly Query[] = [
  { kind: 'host', metric: 'cpuCores', query: summed(`node_cpu_seconds_total{${AT_WORK}}`), unit: 'cores' },
  {
    kind: 'host',
    metric: 'memoryActiveBytes',
    query: `max by ($label) (${newest('node_memory_MemTotal_bytes')} - ${newest('node_memory_MemAvailable_bytes')})`,
    unit: 'bytes',
  },
  {
    kind: 'host',
    metric: 'netRxBytesPerS',
    query: summed(`node_network_receive_bytes_total{${PORTS}}`),
    unit: 'bytes/s',
  },
  {
    kind: 'host',
    metric: 'netTxBytesPerS',
    query: summed(`node_network_transmit_bytes_total{${PORTS}}`),
    unit: 'bytes/s',
  },
];

/** While a VM migrates, two hosts tell of it: what each adds is summed, what both hold is not. */
const LIBVIRT_EXPORTER: readonly Query[] = [
  { kind: 'vm', metric: 'cpuCores', query: summed('libvirt_domain_info_cpu_time_seconds_total'), unit: 'cores' },
  {
    kind: 'vm',
    metric: 'memoryActiveBytes',
    query: `max by ($label) (${newest('libvirt_domain_info_memory_usage_bytes')})`,
    unit: 'bytes',
  },
  {
    kind: 'vm',
    metric: 'netRxBytesPerS',
    query: summed('libvirt_domain_interface_stats_receive_bytes_total'),
    unit: 'bytes/s',
  },
  {
    kind: 'vm',
    metric: 'netTxBytesPerS',
    query: summed('libvirt_domain_interface_stats_transmit_bytes_total'),
    unit: 'bytes/s',
  },
];

export const QUERY_SETS = {
  'node-exporter': NODE_EXPORTER,
  'libvirt-exporter': LIBVIRT_EXPORTER,
} as const;
export type QuerySet = keyof typeof QUERY_SETS;

/** The ready-made queries of the sets, but for those that there are others for. */
export function chooseQueries(sets: readonly QuerySet[], own: readonly Query[]): readonly Query[] {
  const readyMade = sets.flatMap((set) => QUERY_SETS[set]);
  const isReplaced = (query: Query) => own.some((other) => subjectOf(other) === subjectOf(query));
  return [...readyMade.filter((query) => !isReplaced(query)), ...own];
}

/** Processor time is one subject, in whichever unit. */
function subjectOf({ kind, metric }: Query): string {
  return `${kind} ${metric === 'cpuCores' ? 'cpuMhz' : metric}`;
}
