import { CATALOGUE as M } from '../../../src/telemetry/catalogue.ts';
import type { Board, Section } from '../dashboard.ts';
import { graph, stat, table } from '../panel.ts';
import { foreign, of, perInterval, quantile, rate, sum, total } from '../query.ts';

const LOOP: Section = {
  title: 'The loop',
  panels: [
    table({
      title: 'What runs',
      about: 'Version, cluster and driver of each Drover.',
      unit: 'short',
      width: 12,
      height: 4,
      columns: { instance: 'Drover', version: 'Version', cluster: 'Cluster', driver: 'Driver' },
      valueHeading: 'Runs',
      queries: [{ expr: of(M.info), legend: '{{instance}}' }],
    }),
    stat({
      title: 'Cycles',
      about: 'Control cycles that ran to their end, per minute.',
      unit: 'short',
      width: 4,
      line: true,
      decimals: 1,
      queries: [{ expr: `${sum(rate(M.cycles))} * 60`, legend: 'per minute' }],
    }),
    stat({
      title: 'Cycles that broke off',
      about: 'Control cycles that ended with an error in the time shown. The log names it.',
      unit: 'short',
      width: 4,
      decimals: 0,
      thresholds: [[1, 'red']],
      queries: [{ expr: sum(total(M.cycleFailures)), legend: 'cycles' }],
    }),
    stat({
      title: 'Age of the snapshot',
      about: 'Datacenter time since the newest snapshot was taken.',
      unit: 's',
      width: 4,
      line: true,
      thresholds: [
        [300, 'yellow'],
        [900, 'red'],
      ],
      queries: [{ expr: `max(${of(M.snapshotAge)})`, legend: 'age' }],
    }),
    graph({
      title: 'Time per stage, 95 %',
      about: 'Real time that the stages of the control cycle take, in all but the slowest twentieth.',
      unit: 's',
      width: 12,
      least: 0,
      queries: [{ expr: quantile(0.95, M.cycleDuration, ['stage']), legend: '{{stage}}' }],
    }),
    graph({
      title: 'Datacenter time',
      about: 'Seconds of datacenter time that pass in a second. One, but for simulated datacenters.',
      unit: 'short',
      width: 12,
      least: 0,
      queries: [{ expr: `deriv(${of(M.snapshotTime)}[1m])`, legend: '{{instance}}' }],
    }),
  ],
};

const DATA: Section = {
  title: 'Data',
  panels: [
    graph({
      title: 'Samples not used',
      about: 'Samples that were not believed, and good ones that came late, twice, or about what no inventory lists.',
      unit: 'short',
      width: 12,
      bars: true,
      stacked: true,
      least: 0,
      queries: [
        { expr: sum(perInterval(M.samplesRefused), 'kind', 'cause'), legend: '{{kind}}: {{cause}}' },
        { expr: sum(perInterval(M.samplesLeftOut), 'cause'), legend: '{{cause}}' },
        { expr: sum(perInterval(M.samplesDropped)), legend: 'buffer full' },
      ],
    }),
    graph({
      title: 'Snapshots and VMs',
      about: 'Snapshots per minute of real time, and VMs in the newest one.',
      unit: 'short',
      width: 12,
      least: 0,
      queries: [
        { expr: `${sum(rate(M.snapshots))} * 60`, legend: 'snapshots per minute' },
        { expr: sum(of(M.vms)), legend: 'VMs' },
      ],
    }),
  ],
};

const PROCESS: Section = {
  title: 'The process',
  panels: [
    graph({
      title: 'Event loop',
      about: 'How long work had to wait for its turn: the middle, and all but the slowest hundredth.',
      unit: 's',
      width: 12,
      least: 0,
      queries: [
        { expr: `max(${foreign('nodejs_eventloop_lag_p50_seconds')})`, legend: 'median' },
        { expr: `max(${foreign('nodejs_eventloop_lag_p99_seconds')})`, legend: '99 %' },
      ],
    }),
    graph({
      title: 'CPU',
      about: 'Cores that the process keeps busy, and the part of it that is garbage collection.',
      unit: 'percentunit',
      width: 12,
      least: 0,
      queries: [
        { expr: `sum(rate(${foreign('process_cpu_seconds_total')}[$__rate_interval]))`, legend: 'CPU' },
        {
          expr: `sum(rate(${foreign('nodejs_gc_duration_seconds_sum')}[$__rate_interval]))`,
          legend: 'garbage collection',
        },
      ],
    }),
    graph({
      title: 'Memory',
      about: 'What the process holds in memory, and its heap.',
      unit: 'bytes',
      width: 12,
      least: 0,
      queries: [
        { expr: `sum(${foreign('process_resident_memory_bytes')})`, legend: 'resident' },
        { expr: `sum(${foreign('nodejs_heap_size_used_bytes')})`, legend: 'heap in use' },
      ],
    }),
    graph({
      title: 'Journal',
      about: 'How long it takes until what is written to the journal is on disk, and writes that failed.',
      unit: 's',
      width: 12,
      least: 0,
      queries: [
        { expr: quantile(0.5, M.journalWrites), legend: 'median' },
        { expr: quantile(0.99, M.journalWrites), legend: '99 %' },
        { expr: sum(perInterval(M.journalFailures)), legend: 'failures' },
      ],
    }),
  ],
};

const SERVED: Section = {
  title: 'What it serves',
  panels: [
    graph({
      title: 'Requests',
      about: 'Requests answered per second, by class of status.',
      unit: 'reqps',
      width: 12,
      stacked: true,
      least: 0,
      queries: [{ expr: sum(rate(M.requests), 'status'), legend: '{{status}}' }],
    }),
    graph({
      title: 'Event streams',
      about: 'Consoles and others that follow what happens, and those that were dropped for reading too slowly.',
      unit: 'short',
      width: 12,
      least: 0,
      queries: [
        { expr: sum(of(M.streams)), legend: 'open' },
        { expr: sum(perInterval(M.streamsDropped)), legend: 'dropped' },
      ],
    }),
    graph({
      title: 'Scrapes',
      about: 'How long Prometheus takes to read the metrics of Drover.',
      unit: 's',
      width: 12,
      least: 0,
      queries: [
        { expr: `${foreign('scrape_duration_seconds')} and on (instance) ${of(M.info)}`, legend: '{{instance}}' },
      ],
    }),
    graph({
      title: 'Series',
      about: 'Samples in a scrape, and hosts and VMs that have no series of their own because there would be too many.',
      unit: 'short',
      width: 12,
      least: 0,
      queries: [
        { expr: `${foreign('scrape_samples_scraped')} and on (instance) ${of(M.info)}`, legend: 'samples' },
        { expr: sum(of(M.seriesLeftOut), 'kind'), legend: '{{kind}} left out' },
      ],
    }),
  ],
};

export const ITSELF: Board = {
  id: 'itself',
  title: 'Drover itself',
  about: 'Whether Drover is quick, what it takes, and what it serves.',
  sections: [LOOP, DATA, PROCESS, SERVED],
};
